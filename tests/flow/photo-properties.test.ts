/** Random talks with photos: no photo is lost, kept twice, or dropped twice. */
import fc from 'fast-check';
import { advance } from '../../src/flow/engine';
import { photosIn } from '../../src/flow/photos/photo-value';
import type { FlowEvent, Message, Session } from '../../src/flow/types';
import { openSpeech } from '../../src/app/speech';
import { context } from './small-flow';
import { atName, atPaper, atReview, papers, photoEvent, sender } from './photo-flow';
import { wordsOf } from './talk-runner';

describe('whatever happens', () => {
  const ids = ['a', 'b', 'c', ...Array.from({ length: 12 }, (_, i) => `p${i}${i % 4 === 3 ? '.pdf' : ''}`)];
  const texts = [
    ...[
      'Phường Tây Hồ',
      'Nguyễn Văn An',
      '1',
      '2',
      '3',
      'đủ rồi',
      'xong',
      'bỏ ảnh 1',
      'xoá hết',
      'đổi chỗ ảnh 1 và 2',
    ],
    ...[
      'mang đến quầy',
      'bỏ qua',
      'có',
      'không',
      'giữ nguyên',
      'sửa 2',
      'gửi',
      'khoan',
      'thẻ căn cước',
      'bỏ ảnh này',
    ],
    ...['@@@', 'thôi', 'TRẦN THỊ HOA', 'chụp lại'],
  ];
  const steps = ['birthPaper', 'idCard', 'letter', 'name', 'copies', 'extra.p', '__proto__'];
  const choices = ['-done', '-more', '-keep', '-skip', '-here', '-away', 'bring', '-bring', '-yes', '-no'];
  const tags = ids.map((id) => `-drop:${id.slice(0, 8)}`);
  const commands = ['start', 'resume', 'back', 'edit', 'review', 'explain', 'stop', 'send', 'undo'] as const;
  const problem = fc.constantFrom('broken', 'lost', 'too-slow', 'pdf-not-here');
  const arb = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...texts).map((text): FlowEvent => ({ type: 'text', text })) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...ids).map((id): FlowEvent => ({
        ...{ type: 'photo-ready', photo: id, flags: id.endsWith('1') ? ['small'] : [] },
        ...{ sort: id.endsWith('.pdf') ? 'pdf' : 'photo', pages: 1 },
      })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...ids), problem)
        .map(([photo, why]): FlowEvent => ({ type: 'photo-refused', photo, problem: why })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...steps), fc.constantFrom(...choices, ...tags))
        .map(([step, choice]): FlowEvent => ({ type: 'choice', step, choice })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...commands), fc.option(fc.constantFrom(...steps)))
        .map(([command, step]): FlowEvent => ({
          type: 'command',
          command,
          ...(step === null ? {} : { step }),
        })),
    },
  );

  const starts = [sender(), atPaper(), atName('a', 'b', 'c'), atReview(), atReview('a', 'b', 'c')].map(
    ({ session }) => session,
  );
  const said: Message[] = [];

  it('never throws; a photo is in the session once, or was dropped once', () => {
    const extra = [{ id: 'p', sort: 'paper', text: 'Giấy' }] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...starts),
        fc.array(arb, { maxLength: 40 }),
        fc.boolean(),
        (start, list, withExtra) => {
          let session: Session = { ...start, ...(withExtra ? { extra } : {}) };
          const before = photosIn(session).map(({ photo }) => photo.id);
          const [sent, taken, dropped]: [string[], string[], string[]] = [[...before], [...before], []];
          for (const one of list) {
            const coming =
              typeof one === 'number' ? ids.filter((id) => !sent.includes(id)).slice(0, one) : [];
            sent.push(...coming);
            const event =
              typeof one === 'number' ? photoEvent(coming.map((id) => `${id}=${id.slice(0, 3)}`)) : one;
            const turn = advance(papers, session, event, context);
            session = JSON.parse(JSON.stringify(turn.session)) as Session;
            expect(session).toEqual(turn.session);
            for (const effect of turn.effects) {
              if (effect.type === 'take-photo') taken.push(effect.photo);
              if (effect.type === 'drop-photo') dropped.push(effect.photo);
            }
            said.push(...turn.effects.flatMap((effect) => (effect.type === 'say' ? [effect.message] : [])));
            expect(turn.effects.length > 0 || event.type.startsWith('photo-')).toBe(true);
            const held = photosIn(session).map(({ photo }) => photo.id);
            expect(new Set(held).size).toBe(held.length);
            expect([...held, ...dropped].sort()).toEqual([...sent].sort());
            expect(held.filter((id) => !taken.includes(id))).toEqual([]);
            expect(new Set(taken).size).toBe(taken.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is said in words that exist in both languages, with buttons a channel can carry', () => {
    const speech = openSpeech('locales');
    const phrases = said.flatMap(({ lines, buttons }) => [...lines, ...buttons.map(({ label }) => label)]);
    // The flow's own texts are not there; all that the engine and the kinds say is.
    const keys = new Set(phrases.flatMap((one) => ('key' in one ? [[one.key].flat().join(' ')] : [])));
    const wanted = [...keys].filter((key) => !key.includes('papers.')).map((key) => key.split(' '));
    expect(wanted.filter(([key]) => key?.startsWith('flow.photos.')).length).toBeGreaterThan(15);
    for (const lang of ['vi', 'en'] as const) {
      expect(wanted.filter((either) => !either.some((key) => speech.has(key, lang)))).toEqual([]);
      const words = { ...speech.pair('default', lang), text: 'Giấy' };
      const lines = said.flatMap((message) => wordsOf(message, lang, () => words));
      expect(lines.filter((line) => /\{\{|undefined/.test(line))).toEqual([]);
    }
    for (const { does } of said.flatMap(({ buttons }) => buttons)) {
      const id = does.type === 'choice' ? `a|${does.step}|${does.choice}` : `c|${does.command}|`;
      expect(Buffer.byteLength(id)).toBeLessThanOrEqual(64);
    }
  });
});
