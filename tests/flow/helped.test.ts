/** One holds the phone, another requests, a third is named on the paper: who is asked what, and in which words. */
import { textKeys } from '../../src/flow/words';
import { walk } from '../../src/flow/view';
import { startSession } from '../../src/flow/engine';
import type { Answer, AnswerValue, Flow } from '../../src/flow/types';
import { asked, begin, contextOf, openFlow, play, wordsOf } from './talk-runner';
import { context, load } from './small-flow';

const said = (value: AnswerValue): Answer => ({ value, source: 'typed', rev: 1, at: '', by: 'citizen' });

const OPENING = `
id: opening
steps:
  - { id: place, kind: commune }
  - { id: forWhom, kind: choice, choices: [self, other, helped] }
  - { id: note, kind: text, max: 10, optional: true }
`;
const flowWith = (use: string): Flow =>
  load(
    `id: small\ncode: "2.000635"\nhandover: file\nagencyFrom: opening.place\n` +
      `people: { filer: [{ name: name }], applicant: [{ name: name }], subject: [{ name: name }] }\n` +
      `steps:\n  - ${use}\n  - { id: name, kind: person-name }\n` +
      `  - { id: nick, kind: text, when: '!has(opening.note)' }\n`,
    [OPENING],
  );

const optionsAt = (flow: Flow, path: string): unknown => {
  const step = flow.entries.find((entry) => entry.path === path);
  return step !== undefined && 'options' in step ? step.options : null;
};

describe('a block put in with other options', () => {
  const flow = flowWith(
    '{ use: opening, with: { forWhom: { choices: [other, helped] }, note: { max: 20 } } }',
  );

  test('has those, and its own where nothing was said', () => {
    expect(optionsAt(flow, 'opening.forWhom')).toMatchObject({ choices: ['other', 'helped'] });
    expect(optionsAt(flow, 'opening.note')).toEqual({ max: 20 });
    expect(optionsAt(flowWith('{ use: opening }'), 'opening.forWhom')).toMatchObject({
      choices: ['self', 'other', 'helped'],
    });
  });

  test.each([
    [
      '{ use: opening, with: { forWho: { max: 2 } } }',
      /block "opening" has no "forWho" \(did you mean "forWhom"\?\)/,
    ],
    ['{ use: opening, with: { note: { max: many } } }', /max/],
    ['{ use: opening, with: { note: { colour: red } } }', /colour/],
  ])('%s is refused', (use, problem) => {
    expect(() => flowWith(use)).toThrow(problem);
  });
});

describe('the questions left', () => {
  const flow = flowWith('{ use: opening }');
  const totalAfter = (answers: Record<string, Answer>) =>
    walk(flow, startSession({ flow, key: 'k', purpose: 'file', answers }), context).total;
  const place = said({ code: '00001', name: 'Phường Tây Hồ', provinceCode: '01', provinceName: 'Hà Nội' });

  test('are counted as if what may be skipped were answered, until it is skipped', () => {
    expect(totalAfter({ 'opening.place': place })).toBe(4);
    expect(
      totalAfter({ 'opening.place': place, 'opening.forWhom': said('self'), 'opening.note': said('x') }),
    ).toBe(4);
    expect(
      totalAfter({ 'opening.place': place, 'opening.forWhom': said('self'), 'opening.note': said(null) }),
    ).toBe(5);
  });
});

test.each<[AnswerValue, string, readonly string[]]>([
  ['helped', 'ask', ['f.a.ask.helped', 'b.a.ask.helped', 'f.a.ask', 'b.a.ask']],
  ['other', 'ask', ['f.a.ask', 'b.a.ask']],
  ['self', 'whom', ['f.a.whom', 'b.a.whom']],
])('who files as %p reads %s from %p', (forWhom, suffix, keys) => {
  expect(textKeys(new Map([['opening.forWhom', forWhom]]), ['f.a', 'b.a'], suffix)).toEqual(keys);
});

/** What stands last, in words, once the turns are played. */
function lastWords(slug: string, turns: readonly string[]): { asked: string | null; words: string } {
  const flow = openFlow(slug);
  const world = contextOf(flow);
  const at = turns.reduce(
    (state, text) => play(flow, state.session, { type: 'text', text }, world),
    begin(flow, world),
  );
  const words = at.said.flatMap((one) => wordsOf(one, 'vi', world.paramsOf)).join('\n');
  return { asked: asked(flow, at.session, world), words };
}

const BA_DINH = 'phường Ba Đình, Hà Nội';
const you = 'ông/bà, cô/chú, anh/chị';

test('consent is asked of whoever requests, not of whoever types', () => {
  const typing = lastWords('khai-sinh', [BA_DINH, 'gõ hộ', 'có']);
  expect(typing.asked).toBe('opening.consent');
  expect(typing.words).toContain('đọc to cho người yêu cầu nghe');
  const own = lastWords('khai-sinh', [BA_DINH, 'tôi khai']);
  expect(own.asked).toBe('opening.consent');
  expect(own.words).not.toContain('người yêu cầu');
});

test('nothing is asked of anybody before the applicant is there', () => {
  expect(lastWords('khai-sinh', [BA_DINH, 'gõ hộ']).asked).toBe('opening.together');
  expect(lastWords('khai-sinh', [BA_DINH, 'gõ hộ', 'chưa']).asked).toBe('opening.apart');
});

test('the one who types is addressed for their own name only', () => {
  const consented = [BA_DINH, 'gõ hộ', 'có', 'đồng ý'];
  expect(lastWords('khai-sinh', consented).words).toContain(you);
  const relation = lastWords('khai-sinh', [...consented, 'Đỗ Minh Anh', '0912000333']);
  expect(relation.asked).toBe('relation');
  expect(relation.words.toLowerCase()).not.toContain(you.toLowerCase());
});
