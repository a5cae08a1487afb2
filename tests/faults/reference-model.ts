/**
 * What a chat must come to, told without the engine: a filing of two photos and two or three choices. It knows nothing of
 * revisions, leases or outboxes. Where the order is nobody's to say (two messages at once, a photo that is looked at
 * meanwhile), all that may be is kept, and what is found must be one of it. Source of the rules: docs/design.md §3 and §5.
 */

/** The same flow as its file: each step, the words that answer it, and when it applies. */
export const STEPS = [
  { id: 'record', words: { birth: 'khai sinh', marriage: 'kết hôn', death: 'khai tử' } },
  { id: 'deathRelation', words: { parent: 'cha', spouse: 'vợ' }, when: { record: 'death' } },
  { id: 'delivery', words: { counter: 'nhận tại quầy', post: 'gửi bưu điện' } },
] as const;
export const PHOTOS = 2;

/** Every word the model knows; a word at the wrong question changes nothing. */
export const WORDS: readonly string[] = [...STEPS.flatMap((step) => Object.values(step.words)), 'gửi'];
/** Every button of a choice, as `[step, choice]`. */
export const TAPS: readonly (readonly [string, string])[] = STEPS.flatMap((step) =>
  Object.keys(step.words).map((choice): [string, string] => [step.id, choice]),
);

/** What a citizen did. `id`: the channel's; the same id again is the same message. */
export type Deed = { readonly id: string } & (
  | { readonly type: 'start' }
  | { readonly type: 'text'; readonly words: string }
  | { readonly type: 'tap'; readonly step: string; readonly choice: string }
  /** Prints of photos in their order; a print that begins with `bad` cannot be read. */
  | { readonly type: 'photos'; readonly prints: readonly string[] }
);

interface Photo {
  readonly print: string;
  readonly looked: boolean;
}
interface Filing {
  readonly photos: readonly Photo[];
  readonly answers: Readonly<Record<string, string>>;
  /** GỬI was said; it goes when the last photo was looked at. */
  readonly willSend: boolean;
  /** It went; its dossier is not known yet. */
  readonly sending: boolean;
}
export interface State {
  readonly seen: readonly string[];
  readonly filing: Filing | null;
  readonly sent: readonly Outcome[];
}
/** A filing as it is told from outside. */
export interface Outcome {
  readonly photos: readonly string[];
  readonly answers: Readonly<Record<string, string>>;
}
/** What is found in the end. */
export interface Found {
  readonly filing: Outcome | null;
  readonly sent: readonly Outcome[];
}

const EMPTY: Filing = { photos: [], answers: {}, willSend: false, sending: false };
export const NOTHING: readonly State[] = [{ seen: [], filing: null, sent: [] }];

type Step = (typeof STEPS)[number];
const choiceOf = (step: Step, words: string): string | undefined =>
  Object.entries(step.words).find(([, word]) => word === words)?.[0];
const applies = (step: Step, { answers }: Filing): boolean =>
  !('when' in step) || answers['record'] === step.when.record;

/** Steps from the top that have what they need, and the one asked now (null: all have). */
function walk(filing: Filing): { readonly done: readonly string[]; readonly asked: Step | 'photos' | null } {
  if (filing.photos.length < PHOTOS) return { done: [], asked: 'photos' };
  const path = STEPS.filter((step) => applies(step, filing));
  const at = path.findIndex(({ id }) => filing.answers[id] === undefined);
  const done = (at < 0 ? path : path.slice(0, at)).map(({ id }) => id);
  return { done, asked: at < 0 ? null : (path[at] ?? null) };
}

const answer = (filing: Filing, step: string, choice: string): Filing => ({
  ...filing,
  answers: { ...filing.answers, [step]: choice },
});
const isLooking = ({ photos }: Filing): boolean => photos.some(({ looked }) => !looked);
const send = (filing: Filing): Filing =>
  isLooking(filing) ? { ...filing, willSend: true } : { ...filing, willSend: false, sending: true };

function hear(filing: Filing, words: string): Filing {
  const { asked } = walk(filing);
  if (words === 'gửi') return asked === null ? send(filing) : filing;
  if (asked === null || asked === 'photos') return filing;
  const choice = choiceOf(asked, words);
  return choice === undefined ? filing : answer(filing, asked.id, choice);
}

