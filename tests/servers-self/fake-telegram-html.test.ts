/** Telegram's HTML mode, read as Telegram reads it. */
import { asShown, parseHtml } from '../servers/fake-telegram/fake-telegram';

it.each([
  [
    '<b>Nguyễn 👨‍👩‍👧 Ế</b> <i>ạ</i>',
    'Nguyễn 👨‍👩‍👧 Ế ạ',
    [
      ['bold', 0, 17],
      ['italic', 18, 1],
    ],
  ],
  ['a &lt;b&gt; &amp;amp; &quot;x&quot; &nbsp; & &lt', 'a <b> &amp; "x" &nbsp; & <', []],
  ['&#39;&#x1F600;', "'😀", []],
  ['<a href="https://a.vn/?x=1&amp;y=2">đây</a>', 'đây', [['text_link', 0, 3]]],
  ['<a href="http://localhost/">đây</a>', 'đây', []],
  [
    '<b>x<i>y</i></b>',
    'xy',
    [
      ['bold', 0, 2],
      ['italic', 1, 1],
    ],
  ],
  [
    '<span class="tg-spoiler">x</span><B>y</b>',
    'xy',
    [
      ['spoiler', 0, 1],
      ['bold', 1, 1],
    ],
  ],
] as const)('reads %s', (markup, text, entities) => {
  const parsed = parseHtml(markup);
  expect(parsed.text).toBe(text);
  expect(parsed.entities.map(({ type, offset, length }) => [type, offset, length])).toEqual(entities);
});

it.each([
  ['a < b', 'Unsupported start tag "" at byte offset 2'],
  ['ế <x>', 'Unsupported start tag "x" at byte offset 4'],
  ['<b>a', 'Can\'t find end tag corresponding to start tag "b"'],
  ['a</b>', 'Unexpected end tag at byte offset 1'],
  ['<b><i>a</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
  ['<br/>', 'Unsupported start tag "br/"'],
  ['<span>x</span>', 'Tag "span" must have class "tg-spoiler"'],
  ['<3', 'Unclosed start tag'],
])('refuses the markup %s', (markup, why) => {
  expect(() => parseHtml(markup)).toThrow(`Bad Request: can't parse entities: ${why}`);
});

it('cleans what is shown, and moves entities along', () => {
  const cleaned = asShown(parseHtml('\r\n a\u0000\u202e<b>ế\r\nb </b>  '));
  expect(cleaned).toEqual({ text: 'a ế\nb', entities: [{ type: 'bold', offset: 2, length: 3 }] });
});
