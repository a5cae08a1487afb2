/** Reads the flow files and their blocks from disk, with every word a choice goes by in any language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '../flow/kinds';
import { loadFlow, type SourceFile } from '../flow/load/load';
import type { CelType, Flow } from '../flow/types';
import type { Speech } from './speech';

function yamlFiles(root: string, folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') }));
}

/** All flow files and blocks below the project's root. */
export function flowFiles(root: string): {
  readonly flows: readonly SourceFile[];
  readonly blocks: readonly SourceFile[];
} {
  return { flows: yamlFiles(root, 'flows'), blocks: yamlFiles(root, 'flows/blocks') };
}

/** Flows by slug, in the order of their files. @throws AppError `flow-invalid` with every problem of the first bad file. */
export function loadFlows(
  root: string,
  speech: Speech,
  factTypes: Readonly<Record<string, CelType>>,
): ReadonlyMap<string, Flow> {
  const { flows, blocks } = flowFiles(root);
  const loaded = flows.map((file) =>
    loadFlow({ ...file, blocks, registry: KINDS, factTypes, labels: speech.texts }),
  );
  return new Map(loaded.map((flow) => [flow.id, flow]));
}
