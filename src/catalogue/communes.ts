/** The communes of Vietnam, and finding one by what people type. */
import type { Commune, FindCommunes } from '../flow/types';
import { distance } from './author-file';
import { loadCommuneIndex, splitName } from './communes-data';
import type { CommuneIndex, Named } from './communes-data';
import { fold, hasMarks, keyOf, markedKeyOf } from './fold';
import { readPlace } from './typed-place';
import type { PlaceReading } from './typed-place';

/** Where first visitors try the house; nothing sent there has legal effect. */
export const DEMO_COMMUNE: Commune = {
  code: '00000',
  name: 'Phường Mẫu',
  provinceCode: '00',
  provinceName: 'Tỉnh Mẫu',
};

/** Longest text looked at, and the most communes offered. */
export const COMMUNE_LIMITS = { typed: 300, offered: 20 } as const;

export interface Communes {
  /**
   * Communes meant by the words, best first: one when it is sure, several for the citizen to choose from, none when
   * not sure enough. A name that stands in several provinces gives them all; old names give what they became.
   */
  readonly find: FindCommunes;
  byCode(code: string): Commune | undefined;
  provinces(): readonly { readonly code: string; readonly name: string }[];
  /** For a list that narrows while typing: communes whose name or province has words starting so. */
  search(text: string, limit: number): readonly Commune[];
  /** How much of the source was used, repaired and dropped. */
  readonly counts: CommuneIndex['counts'];
}

/**
 * Opens the table in `flows/facts` (communes.json and communes-patch.yaml) as of a civil day.
 * @param options.extra communes beside the real ones, e.g. `DEMO_COMMUNE`; "thử" and "demo" find them.
 * @throws AppError `facts-invalid` for a patch that cannot be read.
 */
export function openCommunes(
  factsDir: string,
  options: { readonly today: string; readonly extra?: readonly Commune[] },
): Communes {
  const extra = options.extra ?? [];
  const index = loadCommuneIndex(factsDir, options.today, extra);
  let searchable: readonly Searchable[] | null = null;
  return {
    find: (typed) => find(typed, index, extra),
    byCode: (code) => index.byCode.get(code),
    provinces: () => index.provinces,
    search: (text, limit) => {
      const words = fold(text.slice(0, COMMUNE_LIMITS.typed)).split(' ');
      searchable ??= [...index.byCode.values()].map(searchableOf);
      const hits = searchable.filter((one) => words.every((word) => one.text.includes(` ${word}`)));
      return hits.slice(0, Math.max(0, limit)).map((one) => one.commune);
    },
    counts: index.counts,
  };
}

interface Searchable {
  readonly commune: Commune;
  readonly text: string;
}

const searchableOf = (commune: Commune): Searchable => ({
  commune,
  text: ` ${fold(commune.name)} ${fold(commune.provinceName)}`,
});

const TRIAL = new Set(['demo', 'thu', 'dung thu', 'thu nghiem', 'ban thu']);

function find(typed: string, index: CommuneIndex, extra: readonly Commune[]): readonly Commune[] {
  if (typed.length > COMMUNE_LIMITS.typed) return [];
  const folded = fold(typed);
  if (TRIAL.has(folded)) return extra;
  const byCode = /^\d{5}$/.test(typed.trim()) ? index.byCode.get(typed.trim()) : undefined;
  if (byCode) return [byCode];
  const marked = hasMarks(typed) ? markedKeyOf(typed) : null;
  for (const reading of readPlace(typed, index)) {
    const found = communesOf(reading, marked, index);
    if (found.length > 0) return found.slice(0, COMMUNE_LIMITS.offered);
  }
  return almost(typed, index);
}

function communesOf(reading: PlaceReading, marked: string | null, index: CommuneIndex): readonly Commune[] {
  const codes = reading.name.length === 0 ? ofDistrict(reading, index) : ofName(reading, marked, index);
  return [...new Set(codes)].flatMap((code) => index.byCode.get(code) ?? []);
}

/** Only "quận Ba Đình, Hà Nội": what the district became, if that is a list to choose from. */
function ofDistrict(reading: PlaceReading, index: CommuneIndex): readonly string[] {
  const inProvince = (index.districts.get(reading.district ?? '') ?? []).filter(
    (one) => reading.province === null || isIn(one.oldProvince, one.codes, reading.province, index),
  );
  const codes = inProvince.flatMap((one) => one.codes);
  return codes.length <= COMMUNE_LIMITS.offered ? codes : [];
}

