/** Telegram without Telegram: the Bot API on this machine, and the citizen is whoever types. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Citizen, Shown } from '../../tests/servers/fake-telegram/fake-telegram';
import { refuse, type Command } from './command';

const HELP =
  'type a message, or: #2 (second button) · /photo FILE · /document FILE · /voice FILE · /contact 0912345678 · /location 21.03 105.85 · /sticker · /block · /unblock';

function press(citizen: Citizen, place: number): void {
  const message = citizen.shown().findLast(({ buttons }) => buttons.length > 0);
  const label = citizen.keyboard().flat()[place - 1];
  const button = message?.buttons.flat()[place - 1];
  if (message !== undefined && button?.data !== undefined) {
    citizen.press({ message, data: button.data });
  } else if (button?.url !== undefined) throw new Error(`that button opens ${button.url}`);
  else if (label !== undefined) citizen.press(label);
  else throw new Error(`there is no button ${place}`);
}

const DEEDS: Readonly<Record<string, (citizen: Citizen, rest: string) => unknown>> = {
  photo: (citizen, path) => citizen.photo(readFileSync(path)),
  document: (citizen, path) => {
    const mime = path.endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream';
    return citizen.document(readFileSync(path), { name: basename(path), mime });
  },
  voice: (citizen, path) => citizen.voice(readFileSync(path)),
  contact(citizen, phone) {
    if (!/^\+?\d{8,15}$/.test(phone)) throw new Error('a phone number looks like 0912345678');
    return citizen.contact(phone);
  },
  location(citizen, rest) {
    const [latitude, longitude] = rest.split(/[\s,]+/).map(Number);
    if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) {
      throw new Error('a place looks like /location 21.03 105.85');
    }
    return citizen.location(Number(latitude), Number(longitude));
  },
  sticker: (citizen) => citizen.sticker(),
  block: (citizen) => citizen.block(),
  unblock: (citizen) => citizen.unblock(),
};

/** One typed line becomes what a citizen does. @throws Error with one line that says what is wrong */
export function play(citizen: Citizen, line: string): void {
  const place = /^#(\d{1,3})$/.exec(line.trim())?.[1];
  const [, name = '', rest = ''] = /^\/(\w+)\s*(.*)$/.exec(line.trim()) ?? [];
  if (place !== undefined) press(citizen, Number(place));
  else if (Object.hasOwn(DEEDS, name)) DEEDS[name]?.(citizen, rest);
  else if (line.trim() !== '') citizen.text(line);
}

/** Tells each message when it comes, and again when it is edited. */
async function tell(citizen: Citizen, say: (message: Shown) => void): Promise<never> {
  const told = new Map<number, number>();
  for (;;) {
    const isNews = ({ messageId, edits }: Shown): boolean => told.get(messageId) !== edits;
    const message = await citizen.waitFor((shown) => shown.find(isNews), 2 ** 31 - 1);
    told.set(message.messageId, message.edits);
    say(message);
  }
}

export const fakeTelegram: Command = {
  usage: '[port] [token]',
  what: 'a Bot API to try the Telegram bot with, on this machine: you type as the citizen; Ctrl-C ends it',
  async run([port = '0', token, ...more], { say }) {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) refuse('the port is a number up to 65535');
    if (token !== undefined && !/^\d+:[\w-]+$/.test(token)) {
      refuse('a bot token looks like 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw');
    }
    if (more.length > 0) refuse('give a port and a token, nothing more');
    // Loaded only here: it needs packages that are not installed where the house merely runs.
    const { default: fakes } = await import('../../tests/servers/fake-telegram/fake-telegram.js');
    const { startFakeTelegram, TOKEN, asLine } = fakes;
    const bot = token ?? TOKEN;
    const fake = await startFakeTelegram({ port: Number(port), bots: [bot] });
    const citizen = fake.citizen({ firstName: 'Lan' });
    say(`TELEGRAM_BOT_TOKEN=${bot} TELEGRAM_API_ROOT=${fake.url} TELEGRAM_MODE=polling npm start`);
    say(HELP);
    void tell(citizen, (message) => say(message.edits > 0 ? `(edited) ${asLine(message)}` : asLine(message)));
    createInterface({ input: process.stdin }).on('line', (line) => {
      try {
        play(citizen, line);
      } catch (error) {
        say(`! ${(error as Error).message}`);
      }
    });
  },
};
