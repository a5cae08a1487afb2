/** A Dockerfile as instructions, and which files of the project an image build gets to see. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '../..');
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export interface Instruction {
  readonly name: string;
  /** Joined over line ends. */
  readonly rest: string;
}

export interface Stage {
  readonly base: string;
  readonly as: string | null;
  readonly steps: readonly Instruction[];
}

export function instructions(text: string): readonly Instruction[] {
  const lines = text.replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return [...lines.matchAll(/^([A-Z]+)\s+(.+)$/gm)].map(([, name = '', rest = '']) => ({ name, rest }));
}

export function stagesOf(text: string): readonly Stage[] {
  const stages: { base: string; as: string | null; steps: Instruction[] }[] = [];
  for (const step of instructions(text)) {
    const [, base, as = null] = step.name === 'FROM' ? (/^(\S+)(?: AS (\S+))?$/.exec(step.rest) ?? []) : [];
    if (base === undefined) stages.at(-1)?.steps.push(step);
    else stages.push({ base, as, steps: [] });
  }
  return stages;
}

/** `COPY a b ./c` of this build's own files (not of another stage). */
export function copiesOf({
  steps,
}: Stage): readonly { readonly from: readonly string[]; readonly to: string }[] {
  return steps
    .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
    .map(({ rest }) => {
      const words = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
      return { from: words.slice(0, -1), to: words.at(-1) ?? '' };
    });
}

/** `*` stands for anything but a slash. */
function matches(path: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`).test(path);
}

/** Docker's law: the last pattern that names the path or a folder above it decides; `!` lets in again. */
export function isIgnored(path: string, ignore: string): boolean {
  const parts = path.split('/');
  const above = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  return ignore
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .reduce((out, line) => {
      const pattern = line.replace(/^!/, '');
      return above.some((one) => matches(one, pattern)) ? !line.startsWith('!') : out;
    }, false);
}

/** Every file under a path of the project, the path itself when it is one. */
export function filesUnder(path: string): readonly string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
