/** One message cut where a new thing begins: "Nguyễn Minh An, sinh 5/3/2026, con gái" is three. */
import { clean, loosely } from '../text';

const START = loosely(
  '(?<!(?:ngày|năm|tháng) )sinh (?:ngày|năm|tháng|\\d)|ngày (?:tháng )?(?:năm )?sinh|(?<!tháng )năm sinh|' +
    'số (?:thẻ )?(?:căn cước|cccd|cmnd|định danh)|(?<!(?:số|thẻ) )(?:căn cước|cccd|cmnd)|(?<!số )sđt|số điện thoại|số đt|' +
    '(?<!số )điện thoại|dân tộc|giới tính|(?:con|bé|cháu) (?:trai|gái)|email',
);
const LABEL = new RegExp(`(?<=\\S) (?=(?:${START})(?![\\p{L}\\p{M}]))`, 'u');
const PLACE = new RegExp(`(?<=\\d) (?=${loosely('(?:tại|ở)')} )`, 'u');
const CUT = /[;\n]+|,(?!\d)|\.(?=\s)/;
/** No plain answer of one part has any of these. */
const HINT =
  /[,;\n]|\. |\d.*\d.*\d|sinh|trai|gái|gai|căn cước|can cuoc|cccd|cmnd|sđt|sdt|điện thoại|dien thoai|dân tộc|dan toc|giới tính|gioi tinh|email/;
const COURTESY = new RegExp(
  `^(?:${loosely('dạ|vâng|ạ|à|thưa|ừ|rồi')})(?: ${loosely('ạ|thưa|cán bộ')})*$`,
  'iu',
);

const MAX = 400;

/** The parts in order, courtesies left out; fewer than two when there is only one thing said. Expects NFC. */
export function segmentsOf(text: string): readonly string[] {
  if (text.length > MAX || !HINT.test(text)) return [];
  const parts = text
    .split(CUT)
    .map(clean)
    .flatMap((part) => part.split(LABEL))
    .flatMap((part) => part.split(PLACE))
    .map((part) => part.replace(/^[ .,:;-]+|[ .,:;-]+$/g, ''));
  return parts.filter((part) => part !== '' && !COURTESY.test(part));
}
