import { kindOf } from '../../../src/flow/kinds';
import { BA_DINH, TAN_BINH_DN, TAN_BINH_HCM, either, no, readsAs, rejects, world } from './table';

readsAs('commune', [
  ['Phường Ba Đình', { ...BA_DINH }],
  ['ba dinh', { ...BA_DINH }],
  ['dạ, phường Ba Đình ạ', { ...BA_DINH }],
  ['phường Ba Đình, Hà Nội', { ...BA_DINH }],
  ['Ba Đình'.normalize('NFD'), { ...BA_DINH }],
  ['Ba\u200B Đình', { ...BA_DINH }],
  ['tân bình', either({ ...TAN_BINH_HCM }, { ...TAN_BINH_DN })],
  ['tân bình đồng nai', { ...TAN_BINH_DN }],
  ['Tân Bình, TP Hồ Chí Minh', { ...TAN_BINH_HCM }],
  ['không biết', no('unreadable')],
  ['xã Ở Đâu', no('unreadable')],
  ['123', no('unreadable')],
  ['ba đình '.repeat(50), no('too-long', { max: 300 })],
  ['', no('empty')],
]);

rejects('commune', [
  [null],
  ['00004'],
  [{ code: '00004' }],
  [{ ...BA_DINH, name: 5 }],
  [{ ...BA_DINH, more: 1 }],
]);

test('offers at most eight, by code, with their provinces', () => {
  const reading = kindOf('commune').read('Tân Lập', {}, world);
  const choices = reading.ok ? [] : (reading.choices ?? []);
  expect(choices).toHaveLength(8);
  expect(choices[0]).toMatchObject({ id: '10000', label: { text: 'Xã Tân Lập 0, Tỉnh A' } });
});

test('is shown with its province', () => {
  expect(kindOf('commune').show({ ...BA_DINH }, {}, [])).toEqual({
    text: 'Phường Ba Đình, Thành phố Hà Nội',
  });
});
