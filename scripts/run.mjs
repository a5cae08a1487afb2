/** Builds when needed, then runs one compiled entry point: `node scripts/run.mjs <entry> [arguments]`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, root } from './build.mjs';

const [entry, ...rest] = process.argv.slice(2);
if (!entry) throw new Error('usage: node scripts/run.mjs <entry> [arguments]');
await build();
const target = join(root, 'dist', `${entry}.js`);
process.argv = [process.argv[0], target, ...rest];
await import(pathToFileURL(target).href);
