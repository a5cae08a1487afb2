import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '../../src/flow/kinds';
import { lintFlows } from '../../src/flow/load/lint';
import { readFlow } from '../../src/flow/load/load';
import { lockOf } from '../../src/flow/load/lock';
import type { Lock } from '../../src/flow/load/lock';
import { formatProblem } from '../../src/flow/load/problem';
import { flowJsonSchema } from '../../src/flow/load/schema';
import { STOP } from '../../src/flow/stop';

const BLOCK = `id: person
steps:
  - { id: name, kind: person-name, personal: { retentionDays: 365 } }
`;
const FLOW = `id: tiny
code: "2.000635"
handover: file
agencyFrom: place
people: { filer: [{ name: me.name }], applicant: [{ name: me.name }], subject: [{ name: me.name }] }
steps:
  - { id: place, kind: commune, note: true }
  - { use: person, as: me }
  - { id: way, kind: choice, choices: [post, counter] }
  - { id: copies, kind: integer, min: 1, max: 20, when: "way == 'post'", check: [{ when: copies > 10, error: many }] }
  - { id: far, kind: stop, when: "way == 'counter' && facts.fee > 100" }
  - { repeat: kids, max: 2, item: [{ id: age, kind: integer }] }
`;
const PERSON_TEXTS = {
  title: 'Người làm đơn',
  whom: 'người làm đơn',
  name: {
    ask: 'Họ tên của {{whom}} là gì ạ?',
    label: 'Họ tên',
    hint: 'Ghi như trong căn cước.',
    example: 'Nguyễn Văn An',
    purpose: 'Để ghi vào đơn.',
  },
};
const asked = { ask: 'Câu hỏi ạ?', label: 'Nhãn', hint: 'Cách trả lời.', example: 'Ví dụ' };
const TINY_TEXTS = {
  title: 'Thử',
  place: { ...asked, note: 'Lời dặn.' },
  way: { ...asked, choice: { post: 'Bưu điện', counter: 'Tại quầy' } },
  copies: { ...asked, error: { many: 'Nhiều quá.', 'many.2': 'Xin ít hơn 10.' } },
  far: { ask: 'Không được ạ.', law: 'Luật, điều 1.' },
  kids: {
    title: 'Con',
    label: 'Các con',
    hint: 'Có hay không.',
    more: 'Còn ai nữa không ạ?',
    any: 'Có con không ạ?',
    age: asked,
  },
};

type Tree = Record<string, unknown>;
interface Change {
  flow?: (text: string) => string;
  block?: (text: string) => string;
  vi?: (texts: Tree) => Tree;
  en?: (texts: Tree) => Tree;
  lock?: (lock: Lock) => Lock;
}
const same = <T>(value: T): T => value;

const files = (language: string, tiny: Tree) => [
  { file: `locales/${language}/tiny.json`, text: JSON.stringify(tiny, null, 2) },
  { file: `locales/${language}/person.json`, text: JSON.stringify(PERSON_TEXTS, null, 2) },
];
const factTypes = { fee: 'double' } as const;
const read = (flow: string, block: string) =>
  readFlow({
    file: 'flows/tiny.yaml',
    text: flow,
    blocks: [{ file: 'flows/blocks/person.yaml', text: block }],
    registry: KINDS,
    factTypes,
    labels: [],
  });
const lock: Lock = { tiny: lockOf(read(FLOW, BLOCK)) };

function lint({ flow = same, block = same, vi = same, en = same, lock: relock = same }: Change) {
  const flows = [{ file: 'flows/tiny.yaml', read: read(flow(FLOW), block(BLOCK)) }];
  return lintFlows({
    flows,
    locales: { vi: files('vi', vi(TINY_TEXTS)), en: files('en', en(TINY_TEXTS)) },
    lock: relock(lock),
    factTypes,
    factNames: () => ['fee'],
  });
}

it('passes a good flow and counts its questions', () => {
  const { problems, tours } = lint({});
  expect(problems.map(formatProblem)).toEqual([]);
  expect(tours.get('tiny')).toEqual({ steps: 7, common: 5, longest: 7, stuck: null, unreached: [] });
});

const put =
  (path: string, words: string | undefined) =>
  (texts: Tree): Tree => {
    const [first = '', second = ''] = path.split('.');
    return { ...texts, [first]: { ...(texts[first] as Tree), [second]: words } };
  };
const replace = (from: string, to: string) => (text: string) => {
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return text.replace(from, to);
};
const updated = (what: string) => `${what} (accept it with: npm run lint:flows -- --update)`;

