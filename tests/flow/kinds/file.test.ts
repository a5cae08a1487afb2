import { BROUGHT } from '../../../src/flow/kinds/photo';
import { kindOf } from '../../../src/flow/kinds';
import { no, readsAs, rejects } from './table';

const bring = { bring: true };

readsAs('file', [
  ['mang đến quầy', BROUGHT, bring],
  ['tôi sẽ mang giấy đến quầy', BROUGHT, bring],
  ['cầm lên xã nhé', BROUGHT, bring],
  ['để con đem ra phường ạ', BROUGHT, bring],
  ['nộp trực tiếp cho cán bộ', BROUGHT, bring],
  ['dua tan tay can bo', BROUGHT, bring],
  ['mang bản giấy qua uỷ ban', BROUGHT, bring],
  ['bring it to the counter', BROUGHT, bring],
  ['mang đến quầy', no('impossible')],
  ['tôi gửi tệp rồi', no('unreadable'), bring],
  ['chưa mang được', no('unreadable'), bring],
  ['file pdf', no('unreadable')],
  ['   ', no('empty')],
]);

rejects('file', [[BROUGHT], ['a.pdf'], [{ photos: [], done: true, bring: false }]]);

test('takes PDF files, and three of them unless a step says more', () => {
  expect(kindOf('file').options.parse({})).toEqual({ min: 1, max: 3, pdf: true, bring: false });
  expect(kindOf('photo').options.parse({})).toEqual({ min: 1, max: 5, pdf: false, bring: false });
});
