/** Every question of every flow, answered with words that were never meant as an answer. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { clean } from '../../src/flow/text';
import type { Context, Flow, FlowEvent, Message, Phrase, Session, Step } from '../../src/flow/types';
import { present, walk } from '../../src/flow/view';
import { advance, startSession } from '../../src/flow/engine';
import { CODE, FLOODS, HOSTILE, isWhole, NAUGHTY, sample } from '../hostile-words';
import {
  begin,
  contextOf,
  eventsOf,
  flowFor,
  openFlow,
  play,
  readTalks,
  reloaded,
  ROOT,
  speech,
} from './talk-runner';

/** No channel takes more in one message. */
const MAX_SAID = 4_096;
const MAX_LABEL = 400;
const FLOWS = ['khai-sinh', 'trich-luc-ho-tich', 'xac-nhan-hon-nhan'];
/** Kinds that may keep words as they are. */
const FREE = new Set(['text', 'person-name', 'address', 'extra']);

interface Place {
  readonly flow: Flow;
  readonly context: Context;
  readonly session: Session;
}

/** Where each question is first asked in the written talks. */
function placesOf(id: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const talk of readTalks().filter(({ flow }) => flow === id)) {
    const flow = flowFor(talk);
    const context = contextOf(flow, talk.agency);
    let { session } = begin(flow, context);
    for (const turn of talk.turns) {
      const step = present(walk(flow, session, context), session)?.step.path ?? 'review';
      if (!places.has(step)) places.set(step, { flow, context, session });
      ({ session } = play(flow, session, eventsOf(turn), context));
    }
  }
  return places;
}

const stepsOf = (flow: Flow): readonly Step[] =>
  flow.entries.flatMap((entry) => ('repeat' in entry ? [entry.more, ...entry.repeat.item] : [entry]));

// ---------------------------------------------------------------- what is said

/** The phrase with every text of a person's taken out; `held` gets them in order. */
function blanked(phrase: Phrase, held: string[]): Phrase {
  const hole = (text: string) => `\u2618${held.push(text) - 1}\u2618`;
  if ('text' in phrase) return { text: hole(phrase.text) };
  const given: Readonly<Record<string, string | number | Phrase>> = phrase.params ?? {};
  const params = Object.entries(given).map(([name, value]): [string, string | number | Phrase] => {
    if (typeof value === 'number') return [name, value];
    return [name, typeof value === 'string' ? hole(value) : blanked(value, held)];
  });
  return { ...phrase, params: Object.fromEntries(params) };
}

/** Locale files are the first part of every key. */
const ROOMS = readdirSync(join(ROOT, 'locales', 'vi')).map((name) => name.slice(0, -5));
const RAW = new RegExp(
  `\\{\\{|\\$t\\(|undefined|NaN|\\[object|(?<![\\w./-])(?:${ROOMS.join('|')})\\.[a-zA-Z*]`,
);

const wording = new WeakMap<Context, Readonly<Record<'vi' | 'en', (phrase: Phrase) => string>>>();
function wordingOf(context: Context) {
  const known = wording.get(context);
  if (known !== undefined) return known;
  const by = (lang: 'vi' | 'en') => {
    const params = { ...context.paramsOf(null), ...speech.pair('default', lang) };
    return (phrase: Phrase) => speech.phrase(phrase, params, lang);
  };
  const made = { vi: by('vi'), en: by('en') };
  wording.set(context, made);
  return made;
}

let turns = 0;
/** Whatever is wrong with a message, in both languages; null when it is fit to be said. */
function wrongWith({ lines, buttons, list }: Message, context: Context): string | null {
  const phrases = [...lines, ...buttons.map(({ label }) => label)];
  turns += 1;
  const { vi, en } = wordingOf(context);
  // Every message in Vietnamese, each third in English too.
  for (const say of turns % 3 === 0 ? [vi, en] : [vi]) {
    for (const phrase of phrases) {
      const held: string[] = [];
      const ours = say(blanked(phrase, held));
      if (RAW.test(ours)) return `said raw: ${ours}`;
      const whole = ours.replace(/\u2618(\d+)\u2618/g, (_, n: string) => held[Number(n)]!);
      if (say(phrase) !== whole) return `not word for word: ${say(phrase).slice(0, 300)}`;
      if (!isWhole(whole)) return `half a letter in ${whole.slice(0, 100)}`;
    }
    const text = lines.map(say).join(list === true ? '\n' : '\n\n');
    if (text.length > MAX_SAID) return `${text.length} characters in one message`;
    if (text.trim() === '') return 'nothing in the message';
    const long = buttons.map(({ label }) => say(label)).find((label) => label.length > MAX_LABEL);
    if (long !== undefined) return `a button of ${long.length} characters`;
  }
  return null;
}

// ---------------------------------------------------------------- what is kept

const world = ({ flow, context }: Place, session: Session) => walk(flow, session, context).world;

/** What a turn put into the answers: it counts, survives storing, holds nothing unseen, and reads the same again. */
function wrongKept(place: Place, after: Session): string | null {
  const { lines } = walk(place.flow, after, place.context);
  for (const { step, path, answer } of lines) {
    const value = answer?.value ?? null;
    if (value === null || JSON.stringify(value) === JSON.stringify(place.session.answers[path]?.value))
      continue;
    if (!step.reader.accepts(value, step.options, world(place, after)))
      return `${path} keeps what it refuses`;
    if (!FREE.has(step.kind)) continue;
    const typed = typeof value === 'object' && 'typed' in value ? value.typed : value;
    if (typeof typed !== 'string') return `${path} is no text`;
    if (clean(typed) !== typed) return `${path} keeps what is not seen: ${JSON.stringify(typed)}`;
    if (/\p{M}{4}/u.test(typed)) return `${path} keeps a pile of marks`;
    const again = step.reader.read(typed, step.options, world(place, after));
    const same = again.ok ? again.value : again.suggest;
    if (JSON.stringify(same) !== JSON.stringify(value)) return `${path} reads back otherwise: ${typed}`;
  }
  return null;
}

