import { readDate } from '../../src/flow/vietnamese-date';

const today = '2026-11-22';
const bounds = { min: '1900-01-01', max: '2100-12-31' };
/** A reading on one line: "2024-09-02", "?2024-09-02" to confirm, "a|b" to choose from, or its type. */
function told(text: string, within = bounds): string {
  const reading = readDate(text, today, within);
  if (reading.type === 'date') return reading.value;
  if (reading.type === 'confirm') return `?${reading.value}`;
  return reading.type === 'either' ? reading.values.join('|') : reading.type;
}

const cases: readonly [string, string][] = [
  ['05/3/85', '1985-03-05'],
  ['5.3.1985', '1985-03-05'],
  ['5-3-1985', '1985-03-05'],
  ['05031985', '1985-03-05'],
  ['050385', '1985-03-05'],
  ['5 3 1985', '1985-03-05'],
  ['mùng 5 tháng 3 năm 85', '1985-03-05'],
  ['mồng 5/3/1985', '1985-03-05'],
  ['ngày 5 tháng ba năm một chín tám lăm', '1985-03-05'],
  ['5 thang 3 nam 1985', '1985-03-05'],
  ['NGÀY 05 THÁNG 03 NĂM 1985', '1985-03-05'],
  ['dạ cháu sinh ngày 5/3/1985 ạ', '1985-03-05'],
  ['bố cháu mất ngày 5 - 3 - 2020', '2020-03-05'],
  ['2024-09-02', '2024-09-02'],
  ['2024/9/2', '2024-09-02'],
  ['19850305', '1985-03-05'],
  ['5031985', '1985-03-05'],
  ['1131985', '1985-03-11'],
  ['1121985', '1985-12-01|1985-02-11'],
  ['o5/o3/1985', '1985-03-05'],
  ['０５／０３／１９８５', '1985-03-05'],
  ['5 tháng 3 1985', '1985-03-05'],
  ['thứ hai, ngày 2/9/2024', '2024-09-02'],
  ['tháng năm năm 1985', '1985-05'],
  ['mười hai tháng năm năm năm lăm', '1955-05-12'],
  ['hai mươi mốt tháng mười một năm một nghìn chín trăm năm mươi tư', '1954-11-21'],
  ['hai mốt tháng mười một một chín năm tư', '1954-11-21'],
  ['30 tháng tư năm bảy lăm', '1975-04-30'],
  ['mùng một tháng sáu năm hai nghìn linh năm', '2005-06-01'],
  ['5 March 1985', '1985-03-05'],
  ['5th of March 1985', 'unreadable'],
  ['5/3 năm ngoái', '2025-03-05'],
  ['5 tháng 3 năm nay', '2026-03-05'],
  ['hôm nay', '2026-11-22'],
  ['hom qua', '2026-11-21'],
  ['dạ mới hôm qua ạ', '2026-11-21'],
  ['hôm kia', '2026-11-20'],
  ['hôm kìa', '2026-11-19'],
  ['ngày mai', '2026-11-23'],
  ['3 ngày trước', '2026-11-19'],
  ['cách đây mười ngày', '2026-11-12'],
  ['thứ 2 tuần trước', '2026-11-09'],
  ['chủ nhật tuần trước', '2026-11-15'],
  ['thứ tư vừa rồi', '2026-11-18'],
  ['1952', '1952'],
  ['khoảng năm 1952', '1952'],
  ['năm 52', '1952'],
  ['một chín năm hai', '1952'],
  ['năm ngoái', '2025'],
  ['tháng 3/1990', '1990-03'],
  ['3/1990', '1990-03'],
  ['tháng 3 năm 1990', '1990-03'],
  ['031990', '1990-03'],
  ['1990-03', '1990-03'],
  // Two digits that may be either century; where only one is allowed it is shown first.
  ['5/3/12', '2012-03-05|1912-03-05'],
  ['29/2/00', '?2000-02-29'],
  ['5/3/27', '1927-03-05'],
  ['khoảng 5/3/1985', '?1985-03-05'],
  ['5/3/1985?', '?1985-03-05'],
  // Lunar days are never taken silently.
  ['5/3/1985 âm lịch', '?1985-04-24'],
  ['mùng 1 tết 2026', '?2026-02-17'],
  ['tết', '?2026-02-17'],
  ['tết năm 2024', '?2024-02-10'],
  ['mùng 3 tết', '?2026-02-19'],
  ['30 tết', '?2026-02-16'],
  ['giao thừa năm 2025', '?2025-01-28'],
  ['tết tây 2020', '2020-01-01'],
  ['rằm tháng giêng', '?2026-03-03'],
  ['ram thang gieng nam 1960', '?1960-02-11'],
  ['hai lăm tháng chạp', '?2026-02-12'],
  ['hai ba tháng chạp', '?2026-02-10'],
  ['25 tháng chạp năm 1952', '?1953-02-08'],
  ['10/3 âm', '?2026-04-26'],
  ['giỗ tổ 2027', '?2027-04-16'],
  ['mùng 1 tháng 6 nhuận năm 2025', '?2025-07-25'],
  ['30/1/2026 âm lịch', '?2026-03-18'],
  ['31/1/2026 âm lịch', 'impossible'],
  ['31/2/2024', 'impossible'],
  ['29/2/2023', 'impossible'],
  ['32/1/2000', 'impossible'],
  ['5/13/2000', 'impossible'],
  ['0/0/2000', 'impossible'],
  ['31/4', 'impossible'],
  ['5/3', 'no-year'],
  ['ngày 5 tháng 3', 'no-year'],
  ['tháng 3', 'no-year'],
  ['không nhớ', 'unreadable'],
  ['5/3/198', 'unreadable'],
  ['70 tuổi', 'unreadable'],
  ['1/2/3/4', 'unreadable'],
  ['rằm', 'unreadable'],
  ['năm', 'unreadable'],
  ['=1+1', 'unreadable'],
  ['5/3/1985 hoặc 6/3/1985', 'unreadable'],
];

test.each(cases)('%j', (text, reading) => expect(told(text)).toBe(reading));

const bounded: readonly [string, { min?: string; max?: string }, string][] = [
  ['5/12/26', { max: today }, '?1926-12-05'],
  ['5/3/12', { max: today }, '2012-03-05|1912-03-05'],
  ['5/3/27', { min: today }, '?2027-03-05'],
  ['tết', { min: today }, '?2027-02-06'],
];

test.each(bounded)('%j within %j', (text, limits, reading) =>
  expect(told(text, { ...bounds, ...limits })).toBe(reading),
);
