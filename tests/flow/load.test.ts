import { AppError } from '../../src/errors';
import { KINDS } from '../../src/flow/kinds';
import { loadFlow, readFlow } from '../../src/flow/load/load';
import { formatProblem } from '../../src/flow/load/problem';
import { stepsOf } from '../../src/flow/load/lint-texts';
import { PERSON, SMALL } from './small-flow';

const HEAD = `id: f
code: "2.000635"
handover: file
agencyFrom: a
people: { filer: [{ name: a }], applicant: [{ name: a }], subject: [{ name: a }] }
steps:
`;
const A = '  - { id: a, kind: text }\n';

function problems(text: string, blocks: Record<string, string> = { 'person.yaml': PERSON }): string[] {
  const files = Object.entries(blocks).map(([file, block]) => ({ file, text: block }));
  const factTypes = { fee: 'double' } as const;
  const read = readFlow({ file: 'f.yaml', text, blocks: files, registry: KINDS, factTypes, labels: [] });
  return read.problems.map(formatProblem);
}
/** A flow of step `a` and these lines, which begin at line 8. */
const withSteps = (steps: string, blocks?: Record<string, string>): string[] =>
  problems(HEAD + A + steps, blocks);

it('loads blocks below their names, and texts from the most special to the most general', () => {
  const input = {
    registry: KINDS,
    factTypes: {},
    labels: [new Map([['small.forWhom.choice.self', 'Cho tôi']])],
  };
  const flow = loadFlow({ file: 'f.yaml', text: SMALL, blocks: [{ file: 'p', text: PERSON }], ...input });
  const steps = new Map(stepsOf(flow).map((step) => [step.path, step]));
  expect(steps.get('subject.name')).toMatchObject({
    keys: ['small.subject.name', 'person.name'],
    section: ['small.subject', 'person'],
    whom: ['small.subject', 'person'],
    whenSource: "forWhom == 'other'",
    personal: { retentionDays: 365 },
  });
  expect(steps.has('subject.birth')).toBe(false);
  expect(steps.get('forWhom')?.options).toEqual({
    choices: ['self', 'other'],
    labels: { self: ['Cho tôi'], other: [] },
  });
});

it('joins the conditions of a use and of its steps, each in its own names', () => {
  const block =
    'id: person\nsteps:\n  - { id: name, kind: text }\n  - { id: nick, kind: text, when: "name == \'x\'" }\n';
  const text = `${HEAD}${A}  - { use: person, as: who, when: "a == 'y'" }\n`;
  const { flow } = readFlow({
    file: 'f',
    text,
    blocks: [{ file: 'p', text: block }],
    registry: KINDS,
    factTypes: {},
    labels: [],
  });
  const nick = flow === null ? undefined : stepsOf(flow).find(({ path }) => path === 'who.nick');
  const view = (a: string, name: string) =>
    nick?.when?.({
      view: new Map([
        ['a', a],
        ['who.name', name],
      ]),
      today: '',
      facts: {},
      agency: null,
      item: null,
    });
  expect([view('y', 'x'), view('y', 'z'), view('n', 'x')]).toEqual([true, false, false]);
});

