/** Files of a dossier into its own chat: asked for by a press, made from the dossier, and never for anybody else. */
import type { OutFile, Outgoing } from '../../src/ports/channel';
import { publicStatus } from '../../src/app/dossier/public-status';
import { fileExtract, officerActs, openRig, type Chat, type Rig } from './rig';

jest.setTimeout(60_000);

let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());

const labels = ({ buttons }: Outgoing) => buttons.map(({ label }) => label);
const fileOf = (chat: Chat): OutFile => chat.last().files![0]!;
const dossier = async (code: string) => (await rig.house.store.dossiers.byCode(code))!.doc;
const sent = async (id: string) =>
  (await rig.house.store.audit.ofSubject(id, 50)).filter(({ what }) => what === 'send-file');

/** The result as an officer hands it out. */
async function resultFor(code: string): Promise<string> {
  const { id } = await dossier(code);
  await rig.house.files.put('result-key-of-the-test', Buffer.from('%PDF-1.7 result'));
  await rig.house.store.attachments.put({
    ...{ id: 'result-1', owner: id, state: 'ok', name: 'trich-luc.pdf', type: 'application/pdf' },
    ...{ bytes: 15, fileKey: 'result-key-of-the-test', at: rig.universe.now() },
  });
  await officerActs(rig, code, { type: 'receive', officialCode: null, dueOn: '2026-11-26' });
  await officerActs(rig, code, { type: 'process' });
  await officerActs(rig, code, { type: 'result', result: { kind: 'file', attachment: 'result-1' } });
  await rig.quiet();
  return id;
}

it('offers the declaration with “đã gửi”, and sends it as it is at that moment', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  expect(labels(chat.last())).toEqual(expect.arrayContaining(['Tờ khai (PDF)', 'Tờ khai (Word)']));
  const { id } = await dossier(code);
  expect(await chat.press('Tờ khai (PDF)')).toContain(code);
  const pdf = await rig.house.outFiles(fileOf(chat));
  expect(pdf).toMatchObject({ name: `to-khai-${code}.pdf`, type: 'application/pdf' });
  expect(pdf?.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  await chat.press('Tờ khai (Word)');
  const word = await rig.house.outFiles(fileOf(chat));
  expect(word?.name).toBe(`to-khai-${code}.docx`);
  expect(word?.bytes.subarray(0, 2).toString()).toBe('PK');
  const rows = await sent(id);
  expect(rows.map(({ who, agency }) => [who, agency])).toEqual(Array(2).fill(['citizen', null]));
  expect(publicStatus(await dossier(code), rows).views.map(({ act }) => act)).toEqual([
    'download',
    'download',
  ]);
});

it('offers the result when it is a file, with its news and in the status', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  await chat.say('tra cứu');
  expect(labels(chat.last())).not.toContain('Nhận kết quả');
  await resultFor(code);
  expect(labels(chat.last())).toContain('Nhận kết quả');
  await chat.say('tra cứu');
  expect(labels(chat.last())).toEqual(expect.arrayContaining(['Nhận kết quả', 'Tờ khai (PDF)']));
  await chat.press('Nhận kết quả');
  const found = await rig.house.outFiles(fileOf(chat));
  expect(found).toMatchObject({ name: 'trich-luc.pdf', type: 'application/pdf' });
  expect(found?.bytes.toString()).toBe('%PDF-1.7 result');
});

it('gives another chat nothing: no button, no press, no file', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  const id = await resultFor(code);
  const stranger = rig.chat();
  await stranger.say(code);
  await stranger.say('5678');
  expect(stranger.last().text).toContain(code);
  expect(labels(stranger.last())).toEqual([]);
  for (const sort of ['pdf', 'docx', 'result']) {
    await stranger.answered({ type: 'choice', choice: `l|file|${code}.${sort}` } as never);
    expect(stranger.last().files).toBeUndefined();
    expect(stranger.last().text).toMatch(/không còn ở đây/);
  }
  // Even a turn that named it would open nothing.
  const owner = (await rig.house.store.conversations.find(stranger.address))!.doc.id;
  const wanted: OutFile[] = [
    { type: 'declaration', dossier: id, owner, format: 'pdf' },
    { type: 'result', dossier: id, owner, attachment: 'result-1' },
  ];
  for (const file of wanted) expect(await rig.house.outFiles(file)).toBeNull();
  expect(await sent(id)).toEqual([]);
});

it('opens no attachment but the result', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  const { id: dossierId, conversation: owner } = await dossier(code);
  await rig.house.files.put('paper-key-of-the-test', Buffer.from('paper'));
  await rig.house.store.attachments.put({
    ...{ id: 'paper', owner: dossierId, state: 'ok', name: 'p.jpg', type: 'image/jpeg' },
    ...{ bytes: 5, fileKey: 'paper-key-of-the-test', at: rig.universe.now() },
  });
  const file = { type: 'result', dossier: dossierId, owner, attachment: 'paper' } as const;
  expect(await rig.house.outFiles(file)).toBeNull();
});

it('says kindly, once, that a file is gone', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  await resultFor(code);
  await chat.press('Nhận kết quả');
  const file = fileOf(chat);
  await rig.house.store.attachments.remove('result-1');
  const from = chat.heard.length;
  for (let n = 0; n < 2; n++) expect(await rig.house.outFiles(file)).toBeNull();
  await rig.quiet();
  expect(chat.heard.slice(from).map(({ text }) => text)).toEqual([
    expect.stringMatching(/tệp này không còn ở đây/),
  ]);
});

it('changes nothing where files cannot be handed out', async () => {
  const open = rig.house.channels.get('test')!;
  rig.house.channels.set('test', { ...open, capabilities: { ...open.capabilities, documents: false } });
  const chat = rig.chat();
  const code = await fileExtract(chat);
  expect(labels(chat.last())).toEqual(['Sửa hồ sơ', 'Rút hồ sơ']);
  await chat.answered({ type: 'choice', choice: `l|file|${code}.pdf` } as never);
  expect(chat.last().files).toBeUndefined();
});

it('a result that belongs to another dossier is not sent, whatever this one says', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  const id = await resultFor(code);
  const kept = (await rig.house.store.attachments.get('result-1'))!;
  const owner = (await rig.house.store.conversations.find(chat.address))!.doc.id;
  const file = { type: 'result', dossier: id, owner, attachment: 'result-1' } as const;
  expect(await rig.house.outFiles(file)).not.toBeNull();
  await rig.house.store.attachments.put({ ...kept, owner: 'another-dossier' });
  expect(await rig.house.outFiles(file)).toBeNull();
});
