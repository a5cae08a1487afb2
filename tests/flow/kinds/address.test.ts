import { kindOf } from '../../../src/flow/kinds';
import { BA_DINH, TAN_BINH_DN, TAN_BINH_HCM, either, no, readsAs, rejects } from './table';

const at = (commune: object | null, detail: string, typed: string) => ({
  commune: commune && { ...commune },
  detail,
  typed,
});
const required = { requireCommune: true };

readsAs('address', [
  ...(
    [
      ['Số 1, Phường Ba Đình, Hà Nội', BA_DINH, 'Số 1'],
      ['số 12 ngõ 5 phường ba đình hà nội', BA_DINH, 'số 12 ngõ 5'],
      ['12 Đội Cấn, Ba Đình', BA_DINH, '12 Đội Cấn'],
      ['P. Ba Đình, Hà Nội', BA_DINH, ''],
      ['Phường Ba Đình', BA_DINH, ''],
      ['Ấp 3, xã Tân Bình, Đồng Nai', TAN_BINH_DN, 'Ấp 3'],
      ['Ấp 3, xã Tân Bình, huyện Vĩnh Cửu, Đồng Nai', TAN_BINH_DN, 'Ấp 3'],
      ['số 5 , đường Ba Đình , phường Tân Bình , TP Hồ Chí Minh', TAN_BINH_HCM, 'số 5 , đường Ba Đình'],
      ['Thôn Ba Đình', null, 'Thôn Ba Đình'],
      ['Tân Bình', null, 'Tân Bình'],
      ['thôn Mẫu, xã Ở Đâu', null, 'thôn Mẫu, xã Ở Đâu'],
      ['12 Đội Cấn', null, '12 Đội Cấn'],
    ] as const
  ).map(([typed, commune, detail]) => [typed, at(commune, detail, typed)] as const),
  ['  Số 1,\nPhường Ba Đình ', at(BA_DINH, 'Số 1', 'Số 1, Phường Ba Đình')],
  ['Số 1, Phường Ba Đình', at(BA_DINH, 'Số 1', 'Số 1, Phường Ba Đình'), required],
  ['12 Đội Cấn', no('unreadable'), required],
  [
    'Số 1, Tân Bình',
    either(at(TAN_BINH_HCM, 'Số 1', 'Số 1, Tân Bình'), at(TAN_BINH_DN, 'Số 1', 'Số 1, Tân Bình')),
    required,
  ],
  ['?!', no('unreadable')],
  ['a'.repeat(301), no('too-long', { max: 300 })],
  ['', no('empty')],
]);

rejects('address', [
  ['Số 1'],
  [at(null, '', '')],
  [at(null, 'Số 1', 'Số 1'), required],
  [at({ code: '1' }, 'Số 1', 'Số 1')],
  [at(null, 'x', 'x'.repeat(301))],
]);

test('is shown with today’s commune, or as written', () => {
  const kind = kindOf('address');
  expect(kind.show(at(BA_DINH, 'Số 1', 'số 1 ba đình'), {}, [])).toEqual({
    text: 'Số 1, Phường Ba Đình, Thành phố Hà Nội',
  });
  expect(kind.show(at(null, 'Thôn 3', 'Thôn 3'), {}, [])).toEqual({ text: 'Thôn 3' });
});
