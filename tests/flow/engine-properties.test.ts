import fc from 'fast-check';
import { AppError } from '../../src/errors';
import { advance, startSession } from '../../src/flow/engine';
import type { Command, Flow, FlowEvent, Session } from '../../src/flow/types';
import { walk } from '../../src/flow/view';
import { context, FAMILY, load, SMALL, spoken } from './small-flow';

const COMMANDS: readonly Command[] = [
  ...([
    'start',
    'resume',
    'back',
    'edit',
    'review',
    'explain',
    'stop',
    'send',
    'undo',
    'send-anyway',
    'person',
  ] as const),
];
const STEPS = [
  ...[
    'place',
    'agree',
    'forWhom',
    'applicant.name',
    'applicant.birth',
    'subject.name',
    'copies',
    'remark',
    'tooYoung',
  ],
  ...['members', 'members.i1.name', 'members.i2.school', 'members.i99.name', 'big', 'head', 'extra.q'],
  ...['__proto__', 'constructor', 'toString', 'a.b', '', 'no'],
];
const WORDS = [
  ...[
    'Phường Tây Hồ',
    'Phường Ba Đình',
    'Hòa Bình',
    'đồng ý',
    'có',
    'không',
    '1',
    '2',
    '3',
    '15',
    '99',
    'Nguyễn Văn An',
  ],
  ...[
    '3/2/1960',
    '3/2/2015',
    '1/1/2030',
    '5/3/1960 âm lịch',
    'sửa 2',
    'sửa 99',
    'giữ nguyên',
    'bỏ qua',
    'gửi',
    'thôi',
  ],
];
const CHOICES = [
  'self',
  'other',
  'agreed',
  '-yes',
  '-no',
  '-keep',
  '-skip',
  '-more',
  '-done',
  '-drop:i1',
  '-bring',
  '__proto__',
  '00003',
];

const event: fc.Arbitrary<FlowEvent> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('text'), text: fc.constantFrom(...WORDS) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('text'), text: fc.string({ unit: 'grapheme', maxLength: 60 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('choice'),
      step: fc.constantFrom(...STEPS),
      choice: fc.constantFrom(...CHOICES),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        type: fc.constant('command'),
        command: fc.constantFrom(...COMMANDS),
        step: fc.constantFrom(...STEPS),
      },
      { requiredKeys: ['type', 'command'] },
    ),
  },
);

const flows: readonly Flow[] = [load(SMALL), load(FAMILY)];
const extra = [{ id: 'q', sort: 'question', text: 'Vì sao?' }] as const;

/** Runs events; the session goes through JSON between turns. Gives back everything said and the last session. */
function run(flow: Flow, events: readonly FlowEvent[]): { session: Session; said: string[][] } {
  let session = startSession({ flow, key: 'k', purpose: 'file', extra });
  const said = events.map((one) => {
    const turn = advance(flow, session, one, context);
    const stored = JSON.parse(JSON.stringify(turn.session)) as Session;
    expect(stored).toEqual(turn.session);
    session = stored;
    return turn.effects.map((effect) =>
      effect.type === 'say' ? spoken(effect.message) : JSON.stringify(effect),
    );
  });
  return { session, said };
}

const events = fc.array(event, { minLength: 1, maxLength: 40 });

it('never throws, answers every turn, and does the same again for the same events', () => {
  fc.assert(
    fc.property(fc.constantFrom(...flows), events, (flow, list) => {
      const first = run(flow, list);
      expect(first.said.every((effects) => effects.length > 0)).toBe(true);
      expect(run(flow, list)).toEqual(first);
    }),
    { numRuns: 300 },
  );
});

it('sends only answers that count, all of them, in flow order', () => {
  fc.assert(
    fc.property(fc.constantFrom(...flows), events, (flow, list) => {
      const session: Session = { ...run(flow, list).session, phase: 'review' };
      const at = walk(flow, session, context);
      const { effects } = advance(
        flow,
        { ...session, focus: null, pending: null },
        { type: 'command', command: 'send' },
        context,
      );
      const sent = effects.find(({ type }) => type === 'send');
      expect(sent !== undefined).toBe(at.next === null);
      if (sent?.type !== 'send') return;
      expect(sent.lines.map(({ step }) => step)).toEqual(at.lines.map(({ path }) => path));
      expect(sent.lines.every(({ answer }) => answer.rev === 1)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

it('says nothing twice running to words it does not understand', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...flows),
      fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }),
      (flow, words) => {
        const nonsense = ['@@@', '@@@', '@@@', '@@@', '@@@'];
        const texts = [...words.filter((text) => text !== 'gửi'), ...nonsense].map(
          (text) => ({ type: 'text', text }) as const,
        );
        const { said, session } = run(flow, texts);
        if (session.phase === 'sending') return;
        const last = said.slice(-nonsense.length).map((effects) => effects.join());
        for (const [i, message] of last.entries()) expect(message === last[i - 1]).toBe(false);
      },
    ),
    { numRuns: 200 },
  );
});

it('meets sessions that never came from it with a question or a named bound, never with a hang or a crash', () => {
  const stored = fc.dictionary(
    fc.constantFrom(...STEPS),
    fc.record({
      value: fc.jsonValue(),
      source: fc.constant('typed'),
      rev: fc.constantFrom(1, 0, -1),
      at: fc.constant(context.at),
      by: fc.constant('citizen'),
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...flows), stored, event, (flow, answers, one) => {
      const session = {
        ...startSession({ flow, key: 'k', purpose: 'file' }),
        answers: answers as Session['answers'],
      };
      try {
        advance(flow, session, one, context);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'engine-bound') throw error;
      }
    }),
    { numRuns: 500 },
  );
});
