/** Finding a commune the way people type it. The table is the deployment's own. */
import { join } from 'node:path';
import { DEMO_COMMUNE, openCommunes } from '../../src/catalogue/communes';
import { patchTable } from '../../src/catalogue/communes-data';
import { buildCommuneTable } from '../../src/catalogue/import-communes';

const factsDir = join(__dirname, '../../flows/facts');
const communes = openCommunes(factsDir, { today: '2026-11-22', extra: [DEMO_COMMUNE] });
const codes = (typed: string): string[] => communes.find(typed).map((one) => one.code);

describe('one commune is meant', () => {
  const BA_DINH = '00004';
  const AN_HOI_TAY = '26882';
  test.each([
    // name and province, marks or none, commas or none
    ['ba đình hà nội', BA_DINH],
    ['Ba Đình, Hà Nội', BA_DINH],
    ['BA DINH HA NOI', BA_DINH],
    ['  phường   ba đình ,  tp. hà nội ', BA_DINH],
    ['Ba Đình, HN', BA_DINH],
    ['P. Ba Đình, TP Hà Nội', BA_DINH],
    ['p.ba đình hn', BA_DINH],
    ['Hà Nội, phường Ba Đình', BA_DINH],
    ['phường Ba Đình', BA_DINH],
    ['phường Ba Đình thành phố Hà Nội Việt Nam', BA_DINH],
    ['Phường Ba Đình'.normalize('NFD'), BA_DINH],
    ['tôi ở phường hai bà trưng hà nội', '00256'],
    ['UBND phường Cửa Nam, Hà Nội', '00082'],
    ['phường cầu giấy tp hà nội', '00166'],
    ['ninh kiều ct', '31135'],
    ['00070', '00070'],
    // unique name alone
    ['hai ba trung', '00256'],
    ['cầu giấy', '00166'],
    ['văn miếu quốc tử giám', '00226'],
    // kinds
    ['đặc khu Phú Quốc', '31078'],
    ['côn đảo', '26732'],
    ['xã Lý Sơn', '21548'],
    ['phường vũng tàu tphcm', '26506'],
    // where the tone stands, i or y, apostrophes
    ['Phường Hoà Cường, Đà Nẵng', '20257'],
    ['Phường Hòa Cường, Đà Nẵng', '20257'],
    ['thuận hoá, tp huế', '19789'],
    ['mĩ tho tiền giang', '28261'],
    ['qui nhơn', '21583'],
    ["Ea H'Leo", '24184'],
    ['Ea H’Leo', '24184'],
    ['ea hleo dak lak', '24184'],
    ["xã M'Drắk, Đắk Lắk", '24412'],
    ['krông pắc', '24490'],
    // old provinces
    ['thủ dầu một bình dương', '25747'],
    ['quy nhơn bình định', '21583'],
    ['phú quốc kiên giang', '31078'],
    // old communes, with and without their district
    ['phường Trúc Bạch, quận Ba Đình, Hà Nội', BA_DINH],
    ['truc bach ba dinh ha noi', BA_DINH],
    ['trúc bạch', BA_DINH],
    ['P.12, Q.Gò Vấp, TP.HCM', AN_HOI_TAY],
    ['p12 q gò vấp tphcm', AN_HOI_TAY],
    ['Phường 14, Quận Gò Vấp', AN_HOI_TAY],
    ['phường 012, quận gò vấp, sài gòn', AN_HOI_TAY],
    ['p. bến nghé quận 1 sg', '26740'],
    ['phường bến nghé q1 hcm', '26740'],
    ['thị trấn Tân An, TP Bắc Giang, tỉnh Bắc Giang', '07682'],
    ['phường An Hải Đông, quận Sơn Trà, Đà Nẵng', '20275'],
    ['phường Hoàn Kiếm, quận Hoàn Kiếm, Hà Nội', '00070'],
    // a whole address
    ['số 5 ngõ 3 đường Láng, phường Trúc Bạch, quận Ba Đình, Hà Nội', BA_DINH],
    ['12 nguyễn trãi ba đình hà nội', BA_DINH],
    ['ấp 3 xã bình chánh huyện bình chánh tphcm', '27637'],
    // names that look like other words
    ['Phường Bắc Giang', '07210'],
    ['xã xa dung điện biên', '03208'],
    ['xa dung dien bien', '03208'],
    ['phường 1 bảo lộc', '24823'],
    ['phường 1, thành phố Bảo Lộc, Lâm Đồng', '24823'],
    ['Xuân Hương, Đà Lạt, Lâm Đồng', '24781'],
    // marks tell twins apart
    ['xã Văn Lang thái nguyên', '02143'],
    ['xã Văn Lăng thái nguyên', '05665'],
    ['tân thạnh tây ninh', '27826'],
    // communes that became wards in 2026, by both names
    ['xã Long Thành đồng nai', '26368'],
    ['phường long thành, tp đồng nai', '26368'],
    ['xã Hiệp Hòa, Bắc Ninh', '07840'],
    // one slip of the finger, province sure
    ['phường Cửa Nâmm, Hà Nội', '00082'],
    ['hà đônh hà nội', '09556'],
  ])('%s', (typed, code) => {
    expect(codes(typed)).toEqual([code]);
  });
});

