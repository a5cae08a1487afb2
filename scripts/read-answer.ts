/**
 * What the bot makes of an answer: lines `kind<TAB>text` on stdin, one JSON line each on stdout.
 * `READ_ANSWER_TODAY=yyyy-mm-dd` fixes today. After the kind, and a space, its options may stand: a list of choices
 * (`choice card,birth<TAB>1`) or JSON (`date {"past":true}<TAB>hôm qua`).
 */
import { join } from 'node:path';
import { DEMO_COMMUNE, openCommunes } from '../src/catalogue/communes';
import { KINDS } from '../src/flow/kinds';
import { isCivilDate } from '../src/flow/reading/vietnamese-date';
import type { Kind, Reading, World } from '../src/flow/types';

/** Steps set options; here every kind has its own defaults, and lists are empty unless the line brings them. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  choice: { choices: [] },
  'multi-choice': { choices: [] },
};
const UNREADABLE = { ok: false, problem: 'unreadable' } as const;

function todayOf(given: string | undefined): string {
  if (given !== undefined && isCivilDate(given)) return given;
  if (given !== undefined) console.error(`READ_ANSWER_TODAY is no date: ${JSON.stringify(given)}`);
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
}

const today = todayOf(process.env['READ_ANSWER_TODAY']);
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The kind's options: those of the line, else its defaults; null when the kind does not take them. */
function optionsOf(kind: Kind, given: string): unknown {
  if (given === '') return DEFAULTS[kind.name] ?? {};
  const choices = given.split(',').map((id) => id.trim());
  const raw = given.startsWith('{')
    ? parsed(given)
    : { choices, labels: Object.fromEntries(choices.map((id) => [id, [id]])) };
  const { success, data, error } = kind.options.safeParse(raw);
  if (!success)
    console.error(`options of ${kind.name}: ${error.issues.map(({ message }) => message).join('; ')}`);
  return success ? data : null;
}

function answer(line: string): object {
  const [head = '', ...rest] = line.split('\t');
  const [name = '', ...given] = head.trim().split(' ');
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) {
    console.error(`no kind is called ${JSON.stringify(name)}; there are: ${Object.keys(KINDS).join(', ')}`);
    return UNREADABLE;
  }
  const options = optionsOf(kind, given.join(' ').trim());
  return options === null ? UNREADABLE : told(kind.read(rest.join('\t'), options, world));
}

const tell = (line: string): void => {
  process.stdout.write(`${JSON.stringify(answer(line.replace(/\r$/, '')))}\n`);
};

/** Lines end at a line feed only: readline would also split at the separators that answers may hold. */
async function main(): Promise<void> {
  process.stdin.setEncoding('utf8');
  let rest = '';
  for await (const chunk of process.stdin) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(tell);
  }
  if (rest !== '') tell(rest);
}

void main();
