/**
 * Plays written talks over the real flows, texts and facts. A talk file:
 *   agency: receives | closed | none     # is there an officer, and does the agency take this procedure? (receives)
 *   turns: [ { citizen: words } | { tap: "step choice" } | { command: "back" | "edit copies" | … }
 *            | { photos: [a, b.pdf] } | { ready: [a, "b.pdf small"] } | { refused: "a broken" } ], each with
 *     bot: [keys]      what must be among what is said, by the end of its key
 *     next: step       the step asked after the turn; phase: review | stopped | sending
 *   answers: { step: value }             # exactly what would be sent, in the end
 * A photo is called by a name of your choice, which is its id; `.pdf` makes it a PDF (of 2 pages). In `answers` photos are
 * the list of their names, or the word `bring`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { openSpeech } from '../../src/app/speech';
import type { Lang } from '../../src/app/speech';
import { openCommunes } from '../../src/catalogue/communes';
import { loadFactsDir, phraseOf, valuesOf } from '../../src/catalogue/facts';
import { advance, startSession } from '../../src/flow/engine';
import { KINDS } from '../../src/flow/kinds';
import { isPhotoValue } from '../../src/flow/kinds/photo';
import { loadFlow } from '../../src/flow/load/load';
import { flatten } from '../../src/flow/load/texts';
import type {
  AgencyView,
  AnswerValue,
  CelType,
  Context,
  Flow,
  FlowEvent,
  Message,
  PhotoProblem,
  Phrase,
  Session,
} from '../../src/flow/types';
import { present, walk } from '../../src/flow/view';

export const ROOT = join(__dirname, '..', '..');
export const TODAY = '2026-11-22';
const factsDir = join(ROOT, 'flows', 'facts');

const turnShape = z.strictObject({
  citizen: z.string().optional(),
  tap: z.string().optional(),
  command: z.string().optional(),
  photos: z.array(z.string()).min(1).optional(),
  ready: z.array(z.string()).min(1).optional(),
  refused: z.string().optional(),
  bot: z.array(z.string()).optional(),
  next: z.string().optional(),
  phase: z.string().optional(),
});
const talkShape = z.strictObject({
  title: z.string(),
  flow: z.string(),
  agency: z.enum(['receives', 'closed', 'none']).optional(),
  turns: z.array(turnShape).min(1),
  answers: z.record(z.string(), z.unknown()),
});
export type TalkTurn = z.infer<typeof turnShape>;
export type TalkFile = z.infer<typeof talkShape> & { readonly file: string };

export function readTalks(): TalkFile[] {
  const folder = join(ROOT, 'tests', 'flow', 'talks');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.talk.yaml'))
    .map((file) => {
      const talk = talkShape.parse(parse(readFileSync(join(folder, file), 'utf8')));
      const answers = Object.entries(talk.answers).map(([path, value]) => [
        path,
        shortly(value as AnswerValue),
      ]);
      return { ...talk, answers: Object.fromEntries(answers) as Record<string, unknown>, file };
    });
}

const facts = loadFactsDir(factsDir);
const communes = openCommunes(factsDir, { today: TODAY });
export const speech = openSpeech(join(ROOT, 'locales'));

const localeOf = (lang: Lang) => {
  const folder = join(ROOT, 'locales', lang);
  const files = readdirSync(folder).map((name) => [
    name.slice(0, -5),
    readFileSync(join(folder, name), 'utf8'),
  ]);
  return flatten(Object.fromEntries(files.map(([name, text]) => [name, JSON.parse(text ?? '') as unknown])));
};

const typeOf = (value: unknown): CelType =>
  typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'bool' : 'string';

export function openFlow(slug: string): Flow {
  const read = (path: string) => ({ file: path, text: readFileSync(join(ROOT, path), 'utf8') });
  const values = valuesOf(facts.factsOf(slug, { agency: null, province: null }, TODAY));
  return loadFlow({
    ...read(`flows/${slug}.yaml`),
    blocks: readdirSync(join(ROOT, 'flows', 'blocks')).map((name) => read(`flows/blocks/${name}`)),
    registry: KINDS,
    factTypes: Object.fromEntries(Object.entries(values).map(([id, value]) => [id, typeOf(value)])),
    labels: [localeOf('vi'), localeOf('en')],
  });
}

export function contextOf(flow: Flow, agency: TalkFile['agency'] = 'receives'): Context {
  const merged = facts.factsOf(flow.id, { agency: null, province: null }, TODAY);
  const values = valuesOf(merged);
  const factPhrases = Object.values(merged).map((fact): [string, Phrase] => [fact.id, phraseOf(fact)]);
  const view = (commune: string): AgencyView | null =>
    agency === 'none'
      ? null
      : { id: `a-${commune}`, name: `UBND ${commune}`, receives: agency === 'receives', demo: false };
  return {
    at: `${TODAY}T03:00:00.000Z`,
    today: TODAY,
    findCommunes: communes.find,
    agencyOf: view,
    factsOf: () => values,
    paramsOf: (at) => ({
      ...Object.fromEntries(factPhrases),
      agency: at?.name ?? { key: 'facts.unknown' },
      agencyAddress: 'Số 1 phố Mẫu',
      agencyHours: '8 giờ đến 17 giờ',
      portal: 'dichvucong.gov.vn',
    }),
  };
}

export interface Played {
  readonly session: Session;
  readonly said: readonly Message[];
}

const sortOf = (name: string) => (name.endsWith('.pdf') ? ('pdf' as const) : ('photo' as const));

/** What happens to photos in a turn; null in a turn about something else. */
function photoEvents({ photos, ready, refused }: TalkTurn): readonly FlowEvent[] | null {
  if (photos !== undefined)
    return [{ type: 'photos', photos: photos.map((id) => ({ id, print: id, sort: sortOf(id) })) }];
  if (refused !== undefined) {
    const [photo = '', problem] = refused.split(' ');
    return [{ type: 'photo-refused', photo, problem: problem as PhotoProblem }];
  }
  return (
    ready?.map((words) => {
      const [photo = '', ...flags] = words.split(' ');
      const sort = sortOf(photo);
      return { type: 'photo-ready', photo, sort, pages: sort === 'pdf' ? 2 : 1, flags };
    }) ?? null
  );
}

