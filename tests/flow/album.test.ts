/** An album, whose photos come one event at a time: all of them go where the first went, whatever is said meanwhile. */
import fc from 'fast-check';
import { advance, startSession } from '../../src/flow/engine';
import { photosIn } from '../../src/flow/photos/photo-value';
import type { Flow, FlowEvent, Session } from '../../src/flow/types';
import { present, walk } from '../../src/flow/view';
import { atName, atReview, conditional, last, pages, papers, photoEvent, plain } from './photo-flow';
import { context, spoken } from './small-flow';

interface Run {
  readonly session: Session;
  readonly said: readonly string[];
  readonly moved: readonly string[];
}

const photo = (id: string, unsaid = false): FlowEvent => ({
  ...{ type: 'photos', album: 'A', unsaid },
  photos: photosOf([id]),
});
function photosOf(ids: readonly string[]) {
  const event = photoEvent(ids);
  return event.type === 'photos' ? event.photos : [];
}
const text = (words: string): FlowEvent => ({ type: 'text', text: words });

/** What was said is that of the last event. */
function run(flow: Flow, start: Session, events: readonly FlowEvent[]): Run {
  let [session, said, moved]: [Session, string[], string[]] = [start, [], []];
  for (const event of events) {
    const turn = advance(flow, session, event, context);
    session = JSON.parse(JSON.stringify(turn.session)) as Session;
    said = turn.effects.flatMap((one) => (one.type === 'say' ? [spoken(one.message)] : []));
    for (const one of turn.effects) {
      if (one.type === 'take-photo') moved = [...moved, `+${one.photo}`];
      if (one.type === 'drop-photo') moved = [...moved, `-${one.photo}`];
    }
  }
  return { session, said, moved };
}

const places = ({ session }: Run): readonly string[] =>
  photosIn(session).map(({ path, photo: { id } }) => `${path ?? 'waits'}: ${id}`);
const asked = (flow: Flow, { session }: Run): string | null =>
  present(walk(flow, session, context), session)?.path ?? null;

function begun(flow: Flow, ...words: readonly string[]): Session {
  const fresh = startSession({ flow, key: 'k1', purpose: 'file' });
  return run(flow, fresh, [{ type: 'command', command: 'start' }, ...words.map(text)]).session;
}

describe('the rest of an album', () => {
  const start = begun(pages, 'Phường Tây Hồ');

  it('goes to the step of the first, also when the next wants photos too', () => {
    const end = run(pages, start, [photo('a'), text('đủ rồi'), photo('b'), photo('c')]);
    expect(places(end)).toEqual(['front: a', 'front: b', 'front: c']);
    expect([asked(pages, end), end.moved]).toEqual(['back', ['+a', '+b', '+c']]);
    expect(end.said.join()).toContain('flow.photos.late(label=pages.front.label');
    expect(end.said.join()).toContain('pages.back.ask');
  });

  it('is too many where the step is full: said once, and dropped', () => {
    const full = [photo('a'), photo('b'), photo('c'), photo('d')];
    const end = run(pages, start, full);
    expect([places(end).length, asked(pages, end), end.moved.at(-1)]).toEqual([3, 'back', '-d']);
    expect(end.said.join()).toContain('flow.photos.over(max=3)');
    const more = run(pages, end.session, [photo('e')]);
    expect([more.said, more.moved]).toEqual([[], ['-e']]);
  });

  it('follows the first where its bytes were refused and the talk has moved on', () => {
    const refusedFirst: FlowEvent = { type: 'photo-refused', photo: 'a', problem: 'too-big' };
    const events = [{ ...photoEvent(['x']) }, photo('a'), text('đủ rồi'), refusedFirst, photo('b')];
    expect(places(run(pages, start, events))).toEqual(['front: x', 'front: b']);
  });

  it('does not take the place of the first where one photo is enough', () => {
    const atBack = begun(pages, 'Phường Tây Hồ', 'mang đến quầy');
    const end = run(pages, atBack, [photo('a'), photo('b')]);
    expect([places(end), asked(pages, end)]).toEqual([['back: a'], 'letter']);
    // Another photo, later, does.
    const again = run(pages, end.session, [
      { type: 'command', command: 'edit', step: 'back' },
      photoEvent(['n']),
    ]);
    expect(places(again)).toEqual(['back: n']);
  });

  it('is kept beside a promise to bring the paper, and the promise stays', () => {
    const end = run(pages, start, [photo('a'), text('mang đến quầy'), photo('b')]);
    expect(end.session.answers['front']?.value).toMatchObject({ bring: true, done: true });
    expect([places(end), asked(pages, end)]).toEqual([['front: a', 'front: b'], 'back']);
  });

  it('is not kept for what was skipped', () => {
    const atLetter = begun(pages, 'Phường Tây Hồ', 'mang đến quầy', 'mang đến quầy');
    const end = run(pages, atLetter, [photo('a'), text('bỏ qua'), photo('b'), photo('c')]);
    expect([places(end), end.moved]).toEqual([[], ['+a', '-a', '-b', '-c']]);
    const said = run(pages, run(pages, atLetter, [photo('a'), text('bỏ qua')]).session, [photo('b')]).said;
    expect(said.join()).toContain('flow.photos.skipped(label=pages.letter.label)');
  });

  it('waits with the first, follows it to its place, and goes with it', () => {
    const name = atName('x', 'y', 'z').session;
    const waits = run(papers, name, [photo('a'), photo('b')]);
    expect([places(waits).slice(3), waits.said.join()]).toEqual([
      ['waits: a', 'waits: b'],
      expect.stringContaining('flow.photos.where.many(n=2)'),
    ]);
    const placed = run(papers, name, [photo('a'), text('thẻ căn cước'), photo('b'), photo('c')]);
    expect(places(placed).slice(3)).toEqual(['idCard: a', 'idCard: b']);
    const away = run(papers, name, [photo('a'), text('bỏ ảnh này'), photo('b')]);
    expect([places(away).length, away.said, away.moved]).toEqual([3, [], ['+a', '-a', '-b']]);
  });

  it('is not kept where nothing wants photos, said once', () => {
    const end = run(plain, begun(plain), [photo('a')]);
    expect(end.said.join()).toContain('flow.photos.none');
    expect(run(plain, end.session, [photo('b')])).toMatchObject({ said: [], moved: ['-b'] });
  });
});

