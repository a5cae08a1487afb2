/** Random talks with photos: no photo is lost, kept twice, or dropped twice. */
import fc from 'fast-check';
import { advance } from '../../src/flow/engine';
import { photosIn } from '../../src/flow/photos/photo-value';
import type { FlowEvent, Session } from '../../src/flow/types';
import { context } from './small-flow';
import { papers, photoEvent, sender } from './photo-flow';

describe('whatever happens', () => {
  const ids = Array.from({ length: 12 }, (_, i) => `p${i}${i % 4 === 3 ? '.pdf' : ''}`);
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

  it('never throws; a photo is in the session once, or was dropped once', () => {
    const extra = [{ id: 'p', sort: 'paper', text: 'Giấy' }] as const;
    fc.assert(
      fc.property(fc.array(arb, { maxLength: 40 }), fc.boolean(), (list, withExtra) => {
        let session: Session = { ...sender().session, ...(withExtra ? { extra } : {}) };
        const [sent, taken, dropped]: [string[], string[], string[]] = [[], [], []];
        for (const one of list) {
          const coming = typeof one === 'number' ? ids.slice(sent.length, sent.length + one) : [];
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
          const held = photosIn(session).map(({ photo }) => photo.id);
          expect(new Set(held).size).toBe(held.length);
          expect([...held, ...dropped].sort()).toEqual([...sent].sort());
          expect(held.filter((id) => !taken.includes(id))).toEqual([]);
          expect(new Set(taken).size).toBe(taken.length);
        }
      }),
      { numRuns: 400 },
    );
  });
});
