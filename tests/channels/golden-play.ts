/** Plays a golden talk in a chat of a whole house, to the officer's result, and tells what came of it. */
import { createHash } from 'node:crypto';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { pickOffered } from '../../src/app/talk/understanding';
import { isPhotoValue } from '../../src/flow/kinds/photo';
import type { AnswerValue, Session } from '../../src/flow/types';
import { walk } from '../../src/flow/view';
import type { OutButton } from '../../src/ports/channel';
import type { Dossier } from '../../src/ports/documents';
import { officerActs } from '../app/rig';
import { brokenPhoto } from '../e2e/birth-papers';
import {
  asked,
  begin,
  contextOf,
  eventsOf,
  flowFor,
  play,
  view,
  type TalkFile,
  type TalkTurn,
} from '../flow/talk-runner';
import { COMMUNES, type GoldenChat, type GoldenHouse, type Paper } from './golden-house';

/** `text`: words and numbers only. `buttons`: whatever is offered as a button is pressed. */
export type Mode = 'text' | 'buttons';

export interface Played {
  readonly talk: TalkFile;
  /** Both sides; what differs from run to run is masked. */
  readonly lines: readonly string[];
  /** As the citizen read it. */
  readonly shown: readonly string[];
  readonly presses: number;
  /** Where the house asked for another step than the talk says. */
  readonly strayed: readonly string[];
  readonly dossier: unknown;
  /** Answers of the dossier by step, photos by how many. */
  readonly values: Readonly<Record<string, unknown>> | null;
  readonly masked: (words: string) => string;
  readonly code: string | null;
}

const WISHES: Readonly<Record<string, string>> = {
  'khai-sinh': 'đăng ký khai sinh',
  'trich-luc-ho-tich': 'xin trích lục khai sinh',
  'xac-nhan-hon-nhan': 'giấy xác nhận độc thân',
};
const WORDS: Readonly<Record<string, string>> = {
  stop: 'dừng',
  resume: 'tiếp tục',
  explain: 'giải thích',
  back: 'quay lại',
};

interface Run {
  readonly house: GoldenHouse;
  readonly chat: GoldenChat;
  readonly talk: TalkFile;
  readonly mode: Mode;
  presses: number;
}

const stateOf = async ({ house, chat }: Run) =>
  (await house.rig.house.store.conversations.find(chat.address))!.doc;

/** Choices and what is offered outside a flow have numbers; all else its words. */
const hasNumber = ({ id }: OutButton): boolean => /^(?:l\||a\|[^|]*\|(?!-))/.test(id);

async function take(run: Run, wanted: (button: OutButton) => boolean, what: string): Promise<void> {
  const { offered } = await stateOf(run);
  const at = offered.findIndex(wanted);
  const button = offered[at];
  if (button === undefined) {
    const there = offered.map(({ id }) => id).join(', ');
    throw new Error(
      `${run.talk.file}: ${what} is not offered, but ${there}\n${run.chat.shown().at(-1) ?? ''}`,
    );
  }
  if (run.mode === 'text') return run.chat.write(hasNumber(button) ? String(at + 1) : button.label);
  run.presses += 1;
  return run.chat.press(button);
}

/** The number of a line of the review. */
function numberOf(session: Session, path: string, talk: TalkFile): number {
  const flow = flowFor(talk);
  const { lines } = walk(flow, session, contextOf(flow, talk.agency));
  return (
    lines.filter(({ step }) => !step.hidden && step.kind !== 'stop').findIndex((spot) => spot.path === path) +
    1
  );
}

async function editLine(run: Run, path: string): Promise<void> {
  const number = /^\d+$/.test(path) ? path : numberOf((await stateOf(run)).session!, path, run.talk);
  await run.chat.write(`sửa ${number}`);
}

async function command(run: Run, words: string): Promise<void> {
  const [name = '', path] = words.split(' ');
  if (name === 'edit') return editLine(run, path ?? '');
  const spoken = WORDS[name];
  const { offered } = await stateOf(run);
  const button = offered.find(({ id }) => id.startsWith(`c|${name}|`));
  if (spoken !== undefined && (run.mode === 'text' || button === undefined)) return run.chat.write(spoken);
  // "Vẫn gửi" where nobody receives was never offered: it is said.
  if (button === undefined) return run.chat.write('vẫn gửi để cán bộ xem');
  return take(run, ({ id }) => id === button.id, name);
}