const isIn = (
  oldProvince: string,
  codes: readonly string[],
  province: NonNullable<PlaceReading['province']>,
  index: CommuneIndex,
): boolean =>
  province.old
    ? oldProvince === province.key
    : codes.some((code) => index.byCode.get(code)?.provinceCode === province.code);

function ofName(reading: PlaceReading, marked: string | null, index: CommuneIndex): readonly string[] {
  const all = index.names.get(keyOf(reading.name.join(' '))) ?? [];
  const here = all.filter((one) => fitsProvince(one, reading, index));
  const spelt = prefer(here, (one) => marked?.includes(markedKeyOf(one.name)) === true);
  const sameKind = prefer(spelt, (one) => reading.kind !== null && one.kind === reading.kind);
  if (reading.district !== null) return withinDistrict(sameKind, reading.district, index);
  const now = sameKind.filter((one) => one.oldDistrict === null);
  if (now.length > 0) return [...codesOf(now), ...hiddenTwins(now, sameKind, reading)];
  return codesOf(sameKind.filter((one) => believable(one, reading, marked)));
}

/** Everyday words that were a commune's name once. */
const NOT_PLACES = new Set(['dong y']);

/** An old name needs more than itself: "1", "dừng" and "đồng ý" are answers to something else. */
function believable(one: Named, reading: PlaceReading, marked: string | null): boolean {
  if (/^\d+$/.test(one.name)) return reading.kind === one.kind;
  if (reading.kind !== null || reading.province !== null) return true;
  const spelt = marked === null || marked.includes(markedKeyOf(one.name));
  return spelt && reading.name.length > 1 && !NOT_PLACES.has(reading.name.join(' '));
}

/** The rows that pass, if any does; else all: what was typed may be loosely right. */
const prefer = (rows: readonly Named[], passes: (one: Named) => boolean): readonly Named[] => {
  const passing = rows.filter(passes);
  return passing.length > 0 ? passing : rows;
};

const codesOf = (rows: readonly Named[]): string[] => rows.flatMap((one) => one.codes);

function fitsProvince(one: Named, reading: PlaceReading, index: CommuneIndex): boolean {
  const { province } = reading;
  if (province === null) return true;
  if (one.provinceCode !== province.code) return false;
  if (!province.old) return true;
  if (one.oldProvince !== null) return one.oldProvince === province.key;
  return one.codes.some((code) => index.oldProvincesOf.get(code)?.has(province.key) === true);
}

/** An old address names its district: what that old commune became, and a present one of the name on that land. */
function withinDistrict(rows: readonly Named[], district: string, index: CommuneIndex): readonly string[] {
  const land = new Set((index.districts.get(district) ?? []).flatMap((one) => one.codes));
  const old = rows.filter((one) => one.oldDistrict === district);
  const now = rows.filter((one) => one.oldDistrict === null && one.codes.every((code) => land.has(code)));
  return [...codesOf(now), ...codesOf(old)];
}

/**
 * With the province typed, an old commune of the same name there that became something else cannot be told from the
 * present one by reading it back: both are offered. Without the province, the province read back shows the difference.
 */
function hiddenTwins(now: readonly Named[], all: readonly Named[], reading: PlaceReading): readonly string[] {
  const { province } = reading;
  if (province === null) return [];
  const codes = new Set(codesOf(now));
  const old = all.filter((one) => one.oldDistrict !== null && one.oldProvince === province.key);
  return codesOf(old.filter((one) => !one.codes.some((code) => codes.has(code))));
}

/** One slip of the finger in a long name, beside a province that is sure, and only one commune it can be. */
function almost(typed: string, index: CommuneIndex): readonly Commune[] {
  for (const reading of readPlace(typed, index)) {
    const key = keyOf(reading.name.join(' '));
    if (reading.province === null || reading.district !== null || key.length < 6) continue;
    const code = reading.province.code;
    const near = [...index.byCode.values()].filter(
      (one) => one.provinceCode === code && distance(key, nameKey(one), 1) <= 1,
    );
    if (near.length === 1) return near;
  }
  return [];
}

const nameKey = (one: Commune): string => keyOf(fold(splitName(one.name).bare));
