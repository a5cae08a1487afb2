/** Reads the commune table and its dated patch, and keeps the indexes that finding needs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Commune } from '../flow/types';
import { dayText, readAuthorFile, refuseProblems } from './author-file';
import type { AuthorFile } from './author-file';
import { fold, keyOf } from './fold';
import type { CommuneTable } from './import-communes';

export type UnitKind = 'phuong' | 'xa' | 'dac khu' | 'thi tran';

/** A name somebody may type for one or several communes of today. */
export interface Named {
  readonly kind: UnitKind | null;
  /** The name without its kind, with its marks. */
  readonly name: string;
  /** False for a name of before July 2025, or of before a later change. */
  readonly current: boolean;
  readonly provinceCode: string;
  /** Keys of the old province and district, for old names. */
  readonly oldProvince: string | null;
  readonly oldDistrict: string | null;
  /** Communes of today, best first. */
  readonly codes: readonly string[];
}

export interface ProvinceName {
  readonly code: string;
  /** Set for a province of before July 2025 that was merged. */
  readonly old: boolean;
}

export interface CommuneIndex {
  readonly byCode: ReadonlyMap<string, Commune>;
  readonly provinces: readonly { readonly code: string; readonly name: string }[];
  /** By key of the name without its kind. */
  readonly names: ReadonlyMap<string, readonly Named[]>;
  /** Province by key, today's and old, without "tỉnh" or "thành phố"; a key is one province only. */
  readonly provinceNames: ReadonlyMap<string, ProvinceName>;
  /** Key of a district of before July 2025 → communes its parts went to, with the old province's key. */
  readonly districts: ReadonlyMap<
    string,
    readonly { readonly oldProvince: string; readonly codes: readonly string[] }[]
  >;
  /** Commune code → keys of the old provinces its land was in. */
  readonly oldProvincesOf: ReadonlyMap<string, ReadonlySet<string>>;
  readonly counts: CommuneTable['counts'];
}

const change = z.strictObject({
  code: z.string().regex(/^\d{2}(\d{3})?$/, { error: 'must be two or five digits in quotes' }),
  name: z.string().min(1),
  effectiveFrom: dayText,
  source: z.string().min(1),
  verifiedOn: dayText,
  confirmed: z.boolean(),
});
const patchSchema = z.strictObject({
  provinces: z.array(change),
  communes: z.array(change),
  doubts: z.array(
    z.strictObject({
      code: z.string(),
      otherCode: z.string(),
      name: z.string(),
      note: z.string(),
      verifiedOn: dayText,
    }),
  ),
});
const PATCH_KEYS = [
  ...['provinces', 'communes', 'doubts', 'code', 'otherCode', 'name', 'note'],
  ...['effectiveFrom', 'source', 'verifiedOn', 'confirmed'],
];

/** Applies the rows in force on `today` to the table. Throws `facts-invalid` for a bad patch or an unknown code. */
export function patchTable(table: CommuneTable, file: AuthorFile, today: string): CommuneTable {
  const reading = readAuthorFile(file, patchSchema, PATCH_KEYS);
  refuseProblems(reading.problems);
  const patch = reading.value ?? { provinces: [], communes: [], doubts: [] };
  const known = new Set([...table.provinces, ...table.communes].map((row) => row[0]));
  const rows = [...patch.provinces.entries(), ...patch.communes.entries()];
  refuseProblems(
    rows
      .filter(([, row]) => !known.has(row.code))
      .map(([index, row]) => ({
        file: file.name,
        line: reading.lineOf([row.code.length === 2 ? 'provinces' : 'communes', index]),
        problem: `no province or commune has the code ${row.code}`,
        remedy: 'correct the code, or import a newer table first',
      })),
  );
  const names = new Map(
    rows
      .filter(([, row]) => row.effectiveFrom <= today)
      .map(([, row]) => [row.code, row.name.normalize('NFC')]),
  );
  return {
    ...table,
    provinces: table.provinces.map(([code, name]) => [code, names.get(code) ?? name] as const),
    communes: table.communes.map(
      ([code, name, province]) => [code, names.get(code) ?? name, province] as const,
    ),
  };
}

/** The table with its patch as of `today`, and the names it had before. `factsDir` is `flows/facts`. */
export function loadCommuneIndex(factsDir: string, today: string, extra: readonly Commune[]): CommuneIndex {
  const base = JSON.parse(readFileSync(join(factsDir, 'communes.json'), 'utf8')) as CommuneTable;
  const text = readFileSync(join(factsDir, 'communes-patch.yaml'), 'utf8');
  const table = patchTable(base, { name: 'flows/facts/communes-patch.yaml', text }, today);
  return indexOf(table, base, extra);
}

/** Indexes a table; `base` is the same table before its patch, whose other names stay findable. */
export function indexOf(table: CommuneTable, base: CommuneTable, extra: readonly Commune[]): CommuneIndex {
  const provinceName = new Map(table.provinces);
  const communes = table.communes.map(([code, name, provinceCode]): Commune => {
    return { code, name, provinceCode, provinceName: provinceName.get(provinceCode) ?? '' };
  });
  const byCode = new Map([...communes, ...extra].map((one) => [one.code, one]));
  const list = nameList();
  const { districts, oldProvincesOf } = addOldNames(table, list);
  for (const one of byCode.values()) list.add(one.name, nowNamed(one, true));
  for (const [code, name] of base.communes) {
    const now = byCode.get(code);
    if (now && now.name !== name) list.add(name, nowNamed(now, false));
  }
  const extraProvinces = new Map(extra.map((one) => [one.provinceCode, one.provinceName]));
  const provinces = [...table.provinces, ...extraProvinces].map(([code, name]) => ({ code, name }));
  return {
    byCode,
    provinces,
    names: list.names,
    provinceNames: provinceNames(table, provinces),
    districts,
    oldProvincesOf,
    counts: table.counts,
  };
}

