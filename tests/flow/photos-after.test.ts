/** Words about photos when their step is over, and what is said when its only photo is refused. */
import { atName, atPaper, atReview } from './photo-flow';
import type { Sender } from './photo-flow';

const filled = (): Sender => {
  const me = atPaper();
  me.sends('a', 'b', 'c');
  return me;
};

test.each([
  ['bỏ ảnh 3', ['a', 'b'], 'birthPaper'],
  ['ảnh 2 bị mờ, cho chụp lại', ['a', 'c'], 'birthPaper'],
  ['xóa hết ảnh', [], 'birthPaper'],
  ['đổi ảnh 1 với ảnh 2', ['b', 'a', 'c'], 'name'],
  ['bỏ ảnh 7', ['a', 'b', 'c'], 'name'],
])('%p at the next question is about the photos before it', (text, photos, asked) => {
  const me = filled();
  expect(me.says(text).join()).toContain('flow.photos.about(label=papers.birthPaper.label)');
  expect([me.at('birthPaper'), me.asked(), me.session.misses]).toEqual([photos, asked, 0]);
});

it('comes back to the question after the photo was taken again', () => {
  const me = filled();
  me.says('ảnh 3 bị mờ');
  me.sends('d');
  expect([me.at('birthPaper'), me.asked()]).toEqual([['a', 'b', 'd'], 'name']);
});

it('leaves other words to the question', () => {
  const me = filled();
  me.says('Nguyễn Thị Ảnh');
  expect(me.session.answers['name']?.value).toBe('Nguyễn Thị Ảnh');
  const without = atName('a');
  without.says('bỏ');
  expect(without.at('birthPaper')).toEqual(['a']);
});

it('hears them at the review', () => {
  const me = atReview();
  const before = me.at('idCard');
  me.says('đổi ảnh 1 với ảnh 2');
  expect(me.at('idCard')).toEqual([...before].reverse());
});