test.each([
  ['a broken YAML', `${HEAD}  - { id: a`, /^f\.yaml:7 -: .*\(correct the YAML\)$/],
  [
    'an unknown key',
    HEAD.replace('handover:', 'handovr: x\nhandover:') + A,
    'f.yaml:3 -: unknown key "handovr" (did you mean "handover"?)',
  ],
  [
    'a code that is a number',
    HEAD.replace('"2.000635"', '2.000635') + A,
    /^f\.yaml:2 code: .*expected string/,
  ],
  ['an unknown handover', HEAD.replace('file', 'send') + A, /^f\.yaml:3 handover: /],
  ['a missing key', HEAD.replace('agencyFrom: a\n', '') + A, /agencyFrom: .*undefined/],
  [
    'an agency from nowhere',
    HEAD.replace('agencyFrom: a', 'agencyFrom: aa') + A,
    'f.yaml:4 agencyFrom: unknown step "aa" (did you mean "a"?)',
  ],
  [
    'a person from nowhere',
    HEAD.replace('subject: [{ name: a', 'subject: [{ name: b') + A,
    /^f\.yaml:5 people\.subject\.0\.name: unknown step "b"/,
  ],
])('names %s', (_, text, expected) => {
  expect(problems(text)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
});

test.each([
  [
    'an unknown kind',
    '  - { id: b, kind: integr }\n',
    'f.yaml:8 b: unknown kind "integr" (did you mean "integer"?)',
  ],
  [
    'an unknown option',
    '  - id: b\n    kind: integer\n    mx: 3\n',
    'f.yaml:10 steps.1: unknown key "mx" (did you mean "max"?)',
  ],
  [
    'an option out of place',
    '  - { id: b, kind: phone, min: 3 }\n',
    /^f\.yaml:8 steps\.1: unknown key "min"/,
  ],
  [
    'an id in the wrong case',
    '  - { id: My-Id, kind: text }\n',
    /^f\.yaml:8 steps\.1\.id: must be camelCase/,
  ],
  [
    'an id that conditions use',
    '  - { id: today, kind: text }\n',
    /^f\.yaml:8 today: "today" is a word of conditions/,
  ],
  ['an id of every object', '  - { id: constructor, kind: text }\n', /is a word of conditions/],
  [
    'a step that stands twice',
    '  - { id: a, kind: text }\n',
    'f.yaml:8 a: stands twice (give one another id or "as")',
  ],
  ['a step below a step', '  - { use: person, as: a, only: [name] }\n', /a\.name: stands below the step "a"/],
  [
    'an unknown block',
    '  - { use: persn }\n',
    'f.yaml:8 persn: unknown block "persn" (did you mean "person"?)',
  ],
  [
    'an unknown part of a block',
    '  - { use: person, only: [nam] }\n',
    'f.yaml:8 person: block "person" has no "nam" (did you mean "name"?)',
  ],
  [
    'a condition of a later step',
    '  - { id: b, kind: text, when: "c == \'x\'" }\n  - { id: c, kind: text }\n',
    /^f\.yaml:8 b: .*reads "c", which is asked later/,
  ],
  [
    'a condition of an unknown step',
    '  - id: b\n    kind: text\n    when: "d == \'x\'"\n',
    /^f\.yaml:10 b: "d == 'x'": unknown path "d"/,
  ],
  [
    'a condition of itself',
    '  - { id: b, kind: text, when: "b == \'x\'" }\n',
    /reads "b", which is asked later/,
  ],
  [
    'a condition of unlike types',
    '  - { id: b, kind: text, when: "a > 3" }\n',
    /compare values of one type: a is a string/,
  ],
  [
    'a check of neither sort',
    '  - { id: b, kind: text, check: [{ when: "a == b" }] }\n',
    /steps\.1\.check\.0: needs either "error" or "warn"/,
  ],
  [
    'a check of a later step',
    '  - { id: b, kind: text, check: [{ when: "c == b", error: e }] }\n  - { id: c, kind: text }\n',
    /which is asked later/,
  ],
  [
    'a repeat in a repeat',
    '  - { repeat: r, item: [{ repeat: q, item: [{ id: c, kind: text }] }] }\n',
    /^f\.yaml:8 r\.\*\.q: a repeat inside a repeat/,
  ],
  [
    'a repeat with more than fits',
    '  - { repeat: r, max: 99, item: [{ id: c, kind: text }] }\n',
    /^f\.yaml:8 steps\.1\.max: /,
  ],
  [
    'min above max',
    '  - { repeat: r, min: 3, max: 2, item: [{ id: c, kind: text }] }\n',
    /min 3 is above max 2/,
  ],
  [
    'an item read from outside',
    '  - { repeat: r, item: [{ id: c, kind: text }] }\n  - { id: d, kind: text, when: "r.c == \'x\'" }\n',
    /unknown path "r\.c"|"r" has no field "c"/,
  ],
  ['labels in a flow', '  - { id: b, kind: choice, choices: [x], labels: { x: [y] } }\n', /labels are texts/],
  ['no step at all', '  - text\n', /^f\.yaml:8 -: is no step/],
])('names %s', (_, steps, expected) => {
  expect(withSteps(steps)).toEqual([
    typeof expected === 'string' ? expected : expect.stringMatching(expected),
  ]);
});

it('names blocks in a circle, and blocks that stand twice', () => {
  const one = 'id: one\nsteps:\n  - { use: two }\n';
  const two = 'id: two\nsteps:\n  - { use: one }\n';
  const circle = withSteps('  - { use: one }\n', { 'one.yaml': one, 'two.yaml': two });
  expect(circle).toEqual([expect.stringMatching(/^two\.yaml:3 one: blocks in a circle: one > two > one/)]);
  expect(withSteps('', { 'a.yaml': PERSON, 'b.yaml': PERSON })).toEqual([
    expect.stringMatching(/^b\.yaml:\d+ id: block "person" stands twice/),
  ]);
});

it('puts the line of a block where the mistake is in the block, once however often the block is used', () => {
  const bad = PERSON.replace('kind: date', 'kind: dat');
  const found = withSteps('  - { use: person, as: x }\n  - { use: person, as: y }\n', { 'person.yaml': bad });
  expect(found).toEqual(['person.yaml:6 birth: unknown kind "dat" (did you mean "date"?)']);
});

it('gives all mistakes at once as one named error', () => {
  const text = `${HEAD}${A}  - { id: b, kind: x }\n  - { id: c, kind: y }\n`;
  const load = () =>
    loadFlow({ file: 'f.yaml', text, blocks: [], registry: KINDS, factTypes: {}, labels: [] });
  expect(load).toThrow(AppError);
  expect(load).toThrow(/f\.yaml:8 .*\nf\.yaml:9 /);
});

it('has a bound on steps', () => {
  const many = Array.from({ length: 301 }, (_, i) => `  - { id: s${i}, kind: text }\n`).join('');
  expect(withSteps(many)).toEqual(['f.yaml:1 -: 302 steps (at most 300)']);
});