async function tap(run: Run, words: string): Promise<void> {
  const id = `a|${words.replace(' ', '|')}`;
  const isOffered = async () => (await stateOf(run)).offered.some((button) => button.id === id);
  const [path = ''] = words.split(' ');
  if (await isOffered()) return take(run, (button) => button.id === id, words);
  if (run.mode === 'buttons') {
    run.presses += 1;
    return run.chat.press({ id, label: '' });
  }
  await editLine(run, path);
  return take(run, (button) => button.id === id, words);
}

/** The button that says what these words said in the talk, if it is offered. */
async function buttonFor(
  run: Run,
  said: string,
  step: string | null,
  value: unknown,
): Promise<OutButton | undefined> {
  const { offered } = await stateOf(run);
  const named = pickOffered(said, offered);
  // A number beside "Giữ nguyên" is a number.
  const isNumber = /^\d+$/.test(said.trim());
  const picked = offered.some((button) => button.id === named && (!isNumber || hasNumber(button)))
    ? named
    : null;
  const consent = typeof value === 'object' && value !== null && 'agreed' in value && value.agreed === true;
  const ids = [picked, `a|${step ?? ''}|${String(value)}`, value === null ? `a|${step ?? ''}|-skip` : null];
  return offered.find(({ id }) => ids.includes(id) || (consent && /^d\|consent\|\d+\|agreed/.test(id)));
}

async function citizen(run: Run, said: string, step: string | null, value: unknown): Promise<void> {
  const words = said.replaceAll(COMMUNES.receives, COMMUNES[run.talk.agency ?? 'receives']);
  const button = run.mode === 'buttons' ? await buttonFor(run, words, step, value) : undefined;
  if (button === undefined) return run.chat.write(words);
  return take(run, ({ id }) => id === button.id, words);
}

const papers = new Map<string, Promise<Paper>>();

/** Every name is a paper of its own colour; what the talk says of it later is true of its bytes. */
function paperOf({ file, turns }: TalkFile, name: string): Promise<Paper> {
  const said = (sort: 'ready' | 'refused') => turns.flatMap((turn) => turn[sort] ?? []);
  const key = `${file} ${name}`;
  const make = async (): Promise<Paper> => {
    const is = (words: string[], what: string) => words.includes(`${name} ${what}`);
    const pdf = name.endsWith('.pdf');
    const background = `#${createHash('sha256').update(key).digest('hex').slice(0, 6)}`;
    const side = is(said('ready'), 'small') ? 480 : 1_200;
    const photo = () =>
      sharp({ create: { width: side, height: side, channels: 3, background } })
        .jpeg()
        .toBuffer();
    const broken = is(said('refused'), 'broken');
    const bytes = pdf ? await twoPages(key) : broken ? (await brokenPhoto(name)).buffer : await photo();
    return { name: name.replace(/\.pdf$/, ''), pdf, bytes };
  };
  return papers.get(key) ?? papers.set(key, make()).get(key)!;
}

async function twoPages(title: string): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  pdf.setTitle(title);
  pdf.addPage([420, 595]);
  pdf.addPage([420, 595]);
  return Buffer.from(await pdf.save());
}

async function playTurn(run: Run, turn: TalkTurn, step: string | null, value: unknown): Promise<void> {
  if (turn.photos !== undefined) {
    const shown = await Promise.all(turn.photos.map((name) => paperOf(run.talk, name)));
    return run.chat.show(shown);
  }
  if (turn.citizen !== undefined) return citizen(run, turn.citizen, step, value);
  if (turn.tap !== undefined) return tap(run, turn.tap);
  if (turn.command !== undefined) return command(run, turn.command);
  // What becomes of photos the house finds out by itself.
  return run.chat.rest();
}

/** To the end of the written talk. */
async function playTurns(run: Run): Promise<string[]> {
  const { talk } = run;
  const flow = flowFor(talk);
  const context = contextOf(flow, talk.agency);
  const strayed: string[] = [];
  let { session } = begin(flow, context);
  for (const [at, turn] of talk.turns.entries()) {
    const step = asked(flow, session, context);
    session = play(flow, session, eventsOf(turn), context).session;
    await playTurn(run, turn, step, step === null ? undefined : view(flow, session, context)[step]);
    const here = (await stateOf(run)).session;
    const now = here === null ? null : asked(flow, here, context);
    const wanted = asked(flow, session, context);
    if (here !== null && now !== wanted)
      strayed.push(`${talk.file} turn ${at + 1}: ${now ?? 'none'}, not ${wanted ?? 'none'}`);
  }
  return strayed;
}

