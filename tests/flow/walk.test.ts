import { startSession } from '../../src/flow/engine';
import { walk } from '../../src/flow/view';
import type { Answer, AnswerValue } from '../../src/flow/types';
import { BA_DINH, citizen, context, load, SMALL, TAY_HO } from './small-flow';

const flow = load(SMALL);

const answer = (value: AnswerValue, rev = 1): Answer => ({
  ...{ value, rev, source: 'typed', at: context.at, by: 'citizen' },
});
const agreed = { agreed: true, agency: 'tay-ho' };
const all = {
  place: answer(TAY_HO),
  agree: answer(agreed),
  forWhom: answer('other'),
  'applicant.name': answer('Nguyễn Văn An'),
  'applicant.birth': answer('1960-02-03'),
  'subject.name': answer('Lê Thị Hoa'),
  copies: answer(2),
  remark: answer(null),
};
const run = (answers: Record<string, Answer>, of = flow) =>
  walk(of, startSession({ flow, key: 'k', purpose: 'file', answers }), context);

it('has nothing left to ask when every step that applies has an answer that counts', () => {
  const at = run(all);
  expect(at.next).toBeNull();
  expect(at.lines.map(({ path }) => path)).toEqual(Object.keys(all));
  expect(at.view.get('remark')).toBeNull();
  expect(at.world.agency?.id).toBe('tay-ho');
});

test.each([
  ['an answer of an older rev', { copies: answer(2, 0) }, 'copies', 'rev'],
  ['an answer that an officer marked', { copies: answer(2, -1) }, 'copies', 'officer'],
  ['an answer its kind no longer accepts', { copies: answer(50) }, 'copies', 'invalid'],
  ['an answer of another type', { copies: answer({ __proto__: 1 }) }, 'copies', 'invalid'],
  ['a skipped step that is not optional', { copies: answer(null) }, 'copies', 'invalid'],
  [
    'an answer that breaks a rule',
    { 'applicant.birth': answer('2030-01-01') },
    'applicant.birth',
    { check: 'future' },
  ],
  ['a consent for another agency', { place: answer(BA_DINH) }, 'agree', 'agency'],
])('asks %s again and says why', (_, change, path, why) => {
  const at = run({ ...all, ...change });
  expect([at.next?.path, at.next?.why]).toEqual([path, why]);
  expect(at.view.has(path)).toBe(false);
});

it('neither reads nor sends answers of steps that no longer apply, and takes them back when they do', () => {
  const without = run({ ...all, forWhom: answer('self') });
  expect([without.next, without.view.has('subject.name')]).toEqual([null, false]);
  expect(run(all).view.get('subject.name')).toBe('Lê Thị Hoa');
});

it('neither reads nor sends what comes after an open question', () => {
  const at = run({ ...all, 'applicant.name': answer('') });
  expect(at.next?.path).toBe('applicant.name');
  expect(at.lines.map(({ path }) => path)).toEqual(['place', 'agree', 'forWhom']);
});

it('ignores hostile keys among the answers', () => {
  const stored = JSON.parse(
    `{"__proto__":${JSON.stringify(answer(1))},"constructor":{},"toString":1}`,
  ) as typeof all;
  const at = run({ ...stored, ...all });
  expect(at.next).toBeNull();
  expect(Object.keys(at.lines).length).toBe(Object.keys(all).length);
});

it('asks the consent again, once and saying why, when the commune changes', () => {
  const me = citizen(flow, { answers: all });
  me.does('start');
  expect(me.session.phase).toBe('review');
  me.does('edit', 'place');
  const said = me.says('Phường Ba Đình');
  expect(said).toEqual([
    'flow.edit.changed(label=small.place.label from=Phường Tây Hồ, Hà Nội to=Phường Ba Đình, Hà Nội)\nflow.again.agency\nsmall.agree.note\n[/undo]',
    'flow.progress(n=2 total=7)\nsmall.agree.ask\n[agree:agreed agree:refused]',
  ]);
  me.says('đồng ý');
  expect(me.effects).toContainEqual({ type: 'consent', step: 'agree', agency: 'ba-dinh', agreed: true });
  expect(me.session.phase).toBe('review');
});

it('asks again exactly what changed its meaning, says why, and goes back to where the talk was', () => {
  const newer = load(SMALL.replace('{ id: forWhom,', '{ id: forWhom, rev: 2,'));
  const me = citizen(newer, { answers: all });
  expect(me.does('resume')).toEqual([
    'flow.resume(n=3 total=7)\nflow.again.rev\nflow.progress(n=3 total=7)\nsmall.forWhom.ask\n[forWhom:self forWhom:other]',
  ]);
  me.says('2');
  expect(me.session.phase).toBe('review');
});

describe('a supplement', () => {
  const extra = [
    { id: 'p1', sort: 'paper', text: 'Giấy chứng sinh' },
    { id: 'q1', sort: 'question', text: 'Ông nội tên gì?' },
  ] as const;
  const answers = { ...all, copies: answer(2, -1) };
  const supplement = () => citizen(flow, { answers, extra, purpose: 'supplement', dossier: 'D1' });

  it("asks what an officer marked, then the officer's own questions, and is ready then", () => {
    const me = supplement();
    expect(me.does('start')[0]).toContain('flow.again.officer\nsmall.copies.ask');
    expect(me.says('3')[0]).toContain('flow.extra.paper.ask\n[extra.p1:-bring]');
    expect(me.says('1')[0]).toContain('flow.extra.question.ask');
    expect(me.says('  Nguyễn Văn Tư ').at(-1)).toContain('flow.review.ready.supplement');
    me.does('send');
    const [sent] = me.effects;
    const lines = sent?.type === 'send' ? sent.lines.slice(-2) : [];
    expect(lines.map(({ display }) => display)).toEqual([
      { key: 'flow.extra.bring' },
      { text: 'Nguyễn Văn Tư' },
    ]);
    expect(lines[0]?.label).toMatchObject({ params: { text: 'Giấy chứng sinh' } });
    const brought = { photos: [], done: true, bring: true };
    expect(lines.map(({ answer: { value } }) => value)).toEqual([brought, 'Nguyễn Văn Tư']);
  });

  it('starts in review when nothing is missing', () => {
    const me = citizen(flow, { answers: all, purpose: 'correct', dossier: 'D1' });
    expect(me.does('start').at(-1)).toContain('flow.review.ready.correct');
    expect(me.session).toMatchObject({ phase: 'review', dossier: 'D1' });
  });
});