/** One event at a place; a reading that waits for a yes gets it. What is wrong, or null. */
function wrongAfter(place: Place, event: FlowEvent): string | null {
  const { flow, context } = place;
  const turn = advance(flow, place.session, event, context);
  if (JSON.stringify(reloaded(turn.session)) !== JSON.stringify(turn.session))
    return 'the session is no JSON';
  const said = turn.effects.flatMap((effect) => (effect.type === 'say' ? [effect.message] : []));
  if (turn.effects.length === 0) return 'no answer at all';
  for (const message of said) {
    const wrong = wrongWith(message, context);
    if (wrong !== null) return wrong;
  }
  const kept = wrongKept(place, turn.session);
  if (kept !== null || turn.session.pending?.type !== 'confirm' || event.type !== 'text') return kept;
  const yes = { type: 'choice', step: turn.session.pending.step, choice: '-yes' } as const;
  return wrongAfter({ ...place, session: turn.session }, yes);
}

function check(place: Place, events: readonly FlowEvent[]): void {
  const wrong = events.flatMap((event) => {
    try {
      const found = wrongAfter(place, event);
      return found === null ? [] : [`${JSON.stringify(event).slice(0, 120)}: ${found}`];
    } catch (error) {
      return [`${JSON.stringify(event).slice(0, 120)}: threw ${String(error)}`];
    }
  });
  expect(wrong).toEqual([]);
}

const text = (words: string): FlowEvent => ({ type: 'text', text: words });

// ---------------------------------------------------------------- tests

it('there are naughty strings to try', () => {
  expect(NAUGHTY.length).toBeGreaterThan(400);
  expect(HOSTILE.length).toBeGreaterThan(80);
});

/** All of them at the first question of each free kind, a part of them at every other. */
const met = new Set<string>();
function naughtyFor(step: Step | undefined, seed: number): readonly string[] {
  const kind = step?.kind ?? '';
  if (!FREE.has(kind)) return sample(NAUGHTY, 30, seed);
  const first = !met.has(kind);
  met.add(kind);
  return first ? NAUGHTY : sample(NAUGHTY, 12, seed);
}

describe.each(FLOWS)('%s', (id) => {
  const places = placesOf(id);

  it('has a talk that comes to each of its questions', () => {
    const asked = stepsOf(openFlow(id)).filter(({ kind }) => kind !== 'stop');
    expect(asked.map(({ path }) => path).filter((path) => !places.has(path))).toEqual([]);
  });

  it.each([...places])('%s: hostile words are kept as words, or answered kindly', (path, place) => {
    const step = stepsOf(place.flow).find((one) => one.path === path);
    const seed = [...places.keys()].indexOf(path);
    check(place, [...HOSTILE, ...naughtyFor(step, seed)].map(text));
    check(
      place,
      sample(CODE, 4, seed).map((words) => ({ type: 'choice', step: path, choice: words })),
    );
    check(
      place,
      sample(CODE, 4, seed).map((words) => ({ type: 'choice', step: words, choice: words })),
    );
  });

  it('says something fit to be said to the same hostile words again and again', () => {
    for (const [, place] of places) {
      let { session } = place;
      for (const words of ['$t(bot.hello) {{you}}', FLOODS.at(-1)!, '\u202E', '$t(bot.hello) {{you}}'])
        for (let time = 0; time < 2; time += 1) {
          check({ ...place, session }, [text(words)]);
          ({ session } = advance(place.flow, session, text(words), place.context));
        }
    }
  });
});

describe('an answer changed for another', () => {
  const place = placesOf('trich-luc-ho-tich').get('review')!;
  it.each([
    ['code', '{{from}} {{to}} $t(bot.hello)', '{{label}} <b>'],
    ['floods', 'ỡ'.repeat(200), '<'.repeat(200)],
    ['emoji', '😀'.repeat(200), `x${'🇻🇳'.repeat(149)}`],
    ['stacked letters', 'ᄀ'.repeat(200), `o${'\u0323'.repeat(2_000)}`],
  ])('%s stands in the sentence word for word, and in the review', (_, first, second) => {
    const { flow, context } = place;
    let { session } = place;
    for (const words of [first, second, first]) {
      const edit = { type: 'command', command: 'edit', step: 'registeredAt' } as const;
      check({ ...place, session }, [edit]);
      ({ session } = advance(flow, session, edit, context));
      check({ ...place, session }, [text(words)]);
      ({ session } = advance(flow, session, text(words), context));
      check({ ...place, session }, [{ type: 'command', command: 'review' }]);
    }
  });
});

describe('an officer’s question', () => {
  const { flow, context, session } = placesOf('trich-luc-ho-tich').get('review')!;
  const asking = (words: string): Place => {
    const extra = [{ id: 'q1', sort: 'question', text: words }] as const;
    return {
      flow,
      context,
      session: startSession({ flow, key: 'k', purpose: 'supplement', extra, answers: session.answers }),
    };
  };
  it('is asked word for word', () => {
    for (const words of HOSTILE.filter((one) => one.length < 1_000 && isWhole(one)))
      check(asking(words), [
        { type: 'command', command: 'start' },
        { type: 'command', command: 'explain' },
        text('\u202E'),
      ]);
  });
  it('is answered with hostile words', () =>
    check(asking('Số {{you}}?'), [...HOSTILE, ...sample(NAUGHTY, 4, 0)].map(text)));
});
