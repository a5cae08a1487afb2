/**
 * Checks all flow files and the forms filled from them: `npm run lint:flows`. Prints problems (exit 1), or a table of counts.
 * `-- --update` accepts what steps mean now into flows/flows.lock.json; `-- --schema` writes flows/flow.schema.json for editors.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flowFiles } from '../src/app/load-flows';
import { loadFactsDir } from '../src/catalogue/facts';
import { readForms } from '../src/documents/forms/form';
import { lintForms } from '../src/documents/forms/lint-forms';
import { KINDS } from '../src/flow/kinds';
import { lintFlows } from '../src/flow/load/lint';
import type { Lint } from '../src/flow/load/lint';
import { labelsOf } from '../src/flow/load/lint-texts';
import { readFlow } from '../src/flow/load/load';
import type { SourceFile } from '../src/flow/load/load';
import { lockOf } from '../src/flow/load/lock';
import type { Lock } from '../src/flow/load/lock';
import { formatProblem } from '../src/flow/load/problem';
import { flowJsonSchema } from '../src/flow/load/schema';
import { STOP } from '../src/flow/stop';
import { factTypes } from '../src/house/library';

const root = process.cwd();
const LOCK = join(root, 'flows/flows.lock.json');
const SCHEMA = join(root, 'flows/flow.schema.json');

function localeFiles(language: 'vi' | 'en'): readonly SourceFile[] {
  const folder = `locales/${language}`;
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.json'));
  return names.map((name) => ({
    file: `${folder}/${name}`,
    text: readFileSync(join(root, folder, name), 'utf8'),
  }));
}

const write = (file: string, value: unknown): void =>
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

function readLock(): Lock {
  return existsSync(LOCK) ? (JSON.parse(readFileSync(LOCK, 'utf8')) as Lock) : {};
}

function print({ tours }: Lint): void {
  const rows = [...tours].map(([flow, { steps, common, longest }]) => ({
    flow,
    steps,
    common,
    'longest seen': longest,
  }));
  console.table(rows);
}

function main(flags: readonly string[]): number {
  if (flags.includes('--schema')) write(SCHEMA, flowJsonSchema({ ...KINDS, [STOP.name]: STOP }));
  const locales = { vi: localeFiles('vi'), en: localeFiles('en') };
  const labels = [labelsOf(locales.vi), labelsOf(locales.en)];
  const today = new Date().toISOString().slice(0, 10);
  const facts = loadFactsDir(join(root, 'flows/facts'));
  const types = factTypes(facts, today);
  const factNames = (flow: string) =>
    Object.keys(facts.factsOf(flow, { agency: null, province: null }, today));
  const { flows, blocks } = flowFiles(root);
  const read = flows.map((file) => ({
    file: file.file,
    read: readFlow({ ...file, blocks, registry: KINDS, factTypes: types, labels }),
  }));
  if (flags.includes('--update')) {
    const sure = read.flatMap(({ read: one }) =>
      one.flow === null ? [] : [[one.flow.id, lockOf(one)] as const],
    );
    write(LOCK, { ...readLock(), ...Object.fromEntries(sure) });
  }
  const lint = lintFlows({ flows: read, locales, lock: readLock(), factTypes: types, factNames });
  const sound = read.flatMap(({ read: { flow } }) => (flow === null ? [] : [flow]));
  const problems = [...lint.problems, ...lintForms(readForms(root), sound)];
  for (const problem of problems) console.error(formatProblem(problem));
  if (problems.length === 0) print(lint);
  else console.error(`${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
