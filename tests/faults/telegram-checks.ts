/** What must be true when a storm over Telegram is over: by the phones, Telegram's and the agency's ledgers, the disk and, last, the store. */
import sharp from 'sharp';
import { isPhotoValue } from '../../src/app/dossier/photos-of';
import type { Dossier, TranscriptRow } from '../../src/ports/documents';
import type { Files } from '../../src/ports/files';
import type { Store } from '../../src/ports/store';
import { TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import type { OpenedHouse } from './storm-house';
import { CODE, type TelegramCitizen } from './telegram-citizen';
import { WEBHOOK_SECRET, type Scene, type StormedHouse } from './telegram-storm';

/** As much of a scene as is judged. */
type Judged = Pick<Scene, 'telegram' | 'agency' | 'citizens'> & {
  readonly house: Pick<StormedHouse, 'open' | 'mayFollow' | 'mayLog'> & {
    readonly mortals: readonly { readonly server: { readonly printed: () => string } }[];
  };
};

/** No process lives: the store is ours. */
export async function telegramProblems(scene: Judged): Promise<string[]> {
  const { house, citizens, telegram } = scene;
  const opened = await house.open();
  const { store, files } = opened;
  const screenOf = screens(telegram);
  try {
    const each: string[][] = [];
    for (const citizen of citizens)
      each.push([
        ...(await chatProblems(citizen, store, files)),
        ...screenProblems(screenOf(citizen), await talkOf(citizen, store), house.mayFollow).map(
          (problem) => `${nameOf(citizen)}: ${problem}`,
        ),
        ...(await heardProblems(citizen, store, telegram)),
      ]);
    return [
      ...each.flat(),
      ...(await storeProblems(scene, opened)),
      ...ledgerProblems(scene),
      ...logProblems(scene),
    ];
  } finally {
    await opened.close();
  }
}

const nameOf = ({ plan }: TelegramCitizen): string => `${plan.person.nationalId} (${plan.flow})`;

/** The talk as it is stored. */
async function talkOf({ phone }: TelegramCitizen, store: Store): Promise<readonly TranscriptRow[]> {
  const chat = String(phone.chatId);
  const state = await store.conversations.find({ channel: 'telegram', account: 'default', chat });
  return state === null ? [] : store.transcripts.read(state.doc.id, 0, 10_000);
}

async function chatProblems(citizen: TelegramCitizen, store: Store, files: Files): Promise<string[]> {
  const { phone, sends } = citizen;
  const codes = [...new Set(phone.shown().flatMap(({ text }) => CODE.exec(text)?.[0] ?? []))];
  const found = codes[0] === undefined ? null : await store.dossiers.byCode(codes[0]);
  const problems = [
    ...(codes.length === 1 ? [] : [`${codes.length} codes were said instead of one`]),
    ...(found === null
      ? ['its code opens nothing']
      : await dossierProblems(citizen, found.doc, store, files)),
    ...(sends.length > 0 ? [] : ['nobody pressed GỬI']),
  ];
  return problems.map((problem) => `${nameOf(citizen)}: ${problem}`);
}

async function dossierProblems(
  { plan, prints }: TelegramCitizen,
  dossier: Dossier,
  store: Store,
  files: Files,
): Promise<string[]> {
  const whole = JSON.stringify(dossier.answers);
  const photos = dossier.answers.flatMap(({ value }) => (isPhotoValue(value) ? value.photos : []));
  const kept = await store.attachments.ofOwner(dossier.id);
  const problems: string[] = [];
  const { name, nationalId, phone } = plan.person;
  for (const own of [name, nationalId, phone])
    if (!whole.includes(own)) problems.push(`its dossier lacks ${own}`);
  const shown = photos.map(({ print }) => print);
  if (shown.join() !== prints.join())
    problems.push(`its photos are ${shown.join()} instead of ${prints.join()}`);
  if (kept.length !== photos.length) problems.push(`${kept.length} attachments of ${photos.length} photos`);
  for (const [at, { id, state }] of photos.entries()) {
    const attachment = kept.find((one) => one.id === id);
    const colour = plan.papers[at]?.colour;
    if (state !== 'ok' || attachment === undefined || colour === undefined)
      problems.push(`photo ${at} is ${state}`);
    else if (!(await isColour(await files.get(attachment.fileKey), colour)))
      problems.push(`photo ${at} is another's`);
  }
  return problems;
}

/** What was taken stands in the talk once; what nobody answered may stand there, once. */
async function heardProblems(
  citizen: TelegramCitizen,
  store: Store,
  { deliveries }: FakeTelegram,
): Promise<string[]> {
  const { phone } = citizen;
  const talk = await talkOf(citizen, store);
  const mine = deliveries.filter(
    ({ update: { message, callback_query: tap } }) =>
      (message ?? tap?.message)?.chat.id === phone.chatId && message?.text?.startsWith('/start') !== true,
  );
  const taken = mine.filter(({ outcome }) => outcome === 'taken').length;
  const heard = talk.filter(({ side }) => side === 'citizen').length;
  return heard >= taken && heard <= mine.length
    ? []
    : [`chat ${phone.chatId}: ${mine.length} messages, ${taken} of them taken; ${heard} stand in the talk`];
}

/** An encoder may move a colour by a few steps; the next one is eight away. */
async function isColour(bytes: Buffer, colour: readonly number[]): Promise<boolean> {
  const { channels } = await sharp(bytes).stats();
  return colour.every((part, n) => Math.abs((channels[n]?.mean ?? 999) - part) < 4);
}

/** A message, which life of a server sent it (0: none did), and when Telegram had it (ms epoch). */
interface Seen {
  readonly text: string;
  readonly life: number;
  readonly at: number;
}

/** By the ledger of calls: which life made a message. */
function screens({ calls }: FakeTelegram): (citizen: TelegramCitizen) => readonly Seen[] {
  const made = new Map<string, Omit<Seen, 'text'>>();
  for (const { chat, via, at, answer } of calls)
    for (const one of [answer].flat() as ({ readonly message_id?: number } | null)[])
      if (one?.message_id !== undefined && !made.has(`${chat} ${one.message_id}`))
        made.set(`${chat} ${one.message_id}`, { life: Number(via), at });
  return ({ phone }) =>
    phone.shown().map(({ text, messageId }) => ({
      text,
      ...(made.get(`${phone.chatId} ${messageId}`) ?? { life: 0, at: 0 }),
    }));
}

/** May `again` be the same line as `before`? */
export type MayFollow = (before: Seen, again: Seen) => boolean;
/** Of one server: its next life may. */
const laterLife: MayFollow = (before, again) => again.life > before.life;

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
/** A message may carry its choices and links below its words. */
const shows = (screen: Seen, { message }: TranscriptRow): boolean =>
  plain(screen.text).startsWith(plain(message.text));
const isWhole = (screen: Seen, { message }: TranscriptRow): boolean =>
  plain(screen.text) === plain(message.text);
/** Lines of one turn at most, with those that an act of the house says at once after it. */
const TURN = 8;

/** Words that settle may be written down by one who dies before saying them, and then a later word on their topic is said alone. */
function isOvertaken(lines: readonly TranscriptRow[], n: number): boolean {
  const settles = lines[n]?.settles;
  if (settles === undefined) return false;
  return lines
    .slice(n + 1)
    .some((line) => line.settles?.topic === settles.topic && line.settles.turn > settles.turn);
}

/** The line that is shown next: the first that is not overtaken, or an overtaken one that was said all the same. */
function nextLine(lines: readonly TranscriptRow[], from: number, screen: Seen): number {
  let n = from;
  while (isOvertaken(lines, n) && !shows(screen, lines[n]!)) n += 1;
  const line = lines[n];
  return line !== undefined && shows(screen, line) ? n : from;
}

/** The screen is the talk's lines in order; another life of a server may say those of the last turn once more, and nothing else. */
export function screenProblems(
  screen: readonly Seen[],
  talk: readonly TranscriptRow[],
  mayFollow: MayFollow = laterLife,
): string[] {
  const lines = talk.filter(({ side }) => side === 'bot');
  const saidBy = new Map<number, Seen>();
  const often: string[] = [];
  let next = 0;
  for (const one of screen) {
    next = nextLine(lines, next, one);
    const line = lines[next];
    // The same words with a sentence more are another line.
    const isAnother =
      line !== undefined && !isWhole(one, line) && lines.slice(0, next).some((said) => isWhole(one, said));
    if (line !== undefined && shows(one, line) && !isAnother) {
      saidBy.set(next, one);
      next += 1;
      continue;
    }
    const same = lines.flatMap((said, n) => (n < next && shows(one, said) ? [n] : []));
    const order = () =>
      screen.map((seen) => `${lines.findIndex((said) => shows(seen, said))}@${seen.life}`).join(' ');
    const newest = same.at(-1);
    if (newest === undefined)
      return [
        `"${one.text.slice(0, 80)}" was shown, and never said; expected "${line?.message.text.slice(0, 80) ?? 'nothing'}"`,
      ];
    // The same words may stand in a talk more than once.
    const isFree = (n: number) => {
      const said = saidBy.get(n);
      return said === undefined || mayFollow(said, one);
    };
    const before = same.findLast(isFree) ?? newest;
    const text = one.text.slice(0, 60);
    if (next - before > TURN)
      return [`line ${before} of the talk was shown again after line ${next - 1}: "${text}"; ${order()}`];
    if (!isFree(before))
      often.push(`line ${before} was shown again by life ${one.life}: "${text}"; ${order()}`);
    saidBy.set(before, one);
  }
  return [...(next === lines.length ? [] : [`line ${next} of ${lines.length} was never shown`]), ...often];
}

async function storeProblems({ citizens }: Judged, { store, fileKeys }: OpenedHouse): Promise<string[]> {
  const found = await store.dossiers.list({ agency: 'demo', limit: citizens.length + 1_000 });
  const docs = found.map(({ state }) => state.doc);
  const owned = await Promise.all(docs.map(({ id }) => store.attachments.ofOwner(id)));
  const names = await fileKeys();
  const known = new Set(owned.flat().map(({ fileKey }) => fileKey));
  const orphans = names.filter((name) => !known.has(name));
  const sessions = new Set(docs.map(({ sessionKey }) => sessionKey)).size;
  const open = await store.deliveries.inState(
    ['waiting', 'sending', 'unknown', 'needs-officer', 'refused'],
    10,
  );
  const broken = await store.audit.verify();
  const [incoming, setAside] = [await store.slips.count('incoming'), await store.slips.count('set-aside')];
  return [
    ...(docs.length === citizens.length ? [] : [`${docs.length} dossiers of ${citizens.length} citizens`]),
    ...(sessions === docs.length ? [] : [`${docs.length} dossiers of ${sessions} sessions`]),
    ...(names.length === known.size ? [] : [`${names.length} files, ${known.size} attachments`]),
    ...orphans.map((name) => `nobody's file: ${name}`),
    ...(incoming === 0 ? [] : [`${incoming} slips of bytes that nobody took`]),
    ...(setAside === 0 ? [] : [`${setAside} events were set aside`]),
    ...(open.length === 0 ? [] : [`deliveries are left ${open.map(({ doc }) => doc.state).join()}`]),
    ...(broken === null ? [] : [`the audit chain breaks at row ${broken}`]),
  ];
}

/** The agency has each dossier once; whoever was told that GỬI arrived has one. */
function ledgerProblems({ agency, telegram, citizens }: Judged): string[] {
  const times = new Map<string, number>();
  for (const { key } of agency.committed()) times.set(key, (times.get(key) ?? 0) + 1);
  const twice = [...times].filter(([, count]) => count > 1).length;
  const taken = new Set(
    telegram.deliveries.filter(({ outcome }) => outcome === 'taken').map(({ update }) => update.update_id),
  );
  const lost = citizens.filter(
    (citizen) => !citizen.isDone() && citizen.sends.some(({ update_id: id }) => taken.has(id)),
  );
  return [
    ...(times.size === citizens.length
      ? []
      : [`the agency has ${times.size} dossiers of ${citizens.length}`]),
    ...(twice === 0 ? [] : [`the agency has ${twice} dossiers twice`]),
    ...lost.map(({ plan }) => `${plan.person.nationalId}: GỬI was answered 2xx, and there is no dossier`),
    ...agency.ledger.filter(({ what }) => what === 'forged').map(({ key }) => `forged: ${key}`),
  ];
}

/** Nothing of anybody and no secret stands in the log, and nothing went wrong that only the log knows. */
function logProblems({ house, citizens }: Judged): string[] {
  const printed = house.mortals.map(({ server }) => server.printed()).join('');
  const own = citizens.flatMap(({ plan: { person } }) => [person.name, person.nationalId, person.phone]);
  const secrets = [...own, TOKEN, TOKEN.split(':')[1] ?? TOKEN, WEBHOOK_SECRET];
  const errors = [...printed.matchAll(/^.*"level":(?:50|60),.*$/gm)]
    .map(([line]) => line)
    .filter((line) => house.mayLog?.(line) !== true);
  return [
    ...secrets.filter((secret) => printed.includes(secret)).map((secret) => `in the log: ${secret}`),
    ...errors.slice(0, 5).map((line) => `logged: ${line.slice(0, 400)}`),
  ];
}
