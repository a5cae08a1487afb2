/** Compiles src/, scripts/ and the servers tests start into dist/ when anything there is newer than the last build. Types are checked by `npm run check`. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const require = createRequire(import.meta.url);

const sources = ['src', 'scripts', 'tests/servers'].flatMap((folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
    : [],
);

const plain = ['tests/servers/found.cjs'].map((file) => join(root, file)).filter((file) => existsSync(file));

/** True when dist/ is missing or older than a source file, the set of files, or the compiler's settings. */
function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  const watched = [
    ...sources,
    ...sources.map(dirname),
    join(root, 'package.json'),
    join(root, 'scripts/swc.cjs'),
  ];
  return watched.some((file) => statSync(file).mtimeMs > built);
}

export async function build() {
  if (sources.length === 0 || !isStale()) return false;
  const { transformFile } = require('@swc/core');
  const options = require('./swc.cjs');
  // Made aside and put in place at the end: a server or test that starts meanwhile never sees half a build.
  const fresh = `${dist}.${process.pid}`;
  const old = `${fresh}.old`;
  await Promise.all(
    sources.map(async (file) => {
      const target = join(fresh, relative(root, file)).replace(/\.ts$/, '.js');
      const { code, map } = await transformFile(file, { ...options, swcrc: false });
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, `${code}\n//# sourceMappingURL=${relative(dirname(target), target)}.map\n`);
      writeFileSync(`${target}.map`, map);
    }),
  );
  // What is no TypeScript stays where it is, and is found from there.
  for (const file of plain) {
    const target = join(fresh, relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      `module.exports = require(${JSON.stringify(relative(dirname(join(dist, relative(root, file))), file))});\n`,
    );
  }
  writeFileSync(join(fresh, '.built'), new Date().toISOString());
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