describe('several may be meant: the citizen chooses', () => {
  test('a name of many provinces is never decided by name alone', () => {
    const found = communes.find('tân thành');
    expect(found.length).toBeGreaterThan(5);
    expect(new Set(found.map((one) => one.provinceCode)).size).toBeGreaterThan(5);
    expect(found.every((one) => one.name.endsWith('Tân Thành'))).toBe(true);
  });
  test.each([
    ['Ba Đình', ['00004', '16171']],
    ['van lang thai nguyen', ['02143', '05665']],
    ['Dịch Vọng Hậu, Cầu Giấy, Hà Nội', ['00160', '00166']],
    ['quận Ba Đình, Hà Nội', ['00004', '00008', '00025', '00097']],
    ['tx sơn tây hà nội', ['09574', '09604', '09616']],
  ])('%s', (typed, expected) => {
    expect(codes(typed).sort()).toEqual(expected);
  });
  test('an old commune of the same name and province that went elsewhere is offered beside the present one', () => {
    // Old Trung Thành of Thái Nguyên city became part of Tích Lương; another commune bears the name today.
    const names = communes.find('phường Trung Thành, Thái Nguyên').map((one) => one.name);
    expect(names).toContain('Phường Trung Thành');
    expect(names).toContain('Phường Tích Lương');
  });
  test('the list is bounded', () => {
    expect(codes('phường 1').length).toBeLessThanOrEqual(20);
  });
});

describe('not sure enough: nothing', () => {
  test.each([
    ['Hà Nội'],
    ['tỉnh Bắc Giang'],
    ['Bắc Giang'],
    ['huế'],
    ['abc'],
    ['ờ'],
    ['phường'],
    ['xã'],
    ['quận'],
    [''],
    ['   '],
    // answers to other questions that were names of communes once
    ['1'],
    ['12'],
    ['xã 1'],
    ['đồng ý'],
    ['dong y'],
    ['dừng'],
    ['chưa'],
    ['con'],
    ['không biết'],
    ['tôi không nhớ'],
    ['lung tung gì đó'],
    ['99999'],
    ['phường Trúc Bạch, Cà Mau'],
    [`ba đình hà nội ${'x'.repeat(300)}`],
    ['🙂🙂🙂'],
    ['phường '.repeat(40)],
  ])('%s', (typed) => {
    expect(codes(typed)).toEqual([]);
  });
});

describe('the demo commune', () => {
  test.each([['demo'], ['thử'], ['DÙNG THỬ'], ['phường mẫu'], ['Phường Mẫu, Tỉnh Mẫu'], ['00000']])(
    '%s',
    (typed) => {
      expect(communes.find(typed)).toEqual([DEMO_COMMUNE]);
    },
  );
  test('is not there unless asked for', () => {
    const real = openCommunes(factsDir, { today: '2026-11-22' });
    expect(real.find('demo')).toEqual([]);
    expect(real.byCode('00000')).toBeUndefined();
  });
});

