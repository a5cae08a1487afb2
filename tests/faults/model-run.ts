/** Deeds as events of the channel, and what the house holds in the end, told as the model tells it. */
import { isDeepStrictEqual } from 'node:util';
import { isPhotoValue } from '../../src/app/dossier/photos-of';
import type { AnswerValue } from '../../src/flow/types';
import type { ChannelEvent, Outgoing } from '../../src/ports/channel';
import type { TranscriptRow } from '../../src/ports/documents';
import type { Store } from '../../src/ports/store';
import { LINK } from './model-root';
import { CHAT, type ModelSide, type RealSide } from './model-commands';
import type { Ground, Process } from './model-house';
import { finished, STEPS, type Deed, type Found, type Outcome } from './reference-model';

const addressOf = (chat: string) => ({ channel: 'telegram', account: 'default', chat });

export function eventOf(chat: string, deed: Deed): ChannelEvent {
  const base = { id: deed.id, address: addressOf(chat) };
  switch (deed.type) {
    case 'start':
      return { ...base, type: 'start', link: LINK };
    case 'text':
      return { ...base, type: 'text', text: deed.words };
    case 'tap':
      return { ...base, type: 'choice', choice: `a|${deed.step}|${deed.choice}`, label: deed.choice };
    case 'photos': {
      const files = deed.prints.map((print) => ({
        ...{ source: { type: 'remote' as const, ref: print }, print, pdf: false, name: 'a.jpg' },
      }));
      return { ...base, type: 'photos', files };
    }
  }
}

const KNOWN = new Set<string>(STEPS.map(({ id }) => id));

/** A print as the model calls it. */
type NameOf = (print: string) => string;

function outcome(answers: readonly (readonly [string, AnswerValue])[], nameOf: NameOf): Outcome {
  const photos = answers.flatMap(([step, value]) =>
    step === 'oldCopy' && isPhotoValue(value) ? value.photos.map(({ print }) => nameOf(print)) : [],
  );
  const chosen = answers.flatMap(([step, value]) =>
    KNOWN.has(step) && typeof value === 'string' ? [[step, value] as const] : [],
  );
  return { photos, answers: Object.fromEntries(chosen.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** What stands in the store of this chat. */
export async function found(store: Store, chat: string, nameOf: NameOf = (print) => print): Promise<Found> {
  const state = await store.conversations.find(addressOf(chat));
  const session = state?.doc.session ?? null;
  const applying = (step: string) =>
    step !== 'deathRelation' || session?.answers['record']?.value === 'death';
  const values = Object.entries(session?.answers ?? {}).filter(([step]) => applying(step));
  const sent: Outcome[] = [];
  for (const { id } of [...(state?.doc.dossiers ?? [])].reverse()) {
    const dossier = await store.dossiers.byId(id);
    sent.push(
      outcome(
        (dossier?.doc.answers ?? []).map(({ step, value }) => [step, value] as const),
        nameOf,
      ),
    );
  }
  return {
    filing:
      session === null
        ? null
        : outcome(
            values.map(([step, { value }]) => [step, value] as const),
            nameOf,
          ),
    sent,
  };
}

/** Lets time pass until nobody has anything left to do. */
export async function settle({ ground, processes }: RealSide): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    for (const process of processes) await process.sweep();
    while (processes.some((process) => process.busy() > 0))
      await new Promise((resolve) => setImmediate(resolve));
    const due = await processes[0]?.store.due(ground.now + 60_000, 100);
    if (due?.length === 0) return;
    ground.now += 12_000;
  }
}

/** What is wrong when all is quiet; empty when nothing is. */
export async function problemsOfRun(
  { states, deeds }: ModelSide,
  { ground, processes, mayRepeat, unreachable }: RealSide,
): Promise<string[]> {
  const { store } = processes[0] as Process;
  const may = finished(states);
  const is = await found(store, CHAT);
  const id = (await store.conversations.find(addressOf(CHAT)))?.doc.id ?? '';
  const lines = await store.transcripts.read(id, 0, 10_000);
  const heard = lines.filter(({ side }) => side === 'citizen').length;
  const said = deeds.filter(({ type }) => type !== 'start').length;
  const fits = may.some((one) => isDeepStrictEqual(one, is));
  return [
    ...(fits ? [] : [`found ${JSON.stringify(is)}, which is none of ${JSON.stringify(may)}`]),
    ...(heard === said ? [] : [`${said} messages were taken, ${heard} stand in the talk`]),
    ...screenProblems(ground.shown.get(CHAT) ?? [], lines, { mayRepeat, unreachable }),
    ...(await keptProblems(ground, store, is, processes.length === 1)),
    ...ground.errors.map((error) => `the house logged ${error instanceof Error ? (error.stack ?? '') : ''}`),
  ];
}

/** Each line of ours was shown, in order, and once, but for words whose fate nobody knew. */
function screenProblems(
  screen: readonly Outgoing[],
  lines: readonly TranscriptRow[],
  { mayRepeat, unreachable }: Pick<RealSide, 'mayRepeat' | 'unreachable'>,
): string[] {
  const times = new Map<number, number>();
  for (const { seq } of screen) times.set(seq, (times.get(seq) ?? 0) + 1);
  const first = [...times.keys()];
  // A word for an album may be overtaken by the next one after it was written down.
  const missing = lines.filter(
    ({ side, seq, settles }) => side === 'bot' && settles === undefined && !times.has(seq),
  );
  const often = [...times].filter(([, count]) => count > 1 + mayRepeat);
  return [
    ...(isDeepStrictEqual(
      first,
      [...first].sort((a, b) => a - b),
    )
      ? []
      : [`shown in this order: ${first.join(' ')}`]),
    ...(unreachable ? [] : missing.map(({ seq }) => `line ${seq} was never shown`)),
    ...often.map(([seq, count]) => `line ${seq} was shown ${count} times, at most ${1 + mayRepeat} may be`),
  ];
}

const CODE = /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/g;

/** Every code opens a dossier, every dossier is told of; no bytes without an attachment, no photo without bytes. */
async function keptProblems(
  { shown, files, memory }: Ground,
  store: Store,
  { filing, sent }: Found,
  alone: boolean,
): Promise<string[]> {
  const codes = new Set((shown.get(CHAT) ?? []).flatMap(({ text }) => text.match(CODE) ?? []));
  const opened = await Promise.all([...codes].map((code) => store.dossiers.byCode(code)));
  const count = (table: string) => memory.get(table)?.size ?? 0;
  const photos = [...sent, ...(filing === null ? [] : [filing])].flatMap((one) => one.photos).length;
  return [
    ...(opened.every((one) => one !== null) ? [] : ['a code was said that opens nothing']),
    ...(count('dossiers') === sent.length
      ? []
      : [`${count('dossiers')} dossiers, ${sent.length} filings were sent`]),
    ...(count('attachments') === photos ? [] : [`${count('attachments')} attachments, ${photos} photos`]),
    ...(files.size === count('attachments')
      ? []
      : [`${files.size} files, ${count('attachments')} attachments`]),
    ...(alone && (await store.slips.count('incoming')) > 0
      ? ['bytes are waiting that nobody will take']
      : []),
  ];
}
