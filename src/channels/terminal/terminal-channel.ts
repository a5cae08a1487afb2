/** The talk in a terminal: one line in is one message, buttons are numbered. For development and for the curious. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import type {
  Address,
  Channel,
  ChannelEvent,
  FileKeeper,
  Inbox,
  IncomingFile,
  Outgoing,
  OutButton,
} from '../../ports/channel';
import { INTAKE } from '../../ports/intake';

export interface TerminalOptions {
  readonly inbox: Inbox;
  readonly incoming: FileKeeper;
  readonly input: Readable;
  readonly output: Writable;
  /** Which talk to go on with. */
  readonly chat: string;
  /** A new id for each message. */
  readonly newId: () => string;
  /** First thing to say, e.g. a procedure's slug. */
  readonly link?: string;
}

export interface Terminal {
  readonly channel: Channel;
  /** Resolves when the input ends or the citizen leaves. */
  run(): Promise<void>;
}

/** Longest wait for an answer before the next line is read. */
const ANSWER_MS = 1_500;
const LAST_WORDS_MS = 500;
const LEAVE = new Set(['thoát', 'thoat', 'exit', 'quit', '/quit']);

/** `/anh <path>` sends a file of this machine. */
const PHOTO = /^\/(?:anh|ảnh)\s+(.+)$/u;

/** A message as the terminal shows it: text, numbered choices, links whole. */
export function renderForTerminal(message: Outgoing): string {
  const choices = message.buttons.map((button, index) => `  [#${index + 1}] ${button.label}`);
  const links = (message.links ?? []).map((link) => `  ${link.label}: ${link.url}`);
  return [message.text, ...choices, ...links].join('\n');
}

export function terminalChannel(options: TerminalOptions): Terminal {
  const { inbox, incoming, input, output, chat, newId } = options;
  const address: Address = { channel: 'terminal', account: 'default', chat };
  let offered: readonly OutButton[] = [];
  let answered = (): void => undefined;
  const print = (text: string) => void output.write(`\n${text}\n`);

  const channel: Channel = {
    name: 'terminal',
    capabilities: { buttons: true, push: false, documents: false },
    send(_to, messages) {
      for (const message of messages) print(renderForTerminal(message));
      offered = messages.at(-1)?.buttons ?? offered;
      output.write('\n> ');
      answered();
      return Promise.resolve('sent');
    },
  };

  /** One message after another: the next line is read when the answer stands (or when none comes, as amid a talk with an officer). */
  async function take(event: ChannelEvent): Promise<void> {
    const answer = new Promise<void>((resolve) => {
      answered = resolve;
      setTimeout(resolve, ANSWER_MS).unref();
    });
    if ((await inbox.take(event)) === 'done') await answer;
  }

  /** "#2" presses the second button; a plain number is the citizen's answer, as in every chat. */
  function eventOf(line: string): ChannelEvent {
    const base = { id: newId(), address };
    const pressed = /^#(\d+)$/.test(line.trim()) ? offered[Number(line.trim().slice(1)) - 1] : undefined;
    if (pressed !== undefined) return { ...base, type: 'choice', choice: pressed.id, label: pressed.label };
    const same = offered.find((button) => button.label === line.trim());
    if (same !== undefined) return { ...base, type: 'choice', choice: same.id, label: same.label };
    return { ...base, type: 'text', text: line };
  }

  async function sendPhoto(path: string): Promise<void> {
    const file = await readPhoto(path, incoming);
    if (file === null)
      print('Không đọc được tệp này, hoặc tệp lớn hơn 20 MB. Ví dụ: /anh ./giay-khai-sinh.jpg');
    else await take({ id: newId(), address, type: 'photos', files: [file] });
  }

  return {
    channel,
    async run() {
      const { link } = options;
      await take({ id: newId(), address, type: 'start', ...(link === undefined ? {} : { link }) });
      for await (const line of createInterface({ input })) {
        if (LEAVE.has(line.trim().toLowerCase())) return;
        const path = PHOTO.exec(line.trim())?.[1];
        if (path !== undefined) await sendPhoto(path);
        else if (line.trim() !== '') await take(eventOf(line));
      }
      // Piped input ends at once: what was sent last still gets its answer.
      await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
    },
  };
}

/** A file of this machine, kept; null when there is none that may be sent. */
async function readPhoto(path: string, incoming: FileKeeper): Promise<IncomingFile | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || found.size === 0 || found.size > INTAKE.bytes) return null;
  const bytes = await readFile(path);
  const print = createHash('sha256').update(bytes).digest('base64url');
  const pdf = bytes.toString('latin1', 0, 5) === '%PDF-';
  const source = { type: 'kept' as const, fileKey: await incoming.keep(bytes) };
  return { source, print, pdf, name: basename(path) };
}
