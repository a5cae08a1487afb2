/** Answers that are not understood, again and again: never the same words twice, more help each time, and a way out. */
import { speech, wordsOf } from './talk-runner';
import { askedAt, valuesOf } from './child-flow';
import type { Where } from './child-flow';
import type { Citizen } from './small-flow';

const first = (me: Citizen, text: string): string => me.says(text).join('\n');
const persons = (me: Citizen): number => me.effects.filter(({ type }) => type === 'person').length;

/** A question, and words it cannot take. */
const questions: readonly (readonly [Where, string, string])[] = [
  ['child', 'child.name', '12345'],
  ['child', 'child.birth', 'xyz'],
  ['child', 'child.sex', 'xyz'],
  ['child', 'mother.nationalId', '123'],
  ['child', 'relation', 'xyz'],
  ['child', 'firstTime', 'xyz'],
  ['child', 'copies', 'xyz'],
  ['child', 'phone', '123'],
  ['extract', 'opening.commune', 'xyz'],
  ['extract', 'record', 'xyz'],
  ['extract', 'registeredOn', 'xyz'],
  ['extract', 'subject.nationalId', 'xyz'],
];

test.each(questions)(
  '%s, asked %s: ten times %p, never twice the same, a person called once',
  (where, step, text) => {
    const me = askedAt(where, step);
    const before = valuesOf(me);
    const turns = Array.from({ length: 10 }, () => ({ said: first(me, text), called: persons(me) }));
    turns.forEach(({ said }, at) => expect(said).not.toBe(turns[at - 1]?.said));
    expect(new Set(turns.slice(0, 6).map(({ said }) => said)).size).toBe(6);
    expect(turns.map(({ called }) => called)).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    turns.slice(2).forEach(({ said }) => expect(said).toContain('/person'));
    turns.forEach(({ said }) => expect(said).toMatch(/\.ask(?:\n\[|$)/));
    expect(valuesOf(me)).toEqual(before);
  },
);

it('says what is wrong, then another way, then offers a person, then short words in turn', () => {
  const me = askedAt('child', 'child.birth');
  const buttons = '\n[/person]';
  expect(Array.from({ length: 7 }, () => first(me, 'xyz').replace('\nchild.child.birth.ask', ''))).toEqual([
    'child.child.birth.error.unreadable',
    'child.child.birth.error.unreadable.2\nchild.child.birth.hint',
    `flow.stuck${buttons}`,
    `flow.stuck.2${buttons}`,
    `flow.stuck.3\nchild.child.birth.example${buttons}`,
    `flow.stuck.4${buttons}`,
    `flow.stuck.2${buttons}`,
  ]);
  me.says('5/3/2025');
  expect([valuesOf(me)['child.birth'], me.session.misses]).toEqual(['2025-03-05', 0]);
});

it('offers to leave out what may be left out', () => {
  const me = askedAt('extract', 'registeredOn');
  const [, second, third, fourth] = Array.from({ length: 4 }, () => first(me, 'xyz'));
  expect(second).toContain('flow.miss.skip');
  expect(third).toContain('flow.stuck.optional\n');
  expect(fourth).toContain('flow.stuck.optional.2\n');
  expect([second, third, fourth].every((said) => said?.includes('registeredOn:-skip'))).toBe(true);
  me.says('bỏ qua');
  expect(valuesOf(me)['registeredOn']).toBeNull();
});

const UNKNOWN = [
  'không biết',
  'ko biết',
  'em không nhớ',
  'cháu không nhớ rõ',
  'quên rồi',
  'không có',
  'bỏ qua',
];

test.each(
  (['child.name', 'child.birth', 'mother.nationalId', 'home', 'phone'] as const).flatMap((step) =>
    UNKNOWN.map((text) => [step, text] as const),
  ),
)('at %s, which must be answered, %p is met with why, where, and who helps', (step, text) => {
  const me = askedAt('child', step);
  const said = first(me, text);
  expect(said.split('\n')[0]).toBe('flow.unknown');
  expect(said).toMatch(/\.hint\nflow\.unknown\.help\nchild\.[a-zA-Z.]+\.ask\n\[\/person\]$/);
  expect(said.includes('purpose')).toBe(step === 'mother.nationalId');
  const again = first(me, text);
  expect(again.split('\n')[0]).toBe('flow.unknown.2');
  first(me, text);
  expect(persons(me)).toBe(1);
  expect(valuesOf(me)[step]).toBeUndefined();
});

it('leaves words alone that a question has among its answers', () => {
  const some = askedAt('extract', 'authorisation');
  some.says('không có');
  expect(valuesOf(some)['authorisation']).toBe('later');
  const optional = askedAt('extract', 'subject.nationalId');
  optional.says('không biết');
  expect(valuesOf(optional)['subject.nationalId']).toBeNull();
  const denied = askedAt('child', 'firstTime');
  denied.says('không có');
  expect(valuesOf(denied)['firstTime']).toBe(false);
});

it('has all of its words in both languages, each short enough to be read', () => {
  const keys = [
    'correct.ask',
    'correct.ask.2',
    'correct.which',
    'correct.which.2',
    'correct.offer',
    'correct.none',
  ];
  const more = [
    'more.read',
    'more.heard',
    'more.line',
    'more.ask',
    'more.yes',
    'more.no',
    'more.done',
    'more.asked',
  ];
  const stuck = ['stuck', 'stuck.2', 'stuck.3', 'stuck.4', 'stuck.optional', 'stuck.optional.2', 'miss.skip'];
  const unknown = ['unknown', 'unknown.why', 'unknown.2', 'unknown.help'];
  for (const lang of ['vi', 'en'] as const) {
    for (const name of [...keys, ...more, ...stuck, ...unknown]) {
      const text = speech.phrase({ key: `flow.${name}` }, {}, lang);
      expect([name, text === `flow.${name}`]).toEqual([name, false]);
      expect([name, text.length <= 160]).toEqual([name, true]);
    }
  }
});

it('reads as sentences', () => {
  const me = askedAt('extract', 'reach.phone');
  me.says('3 bản chứ không phải 2 bản');
  const [effect] = me.effects;
  const message = effect?.type === 'say' ? effect.message : { lines: [], buttons: [] };
  expect(wordsOf(message, 'vi', () => ({}))).toEqual([
    'Sửa Số bản từ “2” thành “3”, đúng không ạ?',
    'Đúng rồi',
    'Không phải',
  ]);
});
