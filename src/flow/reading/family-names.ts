/** Family names of Vietnam, and what tells a name from other talk. */
import { fold, foldTone, loosely, wordsOf } from '../text';

/** Of the Kinh, and names shared with others. */
const KINH =
  'nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý lí đinh đoàn trịnh trương lương lưu đào tô tạ ' +
  'thái châu tăng quách cao mai phùng vương hà triệu lâm đàm kiều quan ninh khổng nghiêm bạch bành cù doãn diệp đồng giang ' +
  'giáp hứa khúc khương la lại lục lữ ma mạc mẫn nhâm nhan nông ông phó phí phương quyền sầm sử thạch thân thi thiều tiêu ' +
  'tiền tôn tống trang trà từ ung văn vi viên cát chu chử chung cung cấn cái biện bế âu an ân ấu bá chế công cầm dư đới đậu ' +
  'điêu hàn hán hàng hạ hình kha kim lò lô lai lều mã miêu nghị ngụy nhữ nùng phù quản sơn tào tấn thang thẩm thủy tinh trình vòng vừ ' +
  'xa xuân yên mùa giàng sùng lầu hầu thào cứ hạng vàng cháng lừu tẩn chẻo phàn bàn đặng lường tòng quàng cà hoàng lèng nình ' +
  'danh sơn kim thị liêu lăng chau kiên tăng';
/** First words of names of other peoples. */
const OTHERS =
  'y a h k ka rơ ro ksor siu kpă kpa rah rahlan nay rmah kpuih niê ayun êban eban buôn buon byă bya mlô mlo ênuôl enuol kbuôr ' +
  'hđơk adrơng ya ykhoa bríu arất alăng bling bh’riu zơrâm pơloong hôih cơlâu tơ ngôl coor blúp katơr chamaléa pi năng mang ' +
  'cil kơ să bon rơông liêng hót ndu ha pang ting klong cơ kră jăn đa cát ja điểu thị dụng qua bá đàng lưu thiên trượng ' +
  'từ châu dương quảng não báo phú lộ đạo thông chê sa ra ma him sô wa kra ban bap bạo brao';

const all = (KINH + ' ' + OTHERS).split(' ');
const byTone = new Set(all.map(foldTone));
const byLetters = new Set(all.map(fold));
/** Whose spelling has marks, so that a name begun without them was typed without any. */
const MARKED = new Set(
  KINH.split(' ')
    .filter((name) => fold(name) !== name)
    .map(fold),
);
const MIDDLE = new Set(['van', 'thi']);

/** Words that people say instead of a name, and hardly ever call anybody. */
const TALK = (
  'gì vậy chờ đợi chút xíu xem đã làm giấy xe sao hỏi hoài này kia rồi muốn cần xin nộp nào hả mấy nhiêu giúp hướng dẫn tôi ' +
  'tui ơi thế nữa đâu hết tiền ngày tháng số bị đang sẽ cũng chưa không nhưng để khi lúc việc chuyện nói gửi lấy mất quên ' +
  'kêu bảo viết đọc gõ bấm nhắn lỗi chậm lâu phiền mệt biết cái loại hôm cách ai what who why how help test'
).split(' ');
const talkByTone = new Set(TALK.map(foldTone));
const talkByLetters = new Set(TALK.map(fold));

const PHRASES = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:lệ phí|lý do|và|với|hoặc|${loosely(
    'bằng lái|hồ sơ|thủ tục|căn cước|khai sinh|khai tử|kết hôn|hôn nhân|giấy tờ|ủy ban|uỷ ban|cán bộ|sinh năm|năm sinh|sinh ngày|' +
      'tên gì|để xem|hộ khẩu|trích lục|công chứng|chứng thực|đăng ký|làm giấy|bảo hiểm|sổ đỏ|điện thoại|địa chỉ|cảm ơn|cám ơn|' +
      'xin lỗi|bao giờ|khi nào|thế nào',
  )})(?![\\p{L}\\p{M}])`,
  'iu',
);

const unmarked = (text: string): boolean => fold(text) === text.toLowerCase();

/** Begins it like a name: a family name first, or "thị", "văn" second. */
function opens(words: readonly string[], text: string): boolean {
  const first = (words[0] ?? '').replace(/'.*$/, '');
  if (MIDDLE.has(fold(words[1] ?? ''))) return true;
  return unmarked(text) ? byLetters.has(fold(first)) : byTone.has(foldTone(first));
}

/** Is it talk ("gì vậy", "để xem đã", "làm giấy khai sinh") rather than a name? */
export function isTalk(text: string): boolean {
  if (PHRASES.test(text)) return true;
  const words = wordsOf(text);
  const bare = unmarked(text);
  const hits = words.filter((word) =>
    bare ? talkByLetters.has(fold(word)) : talkByTone.has(foldTone(word)),
  ).length;
  if (bare) return !opens(words, text) && hits * 2 > words.length;
  return hits >= (opens(words, text) ? 2 : 1);
}

/** Was a Vietnamese name typed without any marks ("nguyen van an"), so that it should be asked once more? */
export function lacksMarks(text: string): boolean {
  const [first = '', ...rest] = wordsOf(fold(text));
  return (
    unmarked(text) &&
    rest.length > 0 &&
    (MARKED.has(first) || (byLetters.has(first) && MIDDLE.has(rest[0] ?? '')))
  );
}
