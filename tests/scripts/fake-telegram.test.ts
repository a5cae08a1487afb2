/** `npm run admin -- fake-telegram`: what a developer types is what a citizen does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeTelegram, play } from '../../scripts/admin/fake-telegram';
import type { Tools } from '../../scripts/admin/command';
import { startFakeTelegram, type Citizen, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { callBot } from '../servers-self/bot-ends';

const dir = mkdtempSync(join(tmpdir(), 'mot-cua-play-'));
const scan = join(dir, 'giấy tờ.pdf');
writeFileSync(scan, '%PDF-1.7');
let fake: FakeTelegram;
let lan: Citizen;

beforeEach(async () => {
  fake = await startFakeTelegram();
  lan = fake.citizen();
});
afterEach(() => fake.close());
afterAll(() => rmSync(dir, { recursive: true }));

it.each([
  ['xin chào', { text: 'xin chào' }],
  ['/start kt18', { text: '/start kt18' }],
  [`/document ${scan}`, { document: { file_name: 'giấy tờ.pdf', mime_type: 'application/pdf' } }],
  [`/photo ${scan}`, { photo: [{}, { file_size: 8 }] }],
  [`/voice ${scan}`, { voice: { mime_type: 'audio/ogg' } }],
  ['/contact 0912345678', { contact: { phone_number: '0912345678' } }],
  ['/location 21.03, 105.85', { location: { latitude: 21.03, longitude: 105.85 } }],
  ['/sticker', { sticker: {} }],
])('plays %s', (line, message) => {
  play(lan, line);
  expect(fake.pending()).toMatchObject([{ message }]);
});

it('presses the numbered button, of a message or of the keyboard', async () => {
  play(lan, 'a');
  const buttons = ['Đúng', 'Sai'].map((text, index) => ({ text, callback_data: `${index}` }));
  const markups = [{ inline_keyboard: [buttons] }, { keyboard: [['Một'], ['Hai'], ['Ba']] }];
  for (const reply_markup of markups) {
    await callBot(fake, 'sendMessage', { chat_id: lan.chatId, text: 'Đúng chưa?', reply_markup });
  }
  play(lan, '#2');
  play(lan, '#3');
  expect(fake.pending().slice(1)).toMatchObject([
    { callback_query: { data: '1' } },
    { message: { text: 'Ba' } },
  ]);
  expect(() => play(lan, '#9')).toThrow('there is no button 9');
});

it.each(['/photo /no/such/file', '/contact lan', '/location here', '#1'])(
  'says what is wrong with %s',
  (line) => {
    expect(() => play(lan, line)).toThrow(/\S/);
    expect(fake.pending()).toEqual([]);
  },
);

it.each([
  [['port'], 'the port is a number'],
  [['70000'], 'the port is a number'],
  [['0', 'token'], 'a bot token looks like'],
  [['0', '1:a', 'b'], 'nothing more'],
])('refuses the arguments %j', async (args, why) => {
  await expect(fakeTelegram.run(args, {} as Tools)).rejects.toThrow(why);
});