/** A button works at its question and, later, changes the answer; whoever presses one does not want it sent meanwhile. */
function press(before: Filing, step: string, choice: string): Filing {
  const filing = { ...before, willSend: false };
  const { done, asked } = walk(filing);
  const reached = done.includes(step) || (asked !== null && asked !== 'photos' && asked.id === step);
  return reached ? answer(filing, step, choice) : filing;
}

/** The same photo counts once; what is over is not kept. */
const show = (filing: Filing, prints: readonly string[]): Filing =>
  prints.reduce((so, print) => {
    const known = so.photos.some((one) => one.print === print);
    if (known || so.photos.length >= PHOTOS) return so;
    return { ...so, photos: [...so.photos, { print, looked: false }] };
  }, filing);

function change(filing: Filing | null, deed: Deed): Filing | null {
  if (filing === null) return deed.type === 'start' ? EMPTY : null;
  if (filing.sending) return filing;
  switch (deed.type) {
    case 'start':
      return filing;
    case 'text':
      return hear(filing, deed.words);
    case 'tap':
      return press(filing, deed.step, deed.choice);
    case 'photos':
      return show(filing, deed.prints);
  }
}

const after = (state: State, deed: Deed): State =>
  state.seen.includes(deed.id)
    ? state
    : { ...state, seen: [...state.seen, deed.id], filing: change(state.filing, deed) };

/** One photo was looked at: it stays, or its question comes back. */
function looked(filing: Filing, at: number): Filing {
  const bad = filing.photos[at]?.print.startsWith('bad') === true;
  const photos = filing.photos.flatMap((one, n) =>
    n !== at ? [one] : bad ? [] : [{ ...one, looked: true }],
  );
  const now = { ...filing, photos, willSend: filing.willSend && !bad };
  return now.willSend ? send(now) : now;
}

const outcome = (filing: Filing): Outcome => {
  const sent = new Set(STEPS.filter((step) => applies(step, filing)).map(({ id }) => id as string));
  const answers = Object.entries(filing.answers).filter(([step]) => sent.has(step));
  return {
    photos: filing.photos.map(({ print }) => print),
    answers: Object.fromEntries(answers.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};

/** What the house may do by itself next: look at a photo that can be looked at, make the dossier known. */
function byItself({ filing, sent, seen }: State): readonly State[] {
  if (filing === null) return [];
  if (filing.sending) return [{ seen, filing: null, sent: [...sent, outcome(filing)] }];
  return filing.photos.flatMap((one, at) => (one.looked ? [] : [{ seen, sent, filing: looked(filing, at) }]));
}

/** States that may be at one time have heard the same messages, in whatever order: only the rest tells them apart. */
const byKey = (states: readonly State[]): Map<string, State> =>
  new Map(states.map((state) => [keyOf(state), state]));
const keyOf = ({ filing, sent }: State): string => JSON.stringify([filing, sent]);
const unique = (states: readonly State[]): readonly State[] => [...byKey(states).values()];

/** All that may be by now, when nobody knows how far the house came. */
function closed(states: readonly State[]): readonly State[] {
  const all = byKey(states);
  for (const state of all.values()) {
    for (const next of byItself(state)) all.set(keyOf(next), next);
  }
  return [...all.values()];
}

/** One message after all before it. */
export const applied = (states: readonly State[], deed: Deed): readonly State[] =>
  closed(unique(closed(states).map((state) => after(state, deed))));

/** Two messages at once: either may be first. */
export const atOnce = (states: readonly State[], [a, b]: readonly [Deed, Deed]): readonly State[] =>
  unique([...applied(applied(states, a), b), ...applied(applied(states, b), a)]);

/** What may be when the house has nothing left to do. */
const quiet = (states: readonly State[]): readonly State[] =>
  closed(states).filter((state) => byItself(state).length === 0);
const foundIn = ({ filing, sent }: State): Found => ({
  filing: filing === null ? null : outcome(filing),
  sent,
});

/** What may be found then. */
export const finished = (states: readonly State[]): readonly Found[] => quiet(states).map(foundIn);

/** Of these only what was found. None: it is not what the model says. */
export const narrowed = (states: readonly State[], found: Found): readonly State[] =>
  quiet(states).filter((state) => JSON.stringify(foundIn(state)) === JSON.stringify(found));
