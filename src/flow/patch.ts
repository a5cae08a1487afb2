/** A correction put into an answer that is there: "năm 86" changes the year only, "Hoa" one word of the name. */
import { fold, foldTone, loosely } from './text';
import type { AnswerValue, World } from './types';
import type { Spot } from './view';

/** What is right, and what it replaces if that was said. */
export interface Fix {
  readonly right: string;
  readonly wrong: string | null;
}

export interface Patched {
  readonly value: AnswerValue;
  /** The wrong words stand in the answer, so it is surely this one. */
  readonly stands: boolean;
}

/** What a step makes of words; a reading that it would only show first counts, since here everything is shown first. */
export function readAs({ step }: Pick<Spot, 'step'>, text: string, world: World): AnswerValue {
  const reading = step.reader.read(text, step.options, world);
  if (reading.ok) return reading.value;
  return reading.problem === 'confirm' ? (reading.suggest ?? null) : null;
}

export const same = (a: AnswerValue, b: AnswerValue): boolean => JSON.stringify(a) === JSON.stringify(b);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const EDGE = ['(?<![\\p{L}\\p{M}\\p{N}])', '(?![\\p{L}\\p{M}\\p{N}])'] as const;
const wordsIn = (text: string): string[] => text.split(/\s+/);

/** Where words stand in a text, whole, the last time; marks must agree unless none were typed. */
function findLast(inside: string, words: string): { at: number; length: number } | null {
  const wanted = escaped(words.toLowerCase());
  const exact = [...inside.matchAll(new RegExp(`${EDGE[0]}${wanted}${EDGE[1]}`, 'giu'))].at(-1);
  if (exact) return { at: exact.index, length: exact[0].length };
  const bare = fold(words) === words.toLowerCase();
  const tokens = [...inside.matchAll(/[\p{L}\p{M}\p{N}'/-]+/gu)];
  const count = wordsIn(words).length;
  const key = bare ? fold : foldTone;
  const found = tokens.findLastIndex((_, index) => {
    const run = tokens.slice(index, index + count).map(([token]) => token);
    return run.length === count && key(run.join(' ')) === key(words);
  });
  const [first, last] = [tokens[found], tokens[found + count - 1]];
  if (first === undefined || last === undefined) return null;
  return { at: first.index, length: last.index + last[0].length - first.index };
}

/** Words that stand on both sides of the cut are said once: "số 12" for "21" in "số 21". */
function splice(inside: string, { at, length }: { at: number; length: number }, words: string): string {
  const before = inside.slice(0, at);
  const parts = wordsIn(words);
  const doubled = parts.findLastIndex((_, index) => {
    const lead = parts.slice(0, index + 1).join(' ');
    return index + 1 < parts.length && ` ${fold(before)}`.endsWith(` ${fold(lead)}`);
  });
  return before + parts.slice(doubled + 1).join(' ') + inside.slice(at + length);
}

// ---------------------------------------------------------------- words

/** What stands now as words that can be patched; null for kinds that are no words. */
function wordsOfAnswer(spot: Spot): string | null {
  const { kind } = spot.step;
  const value = spot.answer?.value;
  if (kind === 'person-name' || kind === 'text') return typeof value === 'string' ? value : null;
  if (kind !== 'address' || typeof value !== 'object' || value === null) return null;
  return 'typed' in value && typeof value.typed === 'string' ? value.typed : null;
}

const sameStart = (a: string, b: string): boolean => fold(wordsIn(a)[0] ?? '') === fold(wordsIn(b)[0] ?? '');

/** A name without its family name is a given name: the last word of what stands, or the word that differs by its marks. */
function patchName(now: string, right: string): string {
  const parts = wordsIn(now);
  if (wordsIn(right).length > 1 || parts.length === 1) return right;
  const alike = findLast(fold(now), fold(right));
  const index = alike === null ? parts.length - 1 : fold(now).slice(0, alike.at).split(' ').length - 1;
  return parts.map((part, at) => (at === index ? right : part)).join(' ');
}

const PLACE = new RegExp(
  `^(${loosely('số|ngõ|ngách|hẻm|thôn|ấp|tổ|đội|xóm|khu|đường|phố|nhà số')}) (\\S+)$`,
  'iu',
);

/** "Số 12" for an address with "số 21"; a whole new address otherwise. */
function patchAddress(now: string, right: string): string {
  const [, part, token] = PLACE.exec(right) ?? [];
  if (part === undefined || token === undefined) return right;
  const place = new RegExp(`${EDGE[0]}(${loosely(part)}|${escaped(part)}) [^\\s,;]+`, 'iu');
  return place.test(now) ? now.replace(place, (_, said: string) => `${said} ${token}`) : right;
}

const WHOLE: Readonly<Record<string, (now: string, right: string) => string>> = {
  'person-name': patchName,
  address: patchAddress,
};

function patchWords(spot: Spot, now: string, { right, wrong }: Fix, world: World): Patched | null {
  const read = (text: string) => readAs(spot, text, world);
  const alone = spot.step.kind === 'person-name' ? read(right) : null;
  const words = typeof alone === 'string' && !/^\p{Ll}/u.test(now) ? alone : right;
  const found = wrong === null ? null : findLast(now, wrong);
  if (found !== null) {
    const renamed = alone !== null && wordsIn(words).length > 1 && sameStart(words, now);
    const whole = found.length === now.length || renamed;
    return { value: read(whole ? words : splice(now, found, words)), stands: true };
  }
  const patch = WHOLE[spot.step.kind];
  return patch === undefined ? null : { value: read(patch(now, words)), stands: false };
}

// ---------------------------------------------------------------- dates

interface Pieces {
  readonly day?: string;
  readonly month?: string;
  readonly year?: string;
}
type Piece = keyof Pieces;

const DAY_MONTH = /^(?:ngay )?(\d{1,2})(?: ?[/.-] ?| thang )(\d{1,2})$/;
const FULL = /^(?:ngay )?(\d{1,2})(?: ?[/.-] ?| thang )(\d{1,2})(?: ?[/.-] ?| nam )(\d{4}|\d{2})$/;
const MONTH_YEAR = /^(?:thang )?(\d{1,2})(?: ?[/.-] ?| nam )(\d{4})$/;

/** What is said of a date; a bare number is `bare` when that is known, else only a year is sure. */
function piecesOf(text: string, bare: Piece | null): Pieces | null {
  const said = fold(text).replace(/^(?:sinh|vao|la) /, '');
  const [, fullDay, fullMonth, fullYear] = FULL.exec(said) ?? [];
  if (fullDay !== undefined && fullMonth !== undefined && fullYear !== undefined)
    return { day: fullDay, month: fullMonth, year: fullYear };
  const [, day, month] = DAY_MONTH.exec(said) ?? [];
  if (day !== undefined && month !== undefined) return { day, month };
  const [, inMonth, inYear] = MONTH_YEAR.exec(said) ?? [];
  if (inMonth !== undefined && inYear !== undefined) return { month: inMonth, year: inYear };
  const [, name, number] = /^(?:(ngay|mung|mong|thang|nam) )?(\d{1,2}|\d{4})$/.exec(said) ?? [];
  if (number === undefined) return null;
  const piece = name === 'nam' ? 'year' : name === 'thang' ? 'month' : name === undefined ? null : 'day';
  const sure = number.length === 4 || Number(number) > 31 ? 'year' : bare;
  const which = piece ?? sure;
  return which === null ? null : { [which]: number };
}

const only = (pieces: Pieces | null): Piece | null => {
  const [first, ...others] = Object.keys(pieces ?? {}) as Piece[];
  return first !== undefined && others.length === 0 ? first : null;
};

const inDate = (now: Pieces, pieces: Pieces): boolean =>
  (Object.keys(pieces) as Piece[]).every((piece) => {
    const [has, said] = [now[piece], pieces[piece]];
    if (has === undefined || said === undefined) return false;
    return piece === 'year' ? has.endsWith(said) : Number(has) === Number(said);
  });

/** Of two digits, the year nearest to the one that stands: "86" beside 1985 is 1986. */
function fullYear(said: string, now: string | undefined): string {
  if (said.length === 4 || now === undefined) return said;
  const years = [1900, 2000].map((century) => century + Number(said));
  const [near = 0] = years.sort((a, b) => Math.abs(a - Number(now)) - Math.abs(b - Number(now)));
  return String(near);
}

function patchDate(spot: Spot, { right, wrong }: Fix, world: World): Patched | null {
  const [year = '', month, day] = (typeof spot.answer?.value === 'string' ? spot.answer.value : '').split(
    '-',
  );
  const now: Pieces = {
    year,
    ...(month === undefined ? {} : { month }),
    ...(day === undefined ? {} : { day }),
  };
  const hint = wrong === null ? null : only(piecesOf(wrong, null));
  const said = piecesOf(right, hint);
  const not = wrong === null ? null : piecesOf(wrong, only(said));
  const wrongDate = wrong === null ? null : readAs(spot, wrong, world);
  const stands =
    (not !== null && inDate(now, not)) || (wrongDate !== null && wrongDate === spot.answer?.value);
  if (said === null) return { value: readAs(spot, right, world), stands };
  const { day: d, month: m, year: y } = { ...now, ...said, year: fullYear(said.year ?? year, year) };
  const parts = d !== undefined && m === undefined ? [] : [d, m, y].filter((part) => part !== undefined);
  return { value: readAs(spot, parts.join('/'), world), stands };
}

// ---------------------------------------------------------------- the rest

/** Digits of a number that is read out: a run of at least three may be replaced by as many. */
function patchDigits(spot: Spot, now: string, { right, wrong }: Fix, world: World): Patched | null {
  const value = readAs(spot, right, world);
  if (wrong === null) return { value, stands: false };
  if (same(readAs(spot, wrong, world), now)) return { value, stands: true };
  const [good, bad] = [right, wrong].map((text) => text.replace(/[ .-]/g, ''));
  const once = bad !== undefined && /^\d{3,}$/.test(bad) && now.split(bad).length === 2;
  if (!once || good?.length !== bad.length) return { value, stands: false };
  return { value: readAs(spot, now.replace(bad, good), world), stands: true };
}

/** Does the text name one of the choices by a whole wording, and little else? */
export function namedChoice({ step }: Pick<Spot, 'step'>, text: string, world: World): AnswerValue {
  if (!/\p{L}{2}/u.test(text)) return null;
  const { labels = {} } = step.options as { readonly labels?: Readonly<Record<string, readonly string[]>> };
  const value = readAs({ step }, text, world);
  const said = ` ${fold(text)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `;
  const wordings = typeof value === 'string' ? (labels[value] ?? []) : [];
  const whole = wordings.some((label) => {
    const wording = fold(label)
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
    const inside = wording.length >= 5 && said.includes(` ${wording} `);
    return said.trim() === wording || (inside && wordsIn(said.replace(wording, '').trim()).length <= 2);
  });
  return whole ? value : null;
}

/** Kinds that are said in a word or two: what was said must be the value itself. */
function patchWhole(spot: Spot, { right, wrong }: Fix, world: World): Patched | null {
  const { kind, options } = spot.step;
  const labels = kind === 'choice' && typeof options === 'object' && options !== null && 'labels' in options;
  const read = (text: string): AnswerValue => {
    if (labels) return namedChoice(spot, text, world);
    return kind === 'integer' || /\p{L}/u.test(text) ? readAs(spot, text, world) : null;
  };
  const stands = wrong !== null && same(read(wrong), spot.answer?.value ?? null);
  return { value: read(right), stands };
}

const DIGITS = new Set(['phone', 'national-id', 'email']);
const DATES = new Set(['date', 'partial-date']);
const SAID_WHOLE = new Set(['integer', 'money', 'sex', 'choice', 'commune', 'ethnicity']);

/** The answer of a spot with the correction put in; null where none of it makes sense or nothing would change. */
export function patched(spot: Spot, fix: Fix, world: World): Patched | null {
  const now = spot.answer?.value ?? null;
  if (now === null) return null;
  const words = wordsOfAnswer(spot);
  const found =
    words !== null
      ? patchWords(spot, words, fix, world)
      : DATES.has(spot.step.kind)
        ? patchDate(spot, fix, world)
        : DIGITS.has(spot.step.kind) && typeof now === 'string'
          ? patchDigits(spot, now, fix, world)
          : SAID_WHOLE.has(spot.step.kind)
            ? patchWhole(spot, fix, world)
            : null;
  return found === null || found.value === null || same(found.value, now) ? null : found;
}
