import { compileCondition } from '../../src/flow/load/conditions';
import type { ConditionSchema } from '../../src/flow/load/condition-paths';
import { FlowProblem } from '../../src/flow/load/problem';
import { LIMITS } from '../../src/flow/types';
import type { AgencyView, AnswerValue, CelType, Scope } from '../../src/flow/types';

const answers = new Map<string, CelType>([
  ['opening.forWhom', 'string'],
  ['opening.commune', { code: 'string', name: 'string' }],
  ['applicant.birth', 'string'],
  ['applicant.name', 'string'],
  ['subject.birth', 'string'],
  ['subject.nationalId', 'string'],
  ['subject.sex', 'string'],
  ['copies', 'double'],
  ['urgent', 'bool'],
  ['papers', 'list'],
  ['members', 'list'],
  ['members.*.name', 'string'],
  ['members.*.age', 'double'],
]);

const schema: ConditionSchema = {
  answers,
  later: new Set(['reach.way']),
  facts: { fee: 'double', online: 'bool' },
  spaces: [{ prefix: 'applicant', names: new Set(['birth', 'name', 'left']) }],
  list: 'members',
};

const agency: AgencyView = { id: 'a1', name: 'Phường Tây Hồ', receives: true, demo: false };

function scope(view: Record<string, AnswerValue>, more: Partial<Scope> = {}): Scope {
  return {
    view: new Map(Object.entries(view)),
    today: '2026-11-22',
    facts: { fee: 8000 },
    agency,
    item: null,
    ...more,
  };
}

const holds = (source: string, at: Scope): boolean => compileCondition(source, schema)(at);

function problemOf(source: string, over: Partial<ConditionSchema> = {}): string {
  try {
    compileCondition(source, { ...schema, ...over });
  } catch (error) {
    if (error instanceof FlowProblem) return `${error.message} | ${error.remedy}`;
    throw error;
  }
  return 'compiles';
}

const view = {
  'opening.forWhom': 'other',
  'opening.commune': { code: '00070', name: 'Tây Hồ' },
  'applicant.birth': '1950-12-01',
  'applicant.name': 'Hồ\' Thị "Bé"',
  'subject.birth': '2008',
  'subject.nationalId': '001308000123',
  'subject.sex': 'male',
  copies: 2,
  urgent: true,
  papers: ['birth', 'marriage'],
  members: ['i1', 'i3'],
  'members.i3.name': 'Lan',
  'members.i3.age': 17,
};

test.each([
  ["opening.forWhom == 'other'", true],
  ["opening.forWhom != 'other'", false],
  ["opening.forWhom in ['self', 'other']", true],
  ["opening.commune.code == '00070'", true],
  ['copies == 2', true],
  ['copies + 1 > 2 && copies * 2 <= 4', true],
  ['copies in [1, 2, 3]', true],
  ['copies == -2', false],
  ['urgent', true],
  ['!urgent', false],
  ["'birth' in papers", true],
  ["papers.exists(p, p == 'death')", false],
  ['size(papers) == 2 && papers.size() > 1', true],
  ['size(members) >= 2', true],
  ["item.name == 'Lan'", true],
  ['item.age < 18', true],
  ['years(applicant.birth, today) == 75', true],
  ['years(birth, today) == 75', true],
  ['years(subject.birth, today) >= 18', true],
  ["days('2026-11-20', today) == 2", true],
  ['year(birth) == 1950', true],
  ['year(subject.birth) == 2008', true],
  ['year(applicant.name) == 1950', false],
  ['idBirthYear(subject.nationalId) == 2008', true],
  ['idBirthYear(subject.nationalId) != year(subject.birth)', false],
  ['idSex(subject.nationalId) != subject.sex', true],
  ["idSex(subject.nationalId) == 'female'", true],
  ["idSex('12') != subject.sex", false],
  ['facts.fee > 5000', true],
  ['agency.receives && !agency.demo', true],
  ["urgent ? copies > 1 : opening.forWhom == 'self'", true],
  ["applicant.name.contains('Bé')", true],
  ["name.startsWith('Hồ')", true],
  ['has(applicant.name) && has(opening.commune)', true],
  ["(copies == 2) == (opening.forWhom == 'other')", true],
  ["opening.forWhom == 'applicant.birth'", false],
  [`applicant.name.endsWith('"Bé"') && applicant.name.startsWith("Hồ' ")`, true],
  ['!(copies - (1 - 1) == 2)', false],
])('%s is %s', (source, expected) => {
  expect(holds(source, scope(view, { item: 'members.i3' }))).toBe(expected);
});

