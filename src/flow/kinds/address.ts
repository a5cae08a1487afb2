/**
 * Kind `address`: where somebody lives, in one line. Value `{ commune, detail, typed }`: `typed` is the line as written,
 * `commune` what its end names (null when that is not sure), `detail` the rest. An old address ("huyện …") is an
 * address too. Option `requireCommune`: without a sure commune it is `unreadable` or `ambiguous`.
 */
import { z } from 'zod';
import { fold, loosely, nfc } from '../text';
import type { AnswerValue, Commune, FindCommunes, Reading } from '../types';
import type { CommuneValue } from './commune';
import { OFFERED, communeChoice, communeName, communeValue, isCommune } from './commune';
import { defineKind, no, ok } from './reading';

const MAX = 300;
const options = z.strictObject({ requireCommune: z.boolean().optional() });

export type AddressValue = {
  readonly commune: CommuneValue | null;
  readonly detail: string;
  readonly typed: string;
};

/** Where the line may be cut: what stands before, and what may name the commune. */
interface Cut {
  readonly detail: string;
  readonly place: string;
}

/** Parts of an address below the commune; never the name of one. */
const BELOW =
  /^(?:[^a-z]*\d|(?:so|nha|thon|ap|to|xom|doi|khu|kp|ngo|ngach|hem|duong|pho|ban|buon|lang|khom|kiet|can|can ho|chung cu|toa|tang|phong|kdc|tdp)\b)/;
const MARKER = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${loosely('xã|phường|thị trấn|đặc khu')}|tt\\.|[px]\\.(?=\\s*\\p{L}))(?![\\p{L}\\p{M}])`,
  'giu',
);

const trimmed = (text: string): string => text.replace(/^[ ,;–-]+|[ ,;–-]+$/gu, '');

/** Cuts to try, surest first: at the last word "xã" or "phường", then at the commas, most of the line first. */
function cutsOf(line: string): readonly Cut[] {
  const at = [...line.matchAll(MARKER)].at(-1)?.index;
  const marked = at === undefined ? [] : [{ detail: trimmed(line.slice(0, at)), place: line.slice(at) }];
  const parts = line.split(/ ?[,;] ?/).filter((part) => part !== '');
  const lowest = parts.findLastIndex((part) => BELOW.test(fold(part))) + 1;
  const first = Math.max(lowest, parts.length - 3);
  const byComma = parts.slice(first).map((_, index) => ({
    detail: parts.slice(0, first + index).join(', '),
    place: parts.slice(first + index).join(', '),
  }));
  return [...marked, ...byComma];
}

/** The first cut that names one commune; else the first that names several. */
function placed(
  line: string,
  find: FindCommunes,
): { readonly cut: Cut; readonly communes: readonly Commune[] } | null {
  const tries = cutsOf(line).map((cut) => ({ cut, communes: find(cut.place) }));
  return (
    tries.find(({ communes }) => communes.length === 1) ??
    tries.find(({ communes }) => communes.length > 1) ??
    null
  );
}

function read(
  line: string,
  { requireCommune }: z.infer<typeof options>,
  find: FindCommunes,
): Reading<AddressValue> {
  if (!/[\p{L}\p{N}]/u.test(line) || line.length < 2) return no('unreadable');
  const found = placed(line, find);
  const [only, ...others] = found?.communes ?? [];
  const at = (commune: Commune): AddressValue => ({
    commune: communeValue(commune),
    detail: found?.cut.detail ?? '',
    typed: line,
  });
  if (only !== undefined && others.length === 0) return ok(at(only));
  if (requireCommune !== true) return ok({ commune: null, detail: line, typed: line });
  if (only === undefined) return no('unreadable');
  const offered = [only, ...others].slice(0, OFFERED);
  return no('ambiguous', { choices: offered.map((one) => ({ ...communeChoice(one), value: at(one) })) });
}

/** Plain checks: every turn asks it of what is stored. */
function isAddress(value: AnswerValue): value is AddressValue {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 3) return false;
  const { commune, detail, typed } = value as Readonly<Record<string, AnswerValue | undefined>>;
  const lines = typeof detail === 'string' && detail.length <= MAX && typeof typed === 'string';
  return (
    lines &&
    typed !== '' &&
    typed.length <= MAX &&
    (commune === null || (commune !== undefined && isCommune(commune)))
  );
}

export const address = defineKind<AddressValue, z.infer<typeof options>>(
  {
    name: 'address',
    options,
    cel: {
      commune: { code: 'string', name: 'string', provinceCode: 'string', provinceName: 'string' },
      detail: 'string',
      typed: 'string',
    },
    read: (line, chosen, { findCommunes }) => read(nfc(line), chosen, findCommunes),
    accepts: (value, { requireCommune }) =>
      isAddress(value) && (value.commune !== null || requireCommune !== true),
    show({ commune, detail, typed }) {
      if (commune === null) return { text: typed };
      return { text: detail === '' ? communeName(commune) : `${detail}, ${communeName(commune)}` };
    },
  },
  { max: MAX },
);
