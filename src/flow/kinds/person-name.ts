/**
 * Kind `person-name`: a full name as identity papers write it. Value: string, NFC, ≤ 100 letters as readers count them,
 * proper case proposed ("H'Hen Niê", "K'Brêu"). Letters of the Latin script, spaces and '.- only. One word alone, and a
 * Vietnamese name without any marks, are shown before they count: people have such names, but more often left a part out.
 */
import { z } from 'zod';
import { WHO, isLonger, loosely, nfc, stripPoliteness } from '../text';
import { isTalk, lacksMarks } from '../reading/family-names';
import type { Reading } from '../types';
import { defineKind, no, ok } from './reading';

const MAX = 100;
const options = z.strictObject({});

/** Up to two marks on one base: peoples of the Central Highlands write some letters that have no single code point. */
const SHAPE = /^(?:(?!\p{Nl})[\p{Script=Latin}])(?!.*\p{M}{3})[\p{Script=Latin}\p{M} '’.-]*$/u;
/** Full-width letters, Roman numerals and ordinal signs are Latin to Unicode, not to a registrar. */
const STRANGE = /[\p{Nl}\p{No}ªº\uFF00-\uFFEF]|\.(?=\p{L}{2})|['’.-]{2}/u;
/** Letters of other languages that look like Đ and break searches. */
const D_LOOKALIKE = /[ÐðƉɖ]/gu;
const FAMILY = `(?:${loosely('nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|ngô|dương|đinh|đoàn|trịnh|lương')})`;
/** "Ông" is a family name too, so it goes only before a family name and two more words. */
const TITLE = new RegExp(
  `^(?:(?:${loosely('cụ bà|cụ ông|bà|anh|chị|bác|bé|dì|cậu|mợ|cụ')}|cô|chú|cháu) (?=${FAMILY} \\p{L})|ông (?=${FAMILY} \\S+ \\p{L}))`,
  'iu',
);
/** "chị Hoa": small letters before a capital are no part of the name. */
const SMALL_TITLE = /^(?:ông|bà|anh|chị|bác|bé|dì|cậu|mợ|cụ|cô|chú|cháu|em) (?=\p{Lu}\p{Ll})/u;
/** "H' Hen" is one word. */
const TORN = /(?<=(?:^| )\p{L}) ?' ?(?=\p{L})/gu;
const SMALL_ADDRESSEE = /(?<=\p{Lu}\p{Ll}*) (?:em|cô|chú|anh|chị|con|cháu|bác)(?: (?:ạ|nhé|ơi))?[ .!]*$/u;
/** "mẹ cháu" is somebody, but not a name; "Bé" may be one. */
const ONLY_PEOPLE = new RegExp(`^(?:${WHO} )*${WHO}$|^ạ$`, 'u');
const NOT_A_NAME = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${loosely('(?:không|ko|chưa|chẳng|hổng|hông|quên) (?:biết|nhớ|rõ|có|phải|muốn|cần|hiểu|đặt|tên|mất|rồi)|bao nhiêu|là gì|làm sao|thế nào|ở đâu|tại sao|giống trên|như trên|đúng rồi|đồng ý|xin chào')})(?![\\p{L}\\p{M}])` +
    `|^(?:${loosely('không|có|chưa|rồi|dạ|vâng|ừ|ok|oke|phải|được|không ạ|alo')}|đúng|hi|hello|yes|no)$`,
  'iu',
);

const upperFirst = (part: string): string => {
  const [first = '', ...rest] = part;
  const [letter = '', ...more] = first.toUpperCase();
  // "ß" is two capitals, of which only one stands first.
  return letter + more.join('').toLowerCase() + rest.join('');
};

/** Small letters, or capitals throughout, become proper case; a word that mixes them ("McDonald") is left as typed. */
function properWord(word: string): string {
  const pieces = word.split(/(['’.-])/);
  const typedCarefully = /^\p{Lu}.*\p{Ll}/u.test(word);
  return pieces.map((piece) => (typedCarefully ? piece : upperFirst(piece.toLowerCase()))).join('');
}

const properCase = (name: string): string => nfc(name.split(' ').map(properWord).join(' '));

const isName = (text: string): boolean =>
  SHAPE.test(text) &&
  !STRANGE.test(text) &&
  !/[ '’-]$/.test(text) &&
  !isLonger(text, MAX) &&
  nfc(text) === text;

/** One word, but not "K'Brêu": most likely the given name only. */
const isPart = (name: string): boolean => !/[ '-]/.test(name);

/** The name alone, politeness and a title before a common family name taken off. */
function bare(text: string): string {
  const once = stripPoliteness(text.replace(SMALL_ADDRESSEE, ''))
    .replace(SMALL_TITLE, '')
    .replace(TITLE, '')
    .replace(/^[" ]+|[",;!. ]+$/g, '');
  return once === text || once === '' ? text : bare(once);
}

/** "Họ nguyễn tên an", "họ Nguyễn đệm Văn tên An". */
const PARTS = new RegExp(
  `^${loosely('họ')} ([^\\s,]+)(?:,? (?:${loosely('tên đệm|chữ đệm|chữ lót|tên lót|đệm|lót')}) (.+?))?,? ${loosely('tên')}(?: ${loosely('là')})? (\\S+(?: \\S+)?)$`,
  'iu',
);
/** "Nguyễn Văn A (chồng)". */
const BRACKET = / ?\([^()]*\)$/u;

/** The name alone, where more than a name was said; what is left is shown before it counts. */
function inParts(text: string): string | null {
  const without = text.replace(BRACKET, '').trim();
  const [, family, middle, given] = PARTS.exec(without) ?? [];
  if (family !== undefined) return [family, middle, given].filter((part) => part !== undefined).join(' ');
  return without === text || without === '' ? null : without;
}

function read(text: string): Reading<string> {
  const parts = inParts(stripPoliteness(text)) ?? inParts(text);
  if (parts === null) return readName(text);
  const reading = readName(parts);
  return reading.ok ? no('confirm', { suggest: reading.value }) : reading;
}

function readName(text: string): Reading<string> {
  const typed = bare(
    text
      .replace(/[‘’ʼ`´]/g, "'")
      .replace(/[‐‑–]/g, '-')
      .replace(TORN, "'"),
  );
  if (NOT_A_NAME.test(typed) || ONLY_PEOPLE.test(typed) || isTalk(typed)) return no('unreadable');
  const name = properCase(typed);
  if (SHAPE.test(name) && isLonger(name, MAX)) return no('too-long', { params: { max: MAX } });
  if (!isName(name)) return no('unreadable');
  const corrected = name.replace(D_LOOKALIKE, (letter) => (letter === letter.toUpperCase() ? 'Đ' : 'đ'));
  const sure = corrected === name && !isPart(name) && !lacksMarks(name);
  return sure ? ok(name) : no('confirm', { suggest: corrected });
}

export const personName = defineKind<string, z.infer<typeof options>>(
  {
    name: 'person-name',
    options,
    cel: 'string',
    echo: true,
    read,
    accepts: (value) => typeof value === 'string' && isName(value),
    show: (value) => ({ text: value }),
  },
  { max: 1_000, flood: () => no('too-long', { params: { max: MAX } }) },
);
