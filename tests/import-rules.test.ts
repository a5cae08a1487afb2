/** The rooms may only lean on the rooms the design names; no cycles between files. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const src = join(__dirname, '../src');

/** Room → rooms it may import (besides itself and errors). `type` in brackets of the design is not told apart here. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  flow: [],
  understand: ['flow'],
  catalogue: ['flow'],
  ports: ['flow'],
  crypto: [],
  app: ['flow', 'understand', 'catalogue', 'ports'],
  drivers: ['ports', 'crypto', 'flow'],
  documents: ['ports', 'crypto', 'flow'],
  channels: ['ports', 'crypto', 'http', 'flow'],
  http: ['ports'],
  desk: ['app', 'http', 'ports', 'flow'],
  web: ['app', 'http', 'ports', 'flow'],
  // Parts of config.ts.
  config: [],
  // The composition root's own room: the only one that may know all.
  house: [
    'app',
    'catalogue',
    'channels',
    'config',
    'crypto',
    'desk',
    'documents',
    'drivers',
    'flow',
    'http',
    'ports',
    'understand',
    'web',
  ],
};

interface File {
  readonly path: string;
  readonly imports: readonly string[];
}

function filesBelow(folder: string): readonly File[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: relative(src, path), imports: importsOf(path) };
    });
}

function importsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const found = [...text.matchAll(/(?:from|import|require)\s*\(?\s*'(\.[^']*)'/g)];
  return found.map((match) => relative(src, normalize(join(dirname(path), match[1] ?? ''))));
}

/** `flow` for flow/kinds/date; a file directly below src is its own room. */
const roomOf = (path: string): string => path.split('/')[0]?.replace(/\.ts$/, '') ?? '';

const files = filesBelow(src);

describe('import rules', () => {
  it('finds the files and their imports', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(60);
  });

  it.each(Object.keys(RULES))('%s leans only on the rooms it may', (room) => {
    const allowed = new Set([room, 'errors', ...(RULES[room] ?? [])]);
    const strays = files
      .filter((file) => roomOf(file.path) === room)
      .flatMap((file) =>
        file.imports.filter((one) => !allowed.has(roomOf(one))).map((one) => `${file.path} → ${one}`),
      );
    expect(strays).toEqual([]);
  });

  it('knows every room', () => {
    const rooms = new Set(files.filter((file) => file.path.includes('/')).map((file) => roomOf(file.path)));
    expect([...rooms].filter((room) => !(room in RULES))).toEqual([]);
  });

  it('channels do not know each other', () => {
    const channelOf = (path: string) => path.split('/')[1];
    const strays = files
      .filter((file) => roomOf(file.path) === 'channels')
      .flatMap((file) =>
        file.imports.filter((one) => roomOf(one) === 'channels' && channelOf(one) !== channelOf(file.path)),
      );
    expect(strays).toEqual([]);
  });

  it('only config reads the environment', () => {
    const readers = files.filter((file) =>
      readFileSync(join(src, file.path), 'utf8').includes('process.env'),
    );
    expect(readers.map((file) => file.path)).toEqual(['config.ts']);
  });

  it('has no cycles', () => {
    const graph = new Map(files.map((file) => [file.path.replace(/\.ts$/, ''), file.imports]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (at: string, trail: readonly string[]): void => {
      if (trail.includes(at)) cycles.push([...trail.slice(trail.indexOf(at)), at].join(' → '));
      else if (!done.has(at)) {
        for (const next of graph.get(at) ?? []) visit(next, [...trail, at]);
        done.add(at);
      }
    };
    for (const at of graph.keys()) visit(at, []);
    expect(cycles).toEqual([]);
  });
});
