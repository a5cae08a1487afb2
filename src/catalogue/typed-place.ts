/** Takes apart what people type for a commune: which words are the province, the old district, the kind and the name. */
import { fold, keyOf } from './fold';
import type { CommuneIndex, ProvinceName, UnitKind } from './communes-data';

/** One way to read the words. Readings come likeliest first; the first that finds communes wins. */
export interface PlaceReading {
  readonly kind: UnitKind | null;
  /** Folded words of the name; empty when only a district was named. */
  readonly name: readonly string[];
  /** Key of an old district. */
  readonly district: string | null;
  readonly province: (ProvinceName & { readonly key: string }) | null;
}

const KIND_WORDS: readonly (readonly [readonly string[], UnitKind])[] = [
  [['dac', 'khu'], 'dac khu'],
  [['thi', 'tran'], 'thi tran'],
  [['phuong'], 'phuong'],
  [['phg'], 'phuong'],
  [['xa'], 'xa'],
  [['tt'], 'thi tran'],
  [['p'], 'phuong'],
  [['f'], 'phuong'],
  [['x'], 'xa'],
];
const DISTRICT_WORDS: readonly (readonly string[])[] = [
  ...[['thanh', 'pho'], ['thi', 'xa'], ['quan'], ['huyen'], ['tp'], ['tx'], ['q'], ['h']],
];
const PROVINCE_WORDS: readonly (readonly string[])[] = [['thanh', 'pho'], ['tinh'], ['tp'], ['t']];
/** Said around a place, not part of it. */
const FILLER =
  /^(toi|minh|em|con|chau|ong|ba|o|tai|thuoc|ubnd|uy ban nhan dan|dia chi|nha) (?=(o|tai|thuoc|phuong|xa|p|x|ubnd)\b)/;

/** Folded words of the typed text, with "p12" and "q1" taken apart. */
export function wordsOf(typed: string): string[] {
  let folded = fold(typed.replace(/\bt\.?\s?p\.?\s*(?=hcm\b)/giu, ''));
  for (let before = ''; before !== folded;) {
    before = folded;
    folded = folded.replace(FILLER, '');
  }
  return folded
    .replace(/\b([pfqx])(\d+)\b/g, '$1 $2')
    .replace(/\bt p\b/g, 'tp')
    .replace(/\bviet nam$/, '')
    .split(' ')
    .filter((word) => word !== '');
}

/** All sensible readings, likeliest first. */
export function readPlace(typed: string, index: CommuneIndex): PlaceReading[] {
  const words = wordsOf(typed);
  const rests = provinceReadings(words, index);
  return rests.flatMap(({ rest, province }) => [
    ...wholeName(rest, province),
    ...withDistrict(rest, province, index),
    ...afterKindWord(rest, province, index),
    ...lastWords(rest, province, index),
  ]);
}

interface Rest {
  readonly rest: readonly string[];
  readonly province: PlaceReading['province'];
}

function provinceReadings(words: readonly string[], index: CommuneIndex): Rest[] {
  const found: Rest[] = [];
  for (let length = Math.min(6, words.length); length > 0; length -= 1) {
    const key = keyOf(words.slice(-length).join(' '));
    const province = index.provinceNames.get(key);
    if (province)
      found.push({ rest: dropTail(words.slice(0, -length), PROVINCE_WORDS), province: { ...province, key } });
  }
  for (let length = Math.min(6, words.length - 1); length > 0; length -= 1) {
    const head = dropHead(words, PROVINCE_WORDS);
    const key = keyOf(head.slice(0, length).join(' '));
    const province = index.provinceNames.get(key);
    if (province) found.push({ rest: head.slice(length), province: { ...province, key } });
  }
  // Only a province and nothing else names no commune.
  const onlyProvince = found.some((one) => one.rest.length === 0);
  return onlyProvince ? found : [...found, { rest: words, province: null }];
}

