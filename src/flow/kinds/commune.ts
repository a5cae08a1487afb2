/**
 * Kind `commune`: one of today's communes. Value `{ code, name, provinceCode, provinceName }`, found by
 * `world.findCommunes`; several matches are offered, at most 8, with their codes as ids.
 */
import { z } from 'zod';
import { fold, stripPoliteness } from '../text';
import { readYesNo } from '../reading/yes-no-words';
import type { AnswerValue, Choice, Commune, Phrase } from '../types';
import { defineKind, no, ok } from './reading';

const options = z.strictObject({});

export type CommuneValue = {
  readonly code: string;
  readonly name: string;
  readonly provinceCode: string;
  readonly provinceName: string;
};

/** More than this nobody reads; the citizen is asked for the province instead. */
export const OFFERED = 8;

const FIELDS = ['code', 'name', 'provinceCode', 'provinceName'] as const;
const isText = (value: unknown): boolean =>
  typeof value === 'string' && value.length >= 1 && value.length <= 100;

/** Plain checks: every turn asks it of what is stored. */
export const isCommune = (value: AnswerValue): value is CommuneValue =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === FIELDS.length &&
  FIELDS.every(
    (field) => Object.hasOwn(value, field) && isText((value as Readonly<Record<string, unknown>>)[field]),
  );

/** Only what is stored: a finder may know more of a commune. */
export const communeValue = ({ code, name, provinceCode, provinceName }: Commune): CommuneValue => ({
  code,
  name,
  provinceCode,
  provinceName,
});

/** "Phường Ba Đình, Thành phố Hà Nội". */
export const communeName = ({ name, provinceName }: Commune): string => `${name}, ${provinceName}`;
const label = (commune: Commune): Phrase => ({ text: communeName(commune) });

export const communeChoice = (commune: Commune): Choice => ({
  id: commune.code,
  value: communeValue(commune),
  label: label(commune),
});

/** A part of an offered commune's name, or a yes where only one is offered. */
function offeredAs(typed: string, served: readonly Commune[]): readonly Commune[] {
  if (served.length === 1 && readYesNo(typed) === true) return served;
  const words = fold(typed);
  return words.length < 2
    ? []
    : served.filter((one) =>
        fold(communeName(one))
          .split(/[\s,]+/)
          .includes(words),
      );
}

export const commune = defineKind<CommuneValue, z.infer<typeof options>>({
  name: 'commune',
  options,
  cel: { code: 'string', name: 'string', provinceCode: 'string', provinceName: 'string' },
  read(typed, _options, { findCommunes, served = [] }) {
    const said = stripPoliteness(typed);
    const found = findCommunes(said);
    const [only, ...others] = (found.length > 0 ? found : offeredAs(said, served)).slice(0, OFFERED);
    if (only === undefined) return no('unreadable');
    if (others.length === 0) return ok(communeValue(only));
    return no('ambiguous', { choices: [only, ...others].map(communeChoice) });
  },
  accepts: isCommune,
  show: label,
  choices: (_options, _keys, { served = [] }) => served.map(communeChoice),
});
