/** Reads `flows/phrasings/<slug>.yaml` (a list of wordings each) and `frames.yaml` beside them. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../errors';
import type { FinderInput } from './find';

const FRAMES = 'frames';
const list = z.array(z.string().min(1)).min(1);

function readList(file: string): string[] {
  const read = list.safeParse(parse(readFileSync(file, 'utf8')));
  if (!read.success)
    throw new AppError('flow-invalid', `${file}: must be a list of wordings, each a text`, {
      cause: read.error,
    });
  return read.data;
}

/** Throws `flow-invalid` naming the file that is not a list of texts. */
export function loadPhrasings(folder: string): Pick<FinderInput, 'phrasings' | 'frames'> {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'));
  const phrasings = names
    .filter((name) => name !== FRAMES)
    .map((name) => [name, readList(join(folder, `${name}.yaml`))] as const);
  return { phrasings: Object.fromEntries(phrasings), frames: readList(join(folder, `${FRAMES}.yaml`)) };
}