const startsWith = (words: readonly string[], start: readonly string[]): boolean =>
  words.length > start.length && start.every((word, at) => words[at] === word);

function dropHead(words: readonly string[], heads: readonly (readonly string[])[]): readonly string[] {
  const head = heads.find((one) => startsWith(words, one));
  return head ? words.slice(head.length) : words;
}

function dropTail(words: readonly string[], tails: readonly (readonly string[])[]): readonly string[] {
  const tail = tails.find((one) => one.every((word, at) => words[words.length - one.length + at] === word));
  return tail ? words.slice(0, words.length - tail.length) : words;
}

/** With its kind word taken off, and as it stands (Xã Xa Dung). */
function kinds(words: readonly string[]): { kind: UnitKind | null; name: readonly string[] }[] {
  const found = KIND_WORDS.find(([start]) => startsWith(words, start));
  const whole = { kind: null, name: words };
  return found ? [{ kind: found[1], name: words.slice(found[0].length) }, whole] : [whole];
}

const wholeName = (rest: readonly string[], province: PlaceReading['province']): PlaceReading[] =>
  rest.length === 0 ? [] : kinds(rest).map((one) => ({ ...one, district: null, province }));

function withDistrict(
  rest: readonly string[],
  province: PlaceReading['province'],
  index: CommuneIndex,
): PlaceReading[] {
  const found: PlaceReading[] = [];
  for (let length = Math.min(5, rest.length); length > 0; length -= 1) {
    const district = keyOf(rest.slice(-length).join(' '));
    if (!index.districts.has(district)) continue;
    const before = rest.slice(0, -length);
    const name = dropTail(before, DISTRICT_WORDS);
    const said = name.length < before.length;
    if (name.length === 0 && said) found.push({ kind: null, name: [], district, province });
    if (name.length > 0) {
      found.push(...kinds(name).map((one) => ({ ...one, district, province })));
      found.push(...afterKindWord(name, province, index, district));
    }
  }
  return found;
}

/** "số 5 ngõ 3, phường Trúc Bạch": the name follows the last kind word. */
function afterKindWord(
  rest: readonly string[],
  province: PlaceReading['province'],
  index: CommuneIndex,
  district: string | null = null,
): PlaceReading[] {
  for (let at = rest.length - 2; at > 0; at -= 1) {
    const isTown = rest[at] === 'xa' && rest[at - 1] === 'thi';
    const tail = rest.slice(at);
    if (isTown || !KIND_WORDS.some(([start]) => startsWith(tail, start))) continue;
    const first = kinds(tail)[0];
    if (!first) continue;
    const nested = district === null ? withDistrictOnly(first, province, index) : [];
    return [{ ...first, district, province }, ...nested];
  }
  return [];
}

function withDistrictOnly(
  one: { kind: UnitKind | null; name: readonly string[] },
  province: PlaceReading['province'],
  index: CommuneIndex,
): PlaceReading[] {
  const found: PlaceReading[] = [];
  for (let length = 1; length < one.name.length; length += 1) {
    const district = keyOf(one.name.slice(-length).join(' '));
    const name = dropTail(one.name.slice(0, -length), DISTRICT_WORDS);
    if (name.length > 0 && index.districts.has(district))
      found.push({ kind: one.kind, name, district, province });
  }
  return found;
}

/** A street before the name, no kind word: only believed beside a province. */
function lastWords(
  rest: readonly string[],
  province: PlaceReading['province'],
  index: CommuneIndex,
): PlaceReading[] {
  if (province === null) return [];
  const found: PlaceReading[] = [];
  for (let from = 1; from < rest.length; from += 1) {
    const name = rest.slice(from);
    const before = rest.slice(0, from);
    if (dropTail(before, DISTRICT_WORDS).length < before.length) continue;
    if (index.names.has(keyOf(name.join(' ')))) found.push({ kind: null, name, district: null, province });
  }
  return found;
}