const nowNamed = (one: Commune, current: boolean): Omit<Named, 'kind' | 'name'> => ({
  current,
  provinceCode: one.provinceCode,
  oldProvince: null,
  oldDistrict: null,
  codes: [one.code],
});

function addOldNames(
  table: CommuneTable,
  list: NameList,
): {
  districts: Map<string, { oldProvince: string; codes: string[] }[]>;
  oldProvincesOf: Map<string, Set<string>>;
} {
  const oldProvincesOf = new Map<string, Set<string>>();
  const provinces = table.oldProvinces.map(([name, code]) => ({ key: placeKey(name), code }));
  const districts = table.oldDistricts.map(([name, province]) => ({
    key: placeKey(name),
    oldProvince: provinces[province]?.key ?? '',
    provinceCode: provinces[province]?.code ?? '',
    codes: new Set<string>(),
  }));
  for (const [name, index, codes] of table.oldCommunes) {
    const district = districts[index];
    if (!district) continue;
    const { oldProvince, provinceCode, key } = district;
    list.add(name, { current: false, provinceCode, oldProvince, oldDistrict: key, codes });
    for (const code of codes) {
      district.codes.add(code);
      const from = oldProvincesOf.get(code);
      if (from) from.add(oldProvince);
      else oldProvincesOf.set(code, new Set([oldProvince]));
    }
  }
  const byKey = new Map<string, { oldProvince: string; codes: string[] }[]>();
  for (const { key, oldProvince, codes } of districts)
    byKey.set(key, [...(byKey.get(key) ?? []), { oldProvince, codes: [...codes] }]);
  return { districts: byKey, oldProvincesOf };
}

const KINDS: readonly (readonly [string, UnitKind])[] = [
  ['Phường ', 'phuong'],
  ['Xã ', 'xa'],
  ['Đặc khu ', 'dac khu'],
  ['Thị trấn ', 'thi tran'],
];
const PLACE = /^(thanh pho|thi xa|tinh|quan|huyen) (?=.)/;

/** Key of a province or district without the word before it: "Thành phố Hồ Chí Minh" → "hochiminh", "Quận 01" → "1". */
export const placeKey = (name: string): string => keyOf(fold(name).replace(PLACE, ''));

/** Splits a listed name: "Phường Ba Đình" → phuong, "Ba Đình". */
export function splitName(name: string): { readonly kind: UnitKind | null; readonly bare: string } {
  const found = KINDS.find(([word]) => name.startsWith(word));
  return found ? { kind: found[1], bare: name.slice(found[0].length) } : { kind: null, bare: name };
}

/** Fourteen thousand names are made of two thousand syllables: each is folded once. */
function keyMaker(): (bare: string) => string {
  const known = new Map<string, string>();
  const keyOfWord = (word: string): string => {
    const key = known.get(word) ?? keyOf(fold(word));
    known.set(word, key);
    return key;
  };
  return (bare) => bare.split(' ').map(keyOfWord).join('');
}

interface NameList {
  readonly names: Map<string, Named[]>;
  add(name: string, rest: Omit<Named, 'kind' | 'name'>): void;
}

function nameList(): NameList {
  const names = new Map<string, Named[]>();
  // Half of the names repeat letter for letter: those need no key.
  const byBare = new Map<string, Named[]>();
  const keyOfName = keyMaker();
  const listFor = (bare: string): Named[] => {
    const key = keyOfName(bare);
    const list = names.get(key) ?? [];
    names.set(key, list);
    byBare.set(bare, list);
    return list;
  };
  return {
    names,
    add: (name, rest) => {
      const { kind, bare } = splitName(name);
      (byBare.get(bare) ?? listFor(bare)).push({ kind, name: bare, ...rest });
    },
  };
}

/** Short forms that mean one province to everybody. */
const SHORT: Readonly<Record<string, string>> = {
  ...{ hn: '01', hp: '31', hcm: '79', tphcm: '79', tphochiminh: '79', sg: '79', saigon: '79', hcmc: '79' },
  ...{ brvt: '79', bariavungtau: '79', thuathienhue: '46', tthue: '46', cantho: '92', ct: '92' },
  ...{ daclac: '66', daklak: '66', dacnong: '68', tpdanang: '48', tphanoi: '01' },
};

function provinceNames(
  table: CommuneTable,
  provinces: CommuneIndex['provinces'],
): ReadonlyMap<string, ProvinceName> {
  const found = new Map<string, ProvinceName>();
  for (const [name, code] of table.oldProvinces) found.set(placeKey(name), { code, old: true });
  for (const [key, code] of Object.entries(SHORT)) found.set(key, { code, old: false });
  for (const { code, name } of provinces) found.set(placeKey(name), { code, old: false });
  return found;
}