test.each<[string, Change, string]>([
  [
    'a text missing in one language',
    { en: put('copies.ask', undefined) },
    'flows/tiny.yaml:10 copies: no text "ask" in en (write "copies.ask" in locales/en/tiny.json)',
  ],
  ['a choice without words', { vi: put('way.choice', undefined) }, 'no text "choice.post" in vi'],
  [
    'an error without its second wording',
    { vi: put('copies.error', undefined) },
    'no text "error.many.2" in vi (write "copies.error.many.2"',
  ],
  [
    'a note without words',
    { vi: put('place.note', undefined) },
    'flows/tiny.yaml:7 place: no text "note" in vi',
  ],
  ['a stop without its law', { en: put('far.law', undefined) }, 'far: no text "law" in en'],
  ['a repeat without its question', { vi: put('kids.more', undefined) }, 'kids: no text "more" in vi'],
  ['a group without a heading', { vi: put('kids.title', undefined) }, 'no text "title" in vi'],
  [
    '{{whom}} where nobody is meant',
    { vi: put('way.ask', 'Gửi {{whom}} ạ?') },
    'way: no text "whom" in vi (say it without {{whom}}',
  ],
  [
    'a question that is too long',
    { vi: put('way.ask', 'a'.repeat(301)) },
    'locales/vi/tiny.json:11 way.ask: has 301 characters (at most 300 for "ask")',
  ],
  [
    'a label that is too long',
    { vi: put('way.label', 'a'.repeat(41)) },
    'has 41 characters (at most 40 for "label")',
  ],
  [
    'a pronoun of its own',
    { vi: put('way.hint', 'Xin anh/chị chọn.') },
    'locales/vi/tiny.json:13 way.hint: addresses people as "anh/chị" (write {{you}}',
  ],
  [
    'personal data without a term',
    { block: replace(', personal: { retentionDays: 365 }', '') },
    'flows/blocks/person.yaml:3 me.name: kind "person-name" is personal data',
  ],
  [
    'a step nobody reaches',
    { flow: replace("way == 'post'", "way == 'pots'") },
    'flows/tiny.yaml:10 copies: is never reached',
  ],
  [
    'a common case that ends at a stop',
    { flow: replace("way == 'counter' && facts.fee > 100", "way == 'post'") },
    'far: the common case ends here',
  ],
  [
    'a changed meaning',
    { flow: replace('min: 1,', 'min: 2,') },
    'flows/tiny.yaml:10 tiny copies: its kind or options changed but not its rev (set rev to 2',
  ],
  [
    'a raised rev that the lock does not know',
    { flow: replace('kind: integer, min: 1,', 'kind: integer, rev: 2, min: 2,') },
    updated('flows.lock.json is older than the flow'),
  ],
  [
    'a rev that went down',
    { lock: (old) => ({ tiny: { ...old['tiny'], copies: `3:${old['tiny']?.['copies']?.slice(2) ?? ''}` } }) },
    'rev went down from 3 to 1',
  ],
  ['a new step', { lock: () => ({}) }, updated('flows/tiny.yaml:7 tiny place: is not in flows.lock.json')],
  [
    'a step that is gone',
    { lock: (old) => ({ tiny: { ...old['tiny'], gone: '1:x' } }) },
    updated('tiny gone: is in flows.lock.json but no longer in the flow'),
  ],
  [
    'a mistake of the loader',
    { flow: replace('kind: commune', 'kind: comune') },
    'flows/tiny.yaml:7 place: unknown kind "comune"',
  ],
])('finds %s', (_, change, expected) => {
  const found = lint(change).problems.map(formatProblem);
  expect(found.some((problem) => problem.includes(expected)) ? expected : found).toBe(expected);
});

it('wants a word for {{whom}} where a text says it', () => {
  const flow = replace('{ use: person, as: me }', '{ use: person, as: you }');
  const without = lintFlows({
    flows: [{ file: 'flows/tiny.yaml', read: read(flow(FLOW.replaceAll('me.name', 'you.name')), BLOCK) }],
    locales: {
      vi: files('vi', TINY_TEXTS).map((f) => ({ ...f, text: f.text.replace('"whom"', '"whose"') })),
      en: files('en', TINY_TEXTS),
    },
    lock,
    factTypes,
    factNames: () => ['fee'],
  });
  expect(without.problems.map(formatProblem)).toContainEqual(
    expect.stringContaining('you.name: no text "whom" in vi'),
  );
});

it('lets texts say facts of the flow, and nothing that nobody fills in', () => {
  expect(lint({ vi: put('way.ask', 'Lệ phí {{fee}} tại {{agency}}. Nhận ở đâu ạ?') }).problems).toEqual([]);
  const { problems } = lint({ vi: put('way.ask', 'Mang theo {{papers}}. Nhận ở đâu ạ?') });
  expect(problems.map(formatProblem)).toEqual([
    expect.stringMatching(
      /way: text "ask" in vi says \{\{papers\}\}.*add "papers" .*flows\/facts\/tiny\.yaml/,
    ),
  ]);
});

it('leaves conditions, checks and the order of options out of the lock', () => {
  const one = read(FLOW, BLOCK);
  const two = read(
    replace('min: 1, max: 20, when: "way == \'post\'"', 'max: 20, min: 1, when: "way != \'counter\'"')(FLOW),
    BLOCK,
  );
  expect(lockOf(two)).toEqual(lockOf(one));
});

it('finds more than twenty questions in the common case', () => {
  const many = Array.from({ length: 20 }, (_, i) => `  - { id: more${i}, kind: integer }\n`).join('');
  const { problems } = lint({ flow: (text) => text + many });
  expect(problems.map(formatProblem)).toContainEqual(
    expect.stringContaining('the common case has 25 questions (at most 20)'),
  );
});

it('keeps the schema for editors up to date', () => {
  const stored: unknown = JSON.parse(readFileSync(join(__dirname, '../../flows/flow.schema.json'), 'utf8'));
  const fresh: unknown = JSON.parse(JSON.stringify(flowJsonSchema({ ...KINDS, [STOP.name]: STOP })));
  expect(stored).toEqual(fresh);
});
