import { walk } from '../../src/flow/view';
import { citizen, context, FAMILY, load } from './small-flow';
import type { Citizen } from './small-flow';

const flow = load(FAMILY);

function at(...said: readonly string[]): Citizen {
  const me = citizen(flow);
  me.does('start');
  me.all('Phường Tây Hồ', 'Nguyễn Văn An', ...said);
  return me;
}
const list = (me: Citizen): unknown => me.session.answers['members']?.value;

it('asks for one item after another until there is nobody else', () => {
  const me = citizen(flow);
  me.all('Phường Tây Hồ');
  expect(me.says('Nguyễn Văn An')[0]).toContain('family.members.any\n[members:-more members:-done]');
  expect(me.says('có')[0]).toContain('family.members.name.ask(n=1)');
  expect(me.says('Lê Văn Bình')[0]).toContain('family.members.school.ask(n=1)');
  expect(me.says('không')[0]).toContain('family.members.more');
  expect(me.says('1')[0]).toContain('family.members.name.ask(n=2)');
  expect(me.says('Trần Văn Ba')[0]).toContain('family.members.more');
  expect(me.says('hết rồi, không còn ai')[0]).toContain('family.big.ask');
  expect(list(me)).toEqual({ next: 3, items: ['i1', 'i2'], done: true });
  expect(me.session.answers['members.i2.name']?.value).toBe('Trần Văn Ba');
});

it('does not ask "còn ai nữa" beyond its maximum', () => {
  const me = at('có', 'Trần Văn Ba', 'có', 'Trần Văn Ba', 'có');
  expect(me.says('Trần Văn Ba')[0]).toContain('family.big.ask');
});

it('starts with as many items as there must be, without asking whether', () => {
  const must = load(FAMILY.replace('max: 3', 'min: 2\n    max: 2'));
  const me = citizen(must);
  expect(me.all('Phường Tây Hồ', 'Nguyễn Văn An')[0]).toContain('family.members.name.ask(n=1)');
  expect(me.says('Trần Văn Ba')[0]).toContain('family.members.name.ask(n=2)');
  expect(me.says('Trần Văn Ba')[0]).toContain('family.big.ask');
});

it('takes an item out, never uses its id again, and can undo', () => {
  const me = at('có', 'Trần Văn Ba', 'có', 'Lê Văn Bình', 'có', 'không', 'có', '2');
  expect(me.session.phase).toBe('review');
  const drop = '[members:-more members:-drop:i1 members:-drop:i2 members:-keep]';
  expect(me.does('edit', 'members')[0]).toContain(drop);
  me.taps('members', '-drop:i1');
  expect(list(me)).toEqual({ next: 3, items: ['i2'], done: true });
  me.does('undo');
  expect(list(me)).toEqual({ next: 3, items: ['i1', 'i2'], done: true });
  me.taps('members', '-drop:i2');
  me.does('edit', 'members');
  expect(me.says('1').join('\n')).toContain('family.members.name.ask(n=2)');
  expect(list(me)).toMatchObject({ next: 4, items: ['i1', 'i3'] });
});

it('edits an item by its path, and by number from the review', () => {
  const me = at('có', 'Trần Văn Ba', 'không', '2');
  expect(me.taps('members.i1.school', 'yes')[0]).toContain('flow.notNow');
  expect(me.does('edit', 'members.i1.name')[0]).toContain('family.members.name.ask(n=1)');
  expect(me.says('Lê Văn Bình').join('\n')).toContain('family.members.school.ask(n=1)');
  expect(me.does('edit', 'members.i7.name')[0]).toContain('flow.notNow');
});

it.each([
  ['a text', 'x'],
  ['ids of its own making', { next: 2, items: ['__proto__'], done: true }],
  ['an id that was not given yet', { next: 2, items: ['i5'], done: true }],
  ['the same item twice', { next: 3, items: ['i1', 'i1'], done: true }],
  ['too many', { next: 9, items: ['i1', 'i2', 'i3', 'i4'], done: true }],
  ['no list', { next: 1, done: true }],
])('does not walk a stored list with %s', (_, stored) => {
  const me = at();
  const answers = {
    ...me.session.answers,
    members: { value: stored, source: 'typed', rev: 1, at: context.at, by: 'citizen' } as const,
  };
  expect(walk(flow, { ...me.session, answers }, context).next?.path).toBe('members');
});
