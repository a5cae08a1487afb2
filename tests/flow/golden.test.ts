/** Written talks over the real flows; then the same talks disturbed at every turn must end with the same dossier. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  ROOT,
  asked,
  begin,
  contextOf,
  eventsOf,
  keysIn,
  openFlow,
  play,
  readTalks,
  speech,
  view,
  wordsOf,
} from './talk-runner';
import type { Played, TalkFile } from './talk-runner';
import type { Flow, Session, Step } from '../../src/flow/types';

const talks = readTalks();
const flows = new Map([...new Set(talks.map(({ flow }) => flow))].map((slug) => [slug, openFlow(slug)]));
const flowOf = ({ flow }: TalkFile): Flow => flows.get(flow)!;
const named = talks.map((talk) => [talk.title, talk] as const);
const complete = named.filter(
  ([, talk]) => talk.agency === undefined && talk.answers['opening.consent'] !== undefined,
);

/** All states of a talk: before its first turn, and after each. Played once. */
function statesOf(talk: TalkFile): readonly Played[] {
  const states = known.get(talk) ?? playedThrough(talk);
  known.set(talk, states);
  return states;
}
const known = new Map<TalkFile, readonly Played[]>();

function playedThrough(talk: TalkFile): Played[] {
  const flow = flowOf(talk);
  const context = contextOf(flow, talk.agency);
  return talk.turns.reduce(
    (states, turn) => [...states, play(flow, states.at(-1)!.session, eventsOf(turn), context)],
    [begin(flow, context)],
  );
}

const hits = (keys: readonly string[], wanted: string): boolean =>
  keys.some((key) => key === wanted || key.endsWith(`.${wanted}`));

test.each(named)('%s', (_, talk) => {
  const flow = flowOf(talk);
  const context = contextOf(flow, talk.agency);
  const states = statesOf(talk);
  talk.turns.forEach((turn, at) => {
    const { session, said } = states[at + 1]!;
    const where = `${talk.file}, turn ${String(at + 1)}`;
    const keys = keysIn(said);
    expect([where, (turn.bot ?? []).filter((key) => !hits(keys, key))]).toEqual([where, []]);
    if (turn.next !== undefined) expect([where, asked(flow, session, context)]).toEqual([where, turn.next]);
    if (turn.phase !== undefined) expect([where, session.phase]).toEqual([where, turn.phase]);
  });
  expect(view(flow, states.at(-1)!.session, context)).toEqual(talk.answers);
});

test.each(named)('every word of it exists in both languages: %s', (_, talk) => {
  const context = contextOf(flowOf(talk), talk.agency);
  const raw = /\{\{|\}\}|undefined|^[a-z]+(\.[a-zA-Z0-9-]+)+$/;
  for (const lang of ['vi', 'en'] as const) {
    const words = statesOf(talk).flatMap(({ said }) =>
      said.flatMap((one) => wordsOf(one, lang, context.paramsOf)),
    );
    expect(words.filter((line) => raw.test(line))).toEqual([]);
    expect(words.filter((line) => line.length > 900)).toEqual([]);
  }
});

/** Goes on with the rest of a talk from a state, and gives what would be sent. */
function finish(talk: TalkFile, from: Session, at: number): Record<string, unknown> {
  const flow = flowOf(talk);
  const context = contextOf(flow, talk.agency);
  const rest = talk.turns.slice(at);
  const last = rest.reduce((session, turn) => play(flow, session, eventsOf(turn), context).session, from);
  return view(flow, last, context);
}