describe('a reply that is said for those before it too', () => {
  const start = begun(pages, 'Phường Tây Hồ');
  const replyTo = (flow: Flow, from: Session, ids: readonly string[]) =>
    run(
      flow,
      from,
      ids.map((id, index) => photo(id, index > 0)),
    ).said.join();
  const atOnce = (flow: Flow, from: Session, ids: readonly string[]) =>
    run(flow, from, [{ ...photo('a'), ...{ type: 'photos', photos: photosOf(ids) } }]).said.join();

  it.each([
    ['all of them', ['a', 'b']],
    ['one twice', ['a', 'b=a', 'c']],
    ['a file where none may be', ['a.pdf', 'b', 'c']],
    ['just enough', ['a', 'b', 'c']],
    ['too many', ['a', 'b', 'c', 'd', 'e']],
    ['one twice and too many', ['a', 'b=a', 'c', 'd', 'e', 'f']],
  ])('is what one event would have been told: %s', (_name, ids) => {
    const unordered = (said: string) => said.split('\n').sort();
    expect(unordered(replyTo(pages, start, ids))).toEqual(unordered(atOnce(pages, start, ids)));
  });

  it('shows the whole review where the photo that led to it was not answered yet', () => {
    const atProof = begun(last, 'Phường Tây Hồ', 'Nguyễn Văn An');
    const full = ['a', 'b', 'c', 'd'];
    expect(replyTo(last, atProof, full)).toContain('flow.review.title');
    expect(
      run(
        last,
        atProof,
        full.map((id) => photo(id)),
      ).said.join(),
    ).not.toContain('flow.review.title');
  });

  it('says that GỬI is off, where an earlier one called it off', () => {
    const atProof = begun(last, 'Phường Tây Hồ', 'Nguyễn Văn An');
    const waits = [photo('a'), text('đủ rồi'), text('gửi')];
    const end = run(last, atProof, [...waits, photo('b'), photo('c', true)]);
    expect([end.said.join(), end.session.pending]).toEqual([expect.stringContaining('photos.sendOff'), null]);
  });
});

describe('any order, doubles and words between', () => {
  const starts: readonly (readonly [Flow, Session])[] = [
    [pages, begun(pages, 'Phường Tây Hồ')],
    [pages, begun(pages, 'Phường Tây Hồ', 'mang đến quầy')],
    [papers, begun(papers, 'Phường Tây Hồ')],
    [papers, atName('x', 'y', 'z').session],
    [papers, atReview('a', 'b', 'c').session],
    [conditional, begun(conditional, 'Phường Tây Hồ')],
    [last, begun(last, 'Phường Tây Hồ', 'Nguyễn Văn An')],
    [plain, begun(plain)],
  ];
  const words = [
    'đủ rồi',
    'Nguyễn Văn An',
    'mang đến quầy',
    'không biết',
    '@@@',
    'có',
    'thẻ căn cước',
    'gửi',
  ];
  const photos = Array.from({ length: 10 }, (_, index) => `n${String(index)}`);

  it('leave the same photos at the same step as one event with all of them', () => {
    const arb = fc.record({
      at: fc.constantFrom(...starts),
      order: fc.shuffledSubarray(photos, { minLength: 1 }),
      doubles: fc.array(fc.nat(9), { maxLength: 3 }),
      between: fc.array(fc.tuple(fc.nat(9), fc.constantFrom(...words)), { maxLength: 4 }),
      unsaid: fc.boolean(),
    });
    fc.assert(
      fc.property(arb, ({ at: [flow, start], order, doubles, between, unsaid }) => {
        const again = doubles.map((n, index) => `d${String(index)}=${order[n % order.length] ?? ''}`);
        const ids = [...order, ...again];
        const [first = '', ...others] = ids;
        const rest: FlowEvent[] = others.map((id) => photo(id, unsaid));
        for (const [where, said] of between) rest.splice(where % (rest.length + 1), 0, text(said));
        const split = run(flow, start, [photo(first), ...rest]);
        const spoken = rest.filter(({ type }) => type === 'text');
        const whole = { type: 'photos', album: 'A', photos: photosOf(ids) } as const;
        expect(places(split)).toEqual(places(run(flow, start, [whole, ...spoken])));
        const gone = ids
          .map((id) => id.replace(/=.*/, ''))
          .filter((id) => !places(split).some((one) => one.endsWith(`: ${id}`)));
        expect(split.moved.filter((one) => one.startsWith('-')).sort()).toEqual(
          gone.map((id) => `-${id}`).sort(),
        );
      }),
      { numRuns: 500 },
    );
  });
});
