/** `flows/flows.lock.json`: what each step meant when it was last accepted, so that a changed meaning cannot pass unseen. */
import { createHash } from 'node:crypto';
import type { ReadFlow } from './load';
import type { Problem } from './problem';
import type { FlowEntry } from '../types';

/** Per flow and step path: `<rev>:<hash>`. */
export type Lock = Readonly<Record<string, Readonly<Record<string, string>>>>;

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const rows = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([key, inner]) => [key, canonical(inner)]);
}

function revsOf(entries: readonly FlowEntry[]): ReadonlyMap<string, number> {
  return new Map(
    entries
      .flatMap((entry) => ('repeat' in entry ? [entry.more, ...entry.repeat.item] : [entry]))
      .map(({ path, rev }) => [path, rev]),
  );
}

/** The lock that fits a flow: kind and authored options; `when`, checks and texts do not count. */
export function lockOf({ flow, places }: ReadFlow): Readonly<Record<string, string>> {
  const revs = revsOf(flow?.entries ?? []);
  const rows = [...places].map(([path, { kind, options }]): [string, string] => {
    const hash = createHash('sha256')
      .update(JSON.stringify(canonical({ kind, options })))
      .digest('hex')
      .slice(0, 12);
    return [path, `${revs.get(path) ?? 1}:${hash}`];
  });
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const UPDATE = 'accept it with: npm run lint:flows -- --update';

function verdict(locked: string | undefined, now: string): [string, string] | null {
  if (locked === now) return null;
  if (locked === undefined) return ['is not in flows.lock.json', UPDATE];
  const [oldRev = '', oldHash = ''] = locked.split(':');
  const [rev = '', hash = ''] = now.split(':');
  if (Number(rev) < Number(oldRev))
    return [`rev went down from ${oldRev} to ${rev}`, `set rev to ${oldRev} or more`];
  if (hash !== oldHash && rev === oldRev) {
    const remedy = `set rev to ${Number(rev) + 1}, so that older answers are asked again; if they still mean the same, ${UPDATE}`;
    return ['its kind or options changed but not its rev', remedy];
  }
  return ['flows.lock.json is older than the flow', UPDATE];
}

/** Where a flow and the lock differ. */
export function lockProblems(read: ReadFlow, file: string, lock: Lock): readonly Problem[] {
  if (read.flow === null) return [];
  const { id } = read.flow;
  const locked = Object.hasOwn(lock, id) ? (lock[id] ?? {}) : {};
  const now = lockOf(read);
  const moved = Object.entries(now).flatMap(([path, text]): Problem[] => {
    const found = verdict(Object.hasOwn(locked, path) ? locked[path] : undefined, text);
    const place = read.places.get(path) ?? { file, line: 1 };
    return found === null
      ? []
      : [{ file: place.file, line: place.line, path: `${id} ${path}`, problem: found[0], remedy: found[1] }];
  });
  const gone = Object.keys(locked).filter((path) => !Object.hasOwn(now, path));
  const lost = gone.map((path) => ({
    file,
    line: 1,
    path: `${id} ${path}`,
    problem: 'is in flows.lock.json but no longer in the flow',
    remedy: UPDATE,
  }));
  return [...moved, ...lost];
}
