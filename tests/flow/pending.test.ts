/** A reading that waits for its yes is not lost over a pause, a restart, or photos; and "sửa đi" answers it. */
import { askedAt, valuesOf } from './child-flow';
import type { Citizen } from './small-flow';
import { photosIn } from '../../src/flow/photos/photo-value';
import { atName, conditional, sender } from './photo-flow';

/** What waits: the question and the words it came to wait by, how it is asked, the words that settle it, what is stored then. */
const waiting: readonly (readonly [
  what: string,
  by: [string, string],
  asked: string,
  yes: string,
  stored: object,
])[] = [
  ['a warning', ['copies', '12'], 'child.copies.warn.many', 'đúng', { copies: 12 }],
  [
    'a reading',
    ['child.birth', 'rằm tháng giêng năm 2025'],
    '.confirm',
    'đúng',
    { 'child.birth': '2025-02-12' },
  ],
  ['a choice', ['child.birth', '5/3/12'], '.ambiguous', '1', { 'child.birth': '2012-03-05' }],
  ['a correction', ['delivery', '2 bản chứ không phải 3 bản'], 'flow.correct.ask', 'đúng', { copies: 2 }],
  [
    'which of them',
    ['copies', 'nhầm, tên là Nguyễn Thị Loan'],
    'flow.correct.which',
    '1',
    { 'mother.name': 'Nguyễn Thị Loan' },
  ],
  [
    'more',
    ['child.name', 'Lê Thị Na, sinh 5/3/2025, con gái'],
    'flow.more.ask',
    'đúng',
    { 'child.sex': 'female' },
  ],
];

function said(step: string, text: string): Citizen {
  const me = askedAt('child', step);
  me.says(text);
  return me;
}

test.each(waiting)(
  '%s is asked again by whoever resumes, and its yes counts',
  (_, by, asked, yes, stored) => {
    const me = said(...by);
    const before = me.session;
    expect(valuesOf(me)).not.toMatchObject(stored);
    const again = me.does('resume').join('\n');
    expect(again).toContain('flow.resume');
    expect(again).toContain(asked);
    expect(me.session).toEqual(before);
    me.says(yes);
    expect(valuesOf(me)).toMatchObject(stored);
  },
);

test('a reading whose question is gone is asked for anew', () => {
  const me = said('copies', '12');
  const { answers } = me.session;
  me.session = { ...me.session, answers: { ...answers, place: { ...answers['place']!, rev: 0 } } };
  expect(me.does('resume').join('\n')).toContain('flow.again.rev');
  expect(me.session.pending).toBeNull();
});

test.each([
  ['sửa đi', 2],
  ['ừ sửa đi', 2],
  ['đúng rồi sửa giúp', 2],
  ['dung roi sua giup em', 2],
  ['vâng, sửa lại giúp cháu ạ', 2],
  ['thôi không sửa nữa', 3],
  ['đừng sửa', 3],
  ['dung sua', 3],
])('to "sửa … thành …?", %p leaves %p copies', (text, copies) => {
  const me = said('delivery', '2 bản chứ không phải 3 bản');
  me.says(text);
  expect(valuesOf(me)['copies']).toBe(copies);
  expect(me.session.pending?.type).not.toBe('confirm');
});

test.each(['sửa lại', 'sửa lại giúp tôi'])('to a warning %p is a no', (text) => {
  const me = said('copies', '12');
  expect(me.says(text).join()).toContain('flow.again.please');
  expect([valuesOf(me)['copies'], me.session.pending]).toEqual([undefined, null]);
});

test('photos do not end a correction that waits: both count', () => {
  const me = sender(conditional);
  me.says('Phường Tây Hồ');
  me.sends('a', 'b');
  me.says('đủ rồi');
  me.says('có');
  me.says('Nguyễn Văn An');
  me.says('tên là Nguyễn Văn Anh chứ không phải Nguyễn Văn An');
  expect(me.session.pending?.type).toBe('confirm');
  me.does('edit', 'proof');
  me.session = { ...me.session, pending: { type: 'confirm', step: 'name', value: 'Nguyễn Văn Anh' } };
  expect(me.sends('c').join()).toContain('flow.correct.ask');
  me.says('ok');
  expect([me.at('proof'), me.session.answers['name']?.value]).toEqual([['a', 'b', 'c'], 'Nguyễn Văn Anh']);
});

describe('a photo that is refused while something else waits', () => {
  it('leaves a reading waiting while its step has enough, and asks it again', () => {
    const me = atName('a', 'b');
    me.says('Nguyễn Văn An');
    me.session = { ...me.session, pending: { type: 'confirm', step: 'name', value: 'Nguyễn Văn Anh' } };
    const said = me.refused('a', 'broken').join();
    expect(said).toMatch(/kinds\.error\.photo\.broken\nflow\.correct\.ask.*\[name:-yes name:-no\]$/s);
    me.says('đúng');
    expect(me.session.answers['name']?.value).toBe('Nguyễn Văn Anh');
  });

  it('asks for its step, and a reading of another is asked anew', () => {
    const me = atName('a');
    me.session = { ...me.session, pending: { type: 'confirm', step: 'name', value: 'Nguyễn Văn An' } };
    me.refused('a', 'broken');
    expect([me.asked(), me.session.pending]).toEqual(['birthPaper', null]);
    me.sends('b');
    me.says('đủ rồi');
    expect(me.asked()).toBe('name');
  });

  it('leaves the others waiting for their place', () => {
    const me = atName('a', 'b', 'c');
    me.sends('x', 'y');
    me.refused('x', 'broken');
    expect(photosIn(me.session).map(({ photo }) => photo.id)).toEqual(['a', 'b', 'c', 'y']);
    me.refused('y', 'broken');
    expect([me.session.pending, me.asked()]).toEqual([null, 'name']);
  });
});