describe('an answer that is not in the view', () => {
  const atoms = [
    "opening.forWhom == 'other'",
    "opening.forWhom != 'other'",
    "'other' != opening.forWhom",
    "opening.forWhom in ['other']",
    "opening.forWhom < 'z'",
    "opening.forWhom >= ''",
    "opening.forWhom.startsWith('')",
    "opening.commune.code != ''",
    'copies > -1',
    'copies + 1 != 0',
    'copies != size(members)',
    'size(papers) == 0',
    'papers.all(p, p != p)',
    'urgent',
    'urgent != true',
    'urgent == urgent',
    'has(copies)',
    'year(birth) != 3',
    'idSex(subject.nationalId) != subject.sex',
    'idBirthYear(subject.nationalId) != 3',
    'years(birth, today) != 3',
    'facts.online != true',
    "item.name != 'Lan'",
    "applicant.birth != subject.birth || opening.forWhom != ''",
  ];
  const absent = (value: AnswerValue | undefined): Scope =>
    scope(value === undefined ? {} : Object.fromEntries(Object.keys(view).map((path) => [path, value])), {
      facts: { online: null },
      item: 'members.i9',
    });

  test.each(atoms)('%s is false', (source) => {
    expect(holds(source, absent(undefined))).toBe(false);
    expect(holds(source, absent(null))).toBe(false);
    expect(holds(`!(${source})`, absent(undefined))).toBe(true);
  });

  it('is false for an agency that is not known, an item outside of a repeat, and a value of another type', () => {
    expect(holds('agency.receives', scope({}, { agency: null }))).toBe(false);
    expect(holds("item.name != ''", scope(view))).toBe(false);
    expect(holds('copies != 3', scope({ copies: 'ba' }))).toBe(false);
    expect(holds("opening.commune.code != ''", scope({ 'opening.commune': 'Tây Hồ' }))).toBe(false);
  });

  it('leaves the other side of || and ?: alone', () => {
    expect(holds("opening.forWhom == 'x' || copies == 2", scope({ copies: 2 }))).toBe(true);
    expect(holds("opening.forWhom == 'x' ? copies == 9 : copies == 2", scope({ copies: 2 }))).toBe(true);
  });
});

it('is false where the values cannot be worked with', () => {
  expect(holds('years(applicant.birth, today) != 3', scope({ 'applicant.birth': 'hôm qua' }))).toBe(false);
});

test.each([
  ["opening.forWho == 'other'", 'unknown path "opening.forWho" | did you mean "opening.forWhom"?'],
  [
    "reach.way == 'post'",
    'reads "reach.way", which is asked later | read earlier steps only, or move the step down',
  ],
  ["left == 'x'", 'unknown path "applicant.left"'],
  ["copies == 'two'", 'no such overload: double == string | compare values of one type: copies is a double'],
  ['copies', 'is a double, not true or false | compare it with something'],
  ["opening.commune == 'x'", '"opening.commune" is a group of values | compare one of code, name'],
  [
    "opening.commune.cod == 'x'",
    'unknown "opening.commune.cod" | did you mean "code"?'.replace('"code"', '"code"'),
  ],
  ['copies.x == 1', '"copies" has no field "x"'],
  ["applicant.name.matches('(a+)+$')", 'matches() is not allowed | let a kind check the form of an answer'],
  ["matches(applicant.name, 'a')", 'matches() is not allowed'],
  ['yeers(birth, today) > 1', 'unknown function yeers() | did you mean "years"?'],
  ['facts.fees > 1', 'unknown "facts.fees" | did you mean "fee"?'],
  ['agency.secret', 'unknown "agency.secret"'],
  ['copies == null', 'null is not a value'],
  ["opening['forWhom'] == 'x'", '"[]" is not allowed here'],
  ["{'a': 1} == {'a': 1}", '"map" is not allowed here'],
  ['has(copies + 1)', 'has() takes one path'],
  ['copies == ', 'cannot be read'],
  ["papers.map(p, p + 'x') == papers", 'unknown function map()'],
  ['toString', 'unknown path "toString"'],
  ["constructor == 'x'", 'constructor'],
  ["__proto__ == 'x'", 'Reserved identifier'],
  ["opening.__proto__ == 'x'", 'unknown path "opening.__proto__"'],
  ["opening.commune.__proto__ == 'x'", 'unknown "opening.commune.__proto__"'],
  ["facts.constructor == 'x'", 'unknown "facts.constructor"'],
  [`copies == ${'1 + '.repeat(200)}1`, 'has '],
  [`${'size('.repeat(60)}papers${')'.repeat(60)} == 1`, 'cannot be read'],
  [`copies in [${Array.from({ length: 120 }, () => 7).join(',')}]`, 'cannot be read'],
])('%s is refused at load', (source, expected) => {
  expect(problemOf(source)).toContain(expected);
});

it('lets a text say "matches(" inside quotes', () => {
  expect(problemOf("opening.forWhom == 'matches(x)'")).toBe('compiles');
});

it('refuses item outside of a repeat', () => {
  expect(problemOf("item.name == 'x'", { list: null })).toContain('"item" outside a repeat');
});

it('has a bound on length with a name', () => {
  expect(problemOf(`urgent || ${'urgent || '.repeat(60)}urgent`)).toContain(String(LIMITS.conditionChars));
});
