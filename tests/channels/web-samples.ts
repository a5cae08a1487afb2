/** A dossier, its audit and procedures, as the public pages meet them. People are made up. */
import type { AuditRow, Dossier, HistoryEntry, Part, Status } from '../../src/ports/documents';
import type { ProcedurePage } from '../../src/web/procedure-pages';

export const somePart = (over: Partial<Part> = {}): Part => ({
  id: 'p1',
  agency: 'phuong-mau',
  agencyName: 'Ủy ban nhân dân phường Mẫu',
  procedure: 'khai-sinh',
  status: 1,
  dueOn: null,
  lookBy: '2026-03-12',
  officialCode: null,
  receivedAt: null,
  rounds: [],
  supplement: null,
  payment: null,
  result: null,
  withdrawAsked: null,
  refusal: null,
  delivery: null,
  pauses: [],
  ...over,
});

const at = (clock: string): number => Date.parse(`2026-03-${clock}:00+07:00`);

const entry = (clock: string, event: string, status: Status, text: string | null = null): HistoryEntry => ({
  at: at(clock),
  by: { role: 'officer', id: 'officer-7', name: 'Trần Văn Cán' },
  event,
  part: 'p1',
  status,
  text,
});

export const someDossier = (part: Partial<Part> = {}): Dossier => ({
  id: 'dossier-1',
  code: 'K7M2Q9X4TRW',
  sessionKey: 'session-1',
  conversation: 'conversation-1',
  demo: true,
  procedure: { id: 'khai-sinh', code: '1.001193', name: 'Đăng ký khai sinh' },
  people: {
    filer: null,
    applicant: { name: 'Nguyễn Thị Bình', nationalId: '001180005678', phone: '0912345678' },
    subject: { name: 'Nguyễn Văn An' },
  },
  answers: [],
  extra: [],
  facts: [],
  parts: [somePart(part)],
  history: [
    entry('10T08:05', 'sent', 1),
    entry('10T09:30', 'assigned', 1, 'ghi chú nội bộ'),
    entry('10T14:00', 'received', 2),
    entry('11T08:00', 'corrected', 2),
    entry('12T10:15', 'ready', 9),
  ],
  status: part.status ?? 1,
  createdAt: at('10T08:05'),
  retentionDays: 30,
  applied: [],
  acts: [],
  nextSeq: 1,
});

const row = (seq: number, clock: string, who: string, what: string): AuditRow => ({
  seq,
  at: at(clock),
  who,
  what,
  agency: 'phuong-mau',
  subject: 'dossier-1',
  hash: 'x',
});

export const someAudit: readonly AuditRow[] = [
  row(1, '10T13:58', 'officer-7', 'view-dossier'),
  row(2, '10T14:00', 'officer-7', 'receive'),
  row(3, '10T14:01', 'system', 'sweep'),
  row(4, '11T09:00', 'citizen', 'view-status'),
];

export const someProcedures: readonly ProcedurePage[] = [
  {
    slug: 'khai-sinh',
    code: '1.001193',
    name: 'Đăng ký khai sinh',
    group: 'Hộ tịch',
    handover: 'file',
    papers: ['Giấy chứng sinh, hoặc giấy thay thế theo luật', 'Số định danh của cha và mẹ'],
    fee: 'Không mất lệ phí nếu đăng ký trong 60 ngày.',
    waivers: ['Gia đình có công, hộ nghèo, người khuyết tật được miễn khi đăng ký quá hạn.'],
    time: 'Trong ngày. Nhận sau 15 giờ thì trả vào ngày làm việc kế tiếp.',
    authority: 'Ủy ban nhân dân cấp xã',
    law: ['Luật Hộ tịch 60/2014/QH13', 'Nghị định 123/2015/NĐ-CP'],
    verifiedOn: '2026-11-21',
  },
  {
    slug: 'cap-doi-can-cuoc',
    code: '2.001179',
    name: 'Cấp đổi thẻ căn cước',
    group: 'Giấy tờ tuỳ thân',
    handover: 'guide',
    papers: [],
    fee: 'Theo biểu lệ phí của Bộ Tài chính.',
    waivers: [],
    time: '7 ngày làm việc',
    authority: 'Công an cấp xã',
    law: ['Luật Căn cước 26/2023/QH15'],
    verifiedOn: '2026-11-21',
  },
];