test('resumed from JSON in another process, at every turn of every talk', () => {
  const jobs = complete.flatMap(([, talk]) =>
    statesOf(talk).map(({ session }, at) => ({ file: talk.file, at, session, answers: talk.answers })),
  );
  const hook = join(ROOT, 'tests/faults/ts-hook.cjs');
  const child = spawnSync(process.execPath, ['-r', hook, join(__dirname, 'resume-child.ts')], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(child.stderr).toBe('');
  const ends = JSON.parse(child.stdout) as unknown[];
  expect(ends).toHaveLength(jobs.length);
  expect(jobs.length).toBeGreaterThan(50);
  jobs.forEach((job, index) =>
    expect([job.file, job.at, ends[index]]).toEqual([job.file, job.at, job.answers]),
  );
});

const gathers = (flow: Flow, path: string): boolean =>
  flow.entries.some((entry) => entry.path === path && 'reader' in entry && entry.reader.gathers === true);

/** The words that answered a step in its talk, the last time one message did, and what they were understood as. */
function answeredBy(talk: TalkFile, path: string) {
  const flow = flowOf(talk);
  const context = contextOf(flow, talk.agency);
  const states = statesOf(talk);
  return talk.turns
    .flatMap((turn, at) => {
      const { session } = states[at]!;
      const value = view(flow, states[at + 1]!.session, context)[path];
      const fresh = (session.pending ?? { type: 'undo' }).type === 'undo' && session.focus === null;
      // "Đủ rồi" ends what came before it; alone it is no answer.
      const ended = turn.photos === undefined && gathers(flow, path);
      const here = fresh && !ended && asked(flow, session, context) === path;
      return here && value !== undefined ? [{ turn, value }] : [];
    })
    .at(-1);
}

test.each(complete)('each answer given once more in the same words, from the review: %s', (_, talk) => {
  const flow = flowOf(talk);
  const context = contextOf(flow, talk.agency);
  const review: Session = { ...statesOf(talk).at(-1)!.session, phase: 'review', focus: null, pending: null };
  const again = Object.keys(talk.answers).flatMap((path) => {
    const found = answeredBy(talk, path);
    if (found === undefined) return [];
    const open = play(flow, review, { type: 'command', command: 'edit', step: path }, context).session;
    const after = play(flow, open, eventsOf(found.turn), context).session;
    return [[path, view(flow, after, context)[path], found.value] as const];
  });
  expect(again.length).toBeGreaterThan(2);
  again.forEach(([path, value, understood]) => expect([path, value]).toEqual([path, understood]));
});

/** Nothing is being asked again, confirmed or chosen among. */
const settled = ({ focus, pending }: Session): boolean => focus === null && pending === null;

test.each(complete)('each earlier answer opened for editing and kept, at every turn: %s', (_, talk) => {
  const flow = flowOf(talk);
  const context = contextOf(flow, talk.agency);
  const stops = new Set(stepsOf(flow).flatMap(({ kind, path }) => (kind === 'stop' ? [path] : [])));
  statesOf(talk).forEach(({ session }, at) => {
    if (!settled(session)) return;
    const before = view(flow, session, context);
    const given = Object.keys(before).filter((path) => !stops.has(path));
    const kept = given.map((path) => {
      const open = play(flow, session, { type: 'command', command: 'edit', step: path }, context).session;
      expect(asked(flow, open, context)).toBe(path);
      const after = play(flow, open, { type: 'choice', step: path, choice: '-keep' }, context).session;
      expect([path, view(flow, after, context)]).toEqual([path, before]);
      expect(asked(flow, after, context)).toBe(asked(flow, session, context));
      return after;
    });
    const last = kept.at(-1);
    if (last !== undefined) expect([at, finish(talk, last, at)]).toEqual([at, talk.answers]);
  });
});

test.each(complete)('one step back and forth at every turn: %s', (_, talk) => {
  const flow = flowOf(talk);
  const context = contextOf(flow, talk.agency);
  statesOf(talk).forEach(({ session }, at) => {
    if (!settled(session) || Object.keys(view(flow, session, context)).length === 0) return;
    const back = play(flow, session, { type: 'command', command: 'back' }, context).session;
    const step = asked(flow, back, context) ?? '';
    const kept = play(flow, back, { type: 'choice', step, choice: '-keep' }, context).session;
    expect([at, finish(talk, kept, at)]).toEqual([at, talk.answers]);
  });
});

const stepsOf = (flow: Flow): Step[] =>
  flow.entries.flatMap((entry) => ('repeat' in entry ? [...entry.repeat.item] : [entry]));

describe.each([...flows])('the talks about %s', (slug, flow) => {
  const own = talks.filter((talk) => talk.flow === slug);
  const ends = own.map((talk) => {
    const context = contextOf(flow, talk.agency);
    const states = statesOf(talk);
    const session = states.at(-1)!.session;
    const passed = Object.keys(view(flow, session, context)).map((path) => path.replace(/\.i\d+\./, '.*.'));
    const walked = new Set([...passed, ...states.map((state) => asked(flow, state.session, context) ?? '')]);
    return { walked, phase: session.phase, said: states.flatMap(({ said }) => keysIn(said)) };
  });

  test('walk every condition both ways', () => {
    const conditional = stepsOf(flow).filter(({ when }) => when !== null);
    const never = conditional.filter(({ path }) => !ends.some(({ walked }) => walked.has(path)));
    const always = conditional.filter(
      ({ path }) => !ends.some((end) => end.phase === 'review' && !end.walked.has(path)),
    );
    expect({ never: never.map(({ path }) => path), always: always.map(({ path }) => path) }).toEqual({
      never: [],
      always: [],
    });
  });

  test('break every rule, and keep it', () => {
    const rules = stepsOf(flow).flatMap(({ path, checks }) =>
      checks.map(({ id, level }) => ({ path, text: `${level}.${id}` })),
    );
    const unbroken = rules.filter(({ text }) => !ends.some(({ said }) => hits(said, text)));
    const unkept = rules.filter(({ path }) => !ends.some(({ walked }) => walked.has(path)));
    expect({ unbroken, unkept }).toEqual({ unbroken: [], unkept: [] });
  });

  test('take at most twenty questions in the common case', () => {
    const counts = own.flatMap((talk, at) =>
      ends[at]!.phase === 'review' ? [Object.keys(talk.answers).length] : [],
    );
    expect(Math.min(...counts)).toBeLessThanOrEqual(20);
  });
});

test('the forms of address have the same words in each pair', () => {
  for (const lang of ['vi', 'en'] as const) {
    for (const id of speech.pairs(lang))
      expect(Object.keys(speech.pair(id, lang)).sort()).toEqual(['You', 'me', 'yes', 'you']);
  }
});

/** What people type at a choice, by flow and step; the id it must mean. */
test.each([
  ['trich-luc-ho-tich', 'opening.forWhom', 'xin cho mẹ', 'other'],
  ['trich-luc-ho-tich', 'opening.forWhom', 'của tôi', 'self'],
  ['trich-luc-ho-tich', 'record', 'giấy báo tử', 'death'],
  ['trich-luc-ho-tich', 'record', 'hôn thú', 'marriage'],
  ['trich-luc-ho-tich', 'record', 'trích lục khai sinh', 'birth'],
  ['trich-luc-ho-tich', 'record', 'khai sanh', 'birth'],
  ['trich-luc-ho-tich', 'record', 'dang ky ket hon', 'marriage'],
  ['trich-luc-ho-tich', 'relation', 'má', 'parent'],
  ['trich-luc-ho-tich', 'relation', 'bà nội', 'grandparent'],
  ['trich-luc-ho-tich', 'relation', 'chồng', 'spouse'],
  ['trich-luc-ho-tich', 'authorisation', 'chưa có', 'later'],
  ['trich-luc-ho-tich', 'authorisation', 'có', 'ready'],
  ['trich-luc-ho-tich', 'authorisation', 'mẹ tôi mất rồi', 'deceased'],
  ['trich-luc-ho-tich', 'delivery', 'ra phường lấy', 'counter'],
  ['trich-luc-ho-tich', 'delivery', 'gửi về nhà', 'post'],
  ['khai-sinh', 'opening.forWhom', 'khai cho cháu nội', 'other'],
  ['khai-sinh', 'opening.forWhom', 'cháu gõ giúp bác hàng xóm', 'helped'],
  ['khai-sinh', 'relation', 'má', 'mother'],
  ['khai-sinh', 'relation', 'bà nội', 'grandmother'],
  ['khai-sinh', 'relation', 'tôi là ông ngoại', 'grandfather'],
  ['khai-sinh', 'relation', 'chú ruột', 'relative'],
  ['khai-sinh', 'parents', 'có giấy kết hôn rồi', 'married'],
  ['khai-sinh', 'parents', 'hai đứa chưa đăng ký', 'unmarried'],
  ['khai-sinh', 'parents', 'mẹ đơn thân', 'unmarried'],
  ['khai-sinh', 'parents', 'đẻ thuê', 'surrogacy'],
  ['khai-sinh', 'fatherNamed', 'theo mẹ', 'motherOnly'],
  ['khai-sinh', 'child.hometown', 'quê ngoại', 'mother'],
  ['khai-sinh', 'noBirthPaper', 'đẻ ở nhà', 'witness'],
  ['khai-sinh', 'noBirthPaper', 'không có ai', 'pledge'],
  ['khai-sinh', 'papersBefore', 'chưa có gì', 'none'],
  ['khai-sinh', 'delivery', 'ra xã lấy', 'counter'],
  ['xac-nhan-hon-nhan', 'residence', 'có hộ khẩu ở đây', 'permanent'],
  ['xac-nhan-hon-nhan', 'residence', 'tôi thuê trọ ở đây', 'temporary'],
  ['xac-nhan-hon-nhan', 'purpose', 'làm sổ đỏ', 'property'],
  ['xac-nhan-hon-nhan', 'purpose', 'lấy chồng Hàn Quốc', 'marriage'],
  ['xac-nhan-hon-nhan', 'purpose', 'con đi xuất khẩu lao động', 'abroad'],
  ['xac-nhan-hon-nhan', 'status', 'chưa có vợ', 'never'],
  ['xac-nhan-hon-nhan', 'status', 'chồng tôi mất rồi', 'widowed'],
  ['xac-nhan-hon-nhan', 'status', 'ly dị rồi', 'divorced'],
  ['xac-nhan-hon-nhan', 'status', 'bỏ chồng', 'divorced'],
  ['xac-nhan-hon-nhan', 'status', 'tôi có chồng rồi', 'married'],
  ['xac-nhan-hon-nhan', 'status', 'sống chung chưa đăng ký', 'other'],
  ['xac-nhan-hon-nhan', 'relation', 'con gái', 'child'],
  ['xac-nhan-hon-nhan', 'elsewhere', 'chưa đi đâu', 'here'],
  ['xac-nhan-hon-nhan', 'oldPaper', 'vẫn còn giữ', 'handBack'],
  ['xac-nhan-hon-nhan', 'oldPaper', 'mất rồi', 'lost'],
])('%s: %s understands %p as %s', (slug, path, typed, id) => {
  const flow = flows.get(slug)!;
  const step = stepsOf(flow).find((one) => one.path === path)!;
  const { today, findCommunes } = contextOf(flow);
  expect(step.reader.read(typed, step.options, { today, findCommunes, agency: null })).toEqual({
    ok: true,
    value: id,
  });
});
