/**
 * What the bot makes of an answer: lines `kind<TAB>text` on stdin, one JSON line each on stdout.
 * `READ_ANSWER_TODAY=yyyy-mm-dd` fixes today.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DEMO_COMMUNE, openCommunes } from '../src/catalogue/communes';
import { KINDS } from '../src/flow/kinds';
import type { Reading, World } from '../src/flow/types';

/** Steps set options; here every kind has its own defaults, and `choice` has nothing to choose from. */
const OPTIONS: Readonly<Record<string, unknown>> = { choice: { choices: [] } };

const today =
  process.env['READ_ANSWER_TODAY'] ??
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
const facts = join(__dirname, '..', '..', 'flows', 'facts');
const world: World = {
  today,
  findCommunes: openCommunes(facts, { today, extra: [DEMO_COMMUNE] }).find,
  agency: { id: 'demo', name: 'UBND Phường Mẫu', receives: true, demo: true },
};

/** The reading as one flat object; of choices only the values. */
function told(reading: Reading): object {
  if (reading.ok) return reading;
  const { problem, choices, suggest, params } = reading;
  return {
    ok: false,
    problem,
    ...(choices && { choices: choices.map(({ value }) => value) }),
    ...(suggest !== undefined && { suggest }),
    ...(params && { params }),
  };
}

function answer(line: string): object {
  const [name = '', ...rest] = line.split('\t');
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) {
    console.error(`no kind is called ${JSON.stringify(name)}; there are: ${Object.keys(KINDS).join(', ')}`);
    return { ok: false, problem: 'unreadable' };
  }
  return told(kind.read(rest.join('\t'), OPTIONS[name] ?? {}, world));
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    process.stdout.write(`${JSON.stringify(answer(line))}\n`);
  }
}

void main();
