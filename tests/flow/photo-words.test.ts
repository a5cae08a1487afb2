/** What people say about their photos, and what only sounds so. */
import { readPhotoWish } from '../../src/flow/reading/photo-words';

test.each([
  ['đủ rồi', { type: 'done', none: false }],
  ['du roi a', { type: 'done', none: false }],
  ['xong rồi nhé em', { type: 'done', none: false }],
  ['ok', { type: 'done', none: false }],
  ['chỉ vậy thôi', { type: 'done', none: false }],
  ['có rứa thôi', { type: 'done', none: false }],
  ['nhiêu đó thôi', { type: 'done', none: false }],
  ['gửi hết rồi', { type: 'done', none: false }],
  ['không còn nữa', { type: 'done', none: true }],
  ['hông còn', { type: 'done', none: true }],
  ['chưa xong', { type: 'more' }],
  ['còn nữa', { type: 'more' }],
  ['còn 1 tấm nữa', { type: 'more' }],
  ['đợi chút', { type: 'more' }],
  ['xóa ảnh 2', { type: 'drop', which: 2 }],
  ['xoá hình số 2 giúp tôi', { type: 'drop', which: 2 }],
  ['bỏ tấm cuối', { type: 'drop', which: 'last' }],
  ['bo anh dau tien', { type: 'drop', which: 1 }],
  ['ảnh mờ', { type: 'drop', which: 'last' }],
  ['ảnh 2 bị mờ quá', { type: 'drop', which: 2 }],
  ['chụp lại ảnh 3', { type: 'drop', which: 3 }],
  ['gửi nhầm rồi', { type: 'drop', which: 'last' }],
  ['xoá hết đi', { type: 'drop', which: 'all' }],
  ['đổi chỗ ảnh 1 và 2', { type: 'swap', a: 1, b: 2 }],
  ['ảnh 1 và ảnh 3 đổi chỗ cho nhau', { type: 'swap', a: 1, b: 3 }],
  ['ảnh 3 lên đầu', { type: 'move', from: 3, to: 1 }],
  ['cho ảnh 1 xuống cuối', { type: 'move', from: 1, to: 'last' }],
  ['bỏ qua', null],
  ['bỏ', null],
  ['không biết', null],
  ['Nguyễn Văn An', null],
  ['ảnh này được chưa?', null],
])('%p is understood as %j', (text, wish) => {
  expect(readPhotoWish(text)).toEqual(wish);
});