/** The events of a turn; photos are looked at one after another. */
export function eventsOf(turn: TalkTurn): readonly FlowEvent[] {
  return photoEvents(turn) ?? [eventOf(turn)];
}

function eventOf({ citizen, tap, command }: TalkTurn): FlowEvent {
  if (citizen !== undefined) return { type: 'text', text: citizen };
  const [first = '', second] = (tap ?? command ?? '').split(' ');
  if (tap !== undefined) return { type: 'choice', step: first, choice: second ?? '' };
  const name = first as Extract<FlowEvent, { type: 'command' }>['command'];
  return { type: 'command', command: name, ...(second === undefined ? {} : { step: second }) };
}

export function play(
  flow: Flow,
  session: Session,
  events: FlowEvent | readonly FlowEvent[],
  context: Context,
): Played {
  return [events].flat().reduce<Played>(
    (before, event) => {
      const turn = advance(flow, before.session, event, context);
      const said = turn.effects.flatMap((effect) => (effect.type === 'say' ? [effect.message] : []));
      return { session: turn.session, said: [...before.said, ...said] };
    },
    { session, said: [] },
  );
}

export const begin = (flow: Flow, context: Context): Played =>
  play(
    flow,
    startSession({ flow, key: 'talk', purpose: 'file' }),
    { type: 'command', command: 'start' },
    context,
  );

/** As it would be in another process, later. */
export const reloaded = (session: Session): Session => JSON.parse(JSON.stringify(session)) as Session;

export const asked = (flow: Flow, session: Session, context: Context): string | null =>
  present(walk(flow, session, context), session)?.path ?? null;

/** What would be sent: the answers that count, by path. */
export function view(flow: Flow, session: Session, context: Context): Record<string, unknown> {
  const { lines } = walk(flow, session, context);
  return Object.fromEntries(lines.map(({ path, answer }) => [path, shortly(answer?.value ?? null)]));
}

/** Photos as a talk file writes them. */
function shortly(value: AnswerValue): unknown {
  if (typeof value !== 'object' || value === null || !isPhotoValue(value)) return value;
  return value.bring && value.photos.length === 0 ? 'bring' : value.photos.map(({ id }) => id);
}

export const keysIn = (said: readonly Message[]): string[] =>
  said
    .flatMap(({ lines, buttons }) => [...lines, ...buttons.map(({ label }) => label)])
    .flatMap((phrase) => ('key' in phrase ? phrase.key : []));

/** A message in the words of a language; every phrase of it. */
export function wordsOf({ lines, buttons }: Message, lang: Lang, params: Context['paramsOf']): string[] {
  const all = { ...params(null), ...speech.pair('default', lang) };
  return [...lines, ...buttons.map(({ label }) => label)].map((phrase) => speech.phrase(phrase, all, lang));
}

/** A session cut off before turn `at` of its talk. */
export interface Resumable {
  readonly file: string;
  readonly at: number;
  readonly session: Session;
}

const loaded = new Map<string, Flow>();
export function flowFor({ flow }: TalkFile): Flow {
  const known = loaded.get(flow) ?? openFlow(flow);
  loaded.set(flow, known);
  return known;
}

/** Takes a session up again, goes on with the rest of its talk, and gives what would be sent. */
export function finishTalk(talk: TalkFile, from: Session, at: number): Record<string, unknown> {
  const flow = flowFor(talk);
  const context = contextOf(flow, talk.agency);
  const resumed = play(flow, from, { type: 'command', command: 'resume' }, context).session;
  const last = talk.turns
    .slice(at)
    .reduce((session, turn) => play(flow, session, eventsOf(turn), context).session, resumed);
  return view(flow, last, context);
}
