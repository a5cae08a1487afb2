/** Whatever is written, Telegram accepts it and shows just that; long texts are cut where a reader would pause. */
import fc from 'fast-check';
import { htmlOf, wellFormed } from '../../src/channels/telegram/html';
import { splitText } from '../../src/channels/telegram/split-text';
import { HOSTILE, NAUGHTY } from '../hostile-words';
import { asShown, parseHtml } from '../servers/fake-telegram/fake-telegram';

const CODE = '7K2M9-QX4TB-H';

/** Any UTF-16 at all, with what a parser of markup or a cutter of text could stumble over. */
const unit = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        '</b>',
        '<code>',
        '&lt;',
        '&#60;',
        '&amp',
        '&',
        '<',
        '>',
        '"',
        '\r\n',
        '\n\n',
        ' ',
        '. ',
        '\t',
        '\u0000',
      ],
      ...[
        '👩🏽‍⚕️',
        '🇻🇳',
        'ữ',
        'u\u031b\u0303',
        '\u0301',
        '\ud83d',
        '\udc4d',
        '\u202e',
        'Nguyễn',
        CODE,
        'https://x.vn/',
      ],
    ),
  },
);
const anything = fc.array(unit, { maxLength: 60 }).map((units) => units.join(''));

describe('markup', () => {
  const shownOf = (html: string) => asShown(parseHtml(html));
  const plainly = (text: string) => asShown({ text: wellFormed(text), entities: [] }).text;

  test('any text is shown as it is', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(parseHtml(htmlOf(text)).text).toBe(wellFormed(text));
        expect(shownOf(htmlOf(text)).text).toBe(plainly(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([...HOSTILE, ...NAUGHTY].map((text) => [text.slice(0, 30), text]))(
    '%j is shown as it is',
    (_, text) => {
      expect(parseHtml(htmlOf(text)).text).toBe(wellFormed(text));
    },
  );

  test('what is well-formed is not touched', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => wellFormed(text) === text));
  });

  test.each([
    ['a code alone', CODE, [CODE]],
    ['in a sentence', `Mã hồ sơ: ${CODE}.`, [CODE]],
    ['two codes', `${CODE}, 00000-00000-0`, [CODE, '00000-00000-0']],
    ['within words of others', `x${CODE} ${CODE}9 ${CODE}-1 đ${CODE}`, []],
    ['within a link', `Xem https://x.vn/tra-cuu/${CODE} ạ`, []],
    ['after a link', `https://x.vn/ ${CODE}`, [CODE]],
    ['letters a code has not', '7K2M9-QXITB-H', []],
    ['beside markup of a citizen', `<b>${CODE}</b>`, [CODE]],
  ])('%s: what a tap copies', (_, text, copied) => {
    const { text: shown, entities } = parseHtml(htmlOf(text));
    expect(entities.map(({ type }) => type)).toEqual(copied.map(() => 'code'));
    expect(entities.map(({ offset, length }) => shown.slice(offset, offset + length))).toEqual(copied);
  });
});

describe('cutting', () => {
  const segmenter = new Intl.Segmenter('vi', { granularity: 'grapheme' });
  const bordersOf = (text: string) =>
    new Set([...segmenter.segment(text)].map(({ index }) => index)).add(text.length);

  /** Where each part lies in the text; only white space lies between. */
  function placesOf(text: string, parts: readonly string[]): readonly { from: number; to: number }[] {
    let at = 0;
    return parts.map((part) => {
      const from = text.indexOf(part, at);
      expect(text.slice(at, from).trim()).toBe('');
      expect(from).toBeGreaterThanOrEqual(at);
      at = from + part.length;
      return { from, to: at };
    });
  }

  test('parts are the text, none too long, no letter cut', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 12, max: 80 }), (text, max) => {
        const parts = splitText(text, max);
        const places = placesOf(text, parts);
        expect(text.slice(places.at(-1)?.to ?? 0).trim()).toBe('');
        const borders = bordersOf(text);
        const longest = Math.max(0, ...[...segmenter.segment(text)].map(({ segment }) => segment.length));
        for (const { from, to } of places) {
          expect(to - from).toBeLessThanOrEqual(max);
          if (longest <= max) expect([borders.has(from), borders.has(to)]).toEqual([true, true]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a pair of surrogates survives where one letter is longer than a message', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), (max) => {
        const family = '👩‍👩‍👧‍👦'.repeat(2);
        expect(splitText(family, max).join('')).toBe(family);
        expect(splitText(family, max).every((part) => wellFormed(part) === part)).toBe(true);
      }),
    );
  });

  test.each([
    ['paragraph', 'Một hai. Ba bốn.\n\nNăm sáu. Bảy tám', 30, ['Một hai. Ba bốn.', 'Năm sáu. Bảy tám']],
    ['line', 'Một hai. Ba bốn\nNăm sáu. Bảy tám', 30, ['Một hai. Ba bốn', 'Năm sáu. Bảy tám']],
    ['sentence', 'Một hai. Ba bốn! Năm sáu bảy tám', 20, ['Một hai. Ba bốn!', 'Năm sáu bảy tám']],
    ['sentence in quotes', 'Bà nói: “Vâng.” Rồi đi về nhà', 18, ['Bà nói: “Vâng.”', 'Rồi đi về nhà']],
    ['word', 'Một hai ba bốn năm', 13, ['Một hai ba', 'bốn năm']],
    ['word, just fitting', 'Một hai ba', 7, ['Một hai', 'ba']],
    ['grapheme', 'Nguyễn'.normalize('NFD').repeat(2), 7, ['Nguye\u0302\u0303', 'nNguy', 'e\u0302\u0303n']],
    ['far too early a paragraph', 'A\n\nMột hai ba bốn năm', 13, ['A\n\nMột hai ba', 'bốn năm']],
    ['short', ' Vâng ', 10, [' Vâng ']],
    ['nothing', '', 10, []],
    ['blanks', ' '.repeat(25), 10, []],
  ])('%s', (_, text, max, parts) => {
    expect(splitText(text, max)).toEqual(parts);
  });

  test('400,000 letters are cut at once', () => {
    const started = performance.now();
    expect(splitText('Nguyễn Văn An. '.repeat(27_000), 4096).length).toBeGreaterThan(90);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