describe('the table', () => {
  test('holds every commune once, in NFC, with its province', () => {
    expect(communes.counts).toEqual({ communes: 3321, oldCommunes: 10806, repaired: 453, dropped: 0 });
    const all = communes.search('', 10_000);
    expect(all).toHaveLength(3322);
    expect(all.filter((one) => one.name !== one.name.normalize('NFC'))).toEqual([]);
    expect(all.filter((one) => !/^(Tỉnh|Thành phố) /.test(one.provinceName))).toEqual([]);
    const kinds = (word: string): number => all.filter((one) => one.name.startsWith(word)).length;
    // 709 wards after the resolutions of 2026, and the demo ward.
    expect([kinds('Phường '), kinds('Xã '), kinds('Đặc khu ')]).toEqual([710, 2599, 13]);
  });
  test('every commune is found by its own name and province', () => {
    const lost = communes
      .search('', 10_000)
      .filter((one) => !communes.find(`${one.name}, ${one.provinceName}`).includes(one));
    expect(lost).toEqual([]);
  });
  test('changes apply from their day', () => {
    const at = (today: string): string | undefined => openCommunes(factsDir, { today }).byCode('26368')?.name;
    expect(at('2026-04-29')).toBe('Xã Long Thành');
    expect(at('2026-04-30')).toBe('Phường Long Thành');
    expect(communes.byCode('06970')?.provinceName).toBe('Thành phố Quảng Ninh');
    expect(communes.provinces().filter((one) => one.name.startsWith('Thành phố'))).toHaveLength(9);
  });
  test('search narrows by beginnings of words, within its limit', () => {
    expect(communes.search('hoan ki', 5).map((one) => one.code)).toEqual(['00070']);
    expect(communes.search('ha noi', 3)).toHaveLength(3);
    expect(communes.search('zzz', 3)).toEqual([]);
  });
});

describe('mistakes of the source and of the patch', () => {
  const wards = [
    { ward_code: '00001', name: 'Xã Một', province_code: '01' },
    { ward_code: '00002', name: 'Xã Hai', province_code: '01' },
  ];
  const provinces = [{ province_code: '01', name: 'Thử', place_type: 'Tỉnh' }];
  const row = { old_district_name: 'Huyện Cũ', old_province_name: 'Tỉnh Xưa', new_province_name: 'Thử' };
  const table = buildCommuneTable(
    {
      wards,
      provinces,
      mappings: [
        { ...row, old_ward_name: 'Xã A', new_ward_code: '00001', new_ward_name: 'Xã Một' },
        { ...row, old_ward_name: 'Xã B', new_ward_code: '12', new_ward_name: 'Xã Hai' },
        { ...row, old_ward_name: 'Xã C', new_ward_code: '12', new_ward_name: 'Xã Ba' },
      ],
    },
    { source: 'test', importedOn: '2026-11-22' },
  );
  test('a wrong code is repaired by a name that stands once, else the row is dropped and counted', () => {
    expect(table.counts).toEqual({ communes: 2, oldCommunes: 2, repaired: 1, dropped: 1 });
    expect(table.oldCommunes).toEqual([
      ['Xã A', 0, ['00001']],
      ['Xã B', 0, ['00002']],
    ]);
  });
  const patch = (line: string): string => `provinces: []\ndoubts: []\ncommunes:\n  - code: '00001'\n${line}`;
  const rest =
    '    effectiveFrom: 2026-01-01\n    source: s\n    verifiedOn: 2026-01-01\n    confirmed: true\n';
  test.each([
    [
      'a typo in a key',
      patch(`    nmae: Phường Một\n${rest}`),
      /patch\.yaml:5 unknown key "nmae" → did you mean "name"\?/,
    ],
    [
      'an unknown code',
      patch(`    name: X\n${rest}`).replace('00001', '99999'),
      /patch\.yaml:4 no province or commune/,
    ],
    [
      'a day that is none',
      patch(`    name: X\n${rest}`).replace('2026-01-01', '2026-02-30'),
      /patch\.yaml:6 .*yyyy-mm-dd/,
    ],
  ])('%s', (_, text, message) => {
    expect(() => patchTable(table, { name: 'patch.yaml', text }, '2026-11-22')).toThrow(message);
  });
});
