/** Filer, applicant and subject from the first word to the dossier: who they are there, and who agreed to what. */
import { createHash } from 'node:crypto';
import { openRig, sendLabel, type Rig } from './rig';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

/** Begins a birth registration in the demo commune. */
const BEGIN = ['làm giấy khai sinh cho cháu', '1', 'phường mẫu'];
const CHILD = ['hôm qua', 'nam', 'Bệnh viện Bạch Mai, Hà Nội', 'Kinh', 'quê cha', 'mang ra quầy'];
const PARENTS = [
  'Phạm Thị Hằng',
  '001198000456',
  'Bùi Văn Tám',
  '001092000457',
  'bỏ qua',
  'không',
  'tại quầy',
];

/** Says everything, sends it, and gives the dossier with the proof of consent. */
async function filed(turns: readonly string[]) {
  const chat = rig.chat();
  for (const words of turns) await chat.say(words);
  await chat.press(sendLabel(chat));
  const code =
    /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/.exec(chat.heard.map(({ text }) => text).join('\n'))?.[0] ?? '';
  const { doc } = (await rig.house.store.dossiers.byCode(code))!;
  const consents = await rig.house.store.consents.ofConversation(doc.conversation);
  return { doc, consents, heard: chat.heard };
}

/** Was the proof made of words that were really said? */
const wasSaid = (hash: string | undefined, heard: readonly { readonly text: string }[]): boolean =>
  heard
    .flatMap(({ text }) => text.split('\n'))
    .some((line) => createHash('sha256').update(line.trim()).digest('hex') === hash);

test('a grandmother is the applicant, her grandchild the subject; nobody else files', async () => {
  const own = ['tôi khai', 'đồng ý', 'bà nội', 'có', 'đã kết hôn', 'Bùi Gia Bảo'];
  const turns = [...BEGIN, ...own, ...CHILD, 'Bùi Thị Bảy', '001150000789', ...PARENTS, '0912000444'];
  const { doc, consents, heard } = await filed(turns);
  expect(doc.people).toEqual({
    filer: { name: 'Bùi Thị Bảy', nationalId: '001150000789', phone: '0912000444' },
    applicant: { name: 'Bùi Thị Bảy', nationalId: '001150000789', phone: '0912000444' },
    subject: { name: 'Bùi Gia Bảo', birth: '2026-11-22' },
  });
  expect(consents.map(({ by, agreed }) => [by, agreed])).toEqual([['applicant', true]]);
  expect(consents[0]?.textKey).toBe('opening.consent.ask');
  expect(wasSaid(consents[0]?.textHash, heard)).toBe(true);
}, 60_000);

test('a volunteer only types: the neighbour requests and agrees, the child is the subject', async () => {
  const helped = [
    'gõ hộ',
    'có',
    'đồng ý',
    'Đỗ Minh Anh',
    '0912000333',
    'ông nội',
    'có',
    'đã kết hôn',
    'Bùi Gia Hưng',
  ];
  const turns = [...BEGIN, ...helped, ...CHILD, 'Bùi Văn Sáu', '001048000789', ...PARENTS, '0912000444'];
  const { doc, consents, heard } = await filed(turns);
  expect(doc.people).toEqual({
    filer: { name: 'Đỗ Minh Anh', phone: '0912000333' },
    applicant: { name: 'Bùi Văn Sáu', nationalId: '001048000789', phone: '0912000444' },
    subject: { name: 'Bùi Gia Hưng', birth: '2026-11-22' },
  });
  expect(consents.map(({ by, agreed }) => [by, agreed])).toEqual([['filer', true]]);
  expect(consents[0]?.textKey).toBe('opening.consent.ask.helped');
  expect(wasSaid(consents[0]?.textHash, heard)).toBe(true);
}, 60_000);
