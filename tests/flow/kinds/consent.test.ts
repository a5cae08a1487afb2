import { kindOf } from '../../../src/flow/kinds';
import { no, readsAs, rejects, world } from './table';

const agreed = { agreed: true, agency: 'a1' };
const refused = { agreed: false, agency: 'a1' };

readsAs('consent', [
  ['đồng ý', agreed],
  ['dạ cháu đồng ý ạ', agreed],
  ['dong y', agreed],
  ['có', agreed],
  ['ok', agreed],
  ['1', agreed],
  ['không', refused],
  ['không đồng ý', refused],
  ['tôi không đồng ý', refused],
  ['khong dong y', refused],
  ['chưa', refused],
  ['2', refused],
  ['đồng ý không?', no('unreadable')],
  ['để xem đã', no('unreadable')],
  ['đồng ý nhưng không', no('unreadable')],
  ['', no('empty')],
]);

rejects('consent', [[true], ['đồng ý'], [{ agreed: true, agency: 'a2' }], [{ agreed: true }]]);
rejects('consent', [[agreed]], { ...world, agency: null });

test('nobody can consent before an agency is known', () => {
  const kind = kindOf('consent');
  const nobody = { ...world, agency: null };
  expect(kind.read('đồng ý', {}, nobody)).toMatchObject({ ok: false, problem: 'impossible' });
  expect(kind.choices?.({}, [], nobody)).toEqual([]);
  expect(kind.choices?.({}, [], world).map(({ value }) => value)).toEqual([agreed, refused]);
});