const CODE = /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/g;
const masked = (words: string): string =>
  words.replaceAll(CODE, 'MÃ').replaceAll(/ho-so\/[\w-]+/g, 'ho-so/…');

async function untilTrue(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (
    const end = Date.now() + 40_000;
    !(await holds());
    await new Promise((resolve) => setTimeout(resolve, 25))
  )
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
}

/** GỬI, reception and result. */
async function fileIt(run: Run): Promise<Dossier | null> {
  const { session } = await stateOf(run);
  if (session?.phase !== 'review') return null;
  await take(run, ({ id }) => /^d\|send\||^c\|send-new\|/.test(id), 'to send');
  await untilTrue(async () => (await stateOf(run)).dossiers.length > 0, `${run.talk.file}: sent`);
  const { rig } = run.house;
  const { id, code } = (await stateOf(run)).dossiers[0]!;
  const dossierNow = async () => (await rig.house.store.dossiers.byId(id))!.doc;
  await untilTrue(
    async () => (await dossierNow()).parts[0]?.delivery?.state === 'accepted',
    `${run.talk.file}: the delivery`,
  );
  await officerActs(rig, code, { type: 'receive', officialCode: 'H01.2026-0001', dueOn: '2026-11-27' });
  await officerActs(rig, code, { type: 'process' });
  const result = { kind: 'pick-up', place: 'Quầy số 3', hours: '8 giờ đến 11 giờ' } as const;
  await officerActs(rig, code, { type: 'result', result });
  await untilTrue(async () => (await stateOf(run)).dossiers[0]?.status === 9, `${run.talk.file}: the result`);
  await run.chat.rest();
  return dossierNow();
}

/** All of a dossier that must not depend on the channel. */
async function essence({ house }: Run, dossier: Dossier) {
  const { store, files } = house.rig.house;
  const attachments = await store.attachments.ofOwner(dossier.id);
  const kept = await Promise.all(
    attachments.map(async ({ id, type, pages, flags, state, fileKey }) => {
      const print = createHash('sha256')
        .update(await files.get(fileKey))
        .digest('hex');
      return [id, { type, pages, flags, state, print }] as const;
    }),
  );
  const file = new Map<string, object>(kept);
  const valueOf = (value: AnswerValue): unknown =>
    isPhotoValue(value)
      ? {
          ...value,
          photos: value.photos.map(({ id, sort, state, pages, flags }) => ({
            sort,
            state,
            pages,
            flags,
            ...file.get(id),
          })),
        }
      : value;
  return {
    procedure: dossier.procedure,
    people: dossier.people,
    answers: dossier.answers.map((answer) => ({ ...answer, value: valueOf(answer.value) })),
    extra: dossier.extra,
    facts: dossier.facts,
    parts: dossier.parts.map(
      ({ agency, agencyName, procedure, status, dueOn, lookBy, officialCode, result, rounds }) => ({
        ...{ agency, agencyName, procedure, status, dueOn, lookBy, officialCode, result },
        rounds: rounds.map(({ n, kind, changed }) => ({ n, kind, changed })),
      }),
    ),
    history: dossier.history.map(({ by, event, part, status, text }) => ({
      by: by.role,
      event,
      part,
      status,
      text: text === null ? null : masked(text),
    })),
    rest: [dossier.demo, dossier.status, dossier.retentionDays],
    attachments: kept.length,
  };
}

/** As talks write answers, photos by how many. */
const shortly = (value: AnswerValue): unknown =>
  !isPhotoValue(value) ? value : value.bring && value.photos.length === 0 ? 'bring' : value.photos.length;

export async function playTalk(house: GoldenHouse, talk: TalkFile, mode: Mode): Promise<Played> {
  const chat = await house.chat();
  const run: Run = { house, chat, talk, mode, presses: 0 };
  await chat.write(WISHES[talk.flow]!);
  await take(run, ({ id }) => id === `l|flow|${talk.flow}`, talk.flow);
  const strayed = await playTurns(run);
  const dossier = await fileIt(run);
  const doc = await stateOf(run);
  const rows = await house.rig.house.store.transcripts.read(doc.id, 0, 1_000);
  return {
    ...{ talk, strayed },
    lines: rows.map(({ side, message }) => `${side}: ${masked(message.text)}`),
    shown: chat.shown(),
    presses: run.presses,
    dossier: dossier === null ? null : await essence(run, dossier),
    values:
      dossier === null
        ? null
        : Object.fromEntries(dossier.answers.map(({ step, value }) => [step, shortly(value)])),
    masked,
    code: dossier?.code ?? null,
  };
}
