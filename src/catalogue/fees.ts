/** What a citizen will pay, never without who pays nothing. */
import type { Phrase } from '../flow/types';
import { AppError } from '../errors';
import { phraseOf } from './facts';
import type { MergedFacts } from './facts';

export interface FeeCase {
  /** Copies asked for; a whole number from 0. */
  readonly copies: number;
  /** Filed online by a "công dân số" (VNeID level 2 with integrated data): the NQ 66.22/2026 waiver looks at both. */
  readonly online: boolean;
  readonly digitalCitizen?: boolean;
  /** Says to belong to an exempt group; the officer checks. */
  readonly exempt: boolean;
}

export interface Fee {
  /** Đồng, or `unknown`: the officer will say. */
  readonly amount: number | 'unknown';
  /** Sentences in order; with an amount the exemptions always stand among them. */
  readonly lines: readonly Phrase[];
}

const MAX_COPIES = 1000;

/**
 * The fee by the facts `fee` (đồng, or words), `copyFee` (đồng a copy beside it), `feeUnit` (`copy | case`), `feeWaiver` (the waived amount while it holds)
 * and `feeExemptions` (sentence).
 * @throws AppError `bad-request` for copies that are no whole number from 0 to 1000.
 */
export function feeFor(facts: MergedFacts, wanted: FeeCase): Fee {
  const { copies } = wanted;
  if (!Number.isInteger(copies) || copies < 0 || copies > MAX_COPIES)
    throw new AppError('bad-request', 'copies must be a whole number from 0 to 1000');
  const fee = facts['fee']?.value;
  if (typeof fee !== 'number')
    return { amount: 'unknown', lines: [feeWords(facts), ...copyLine(facts, copies), exemptions(facts)] };
  if (wanted.exempt) return { amount: 0, lines: [{ key: 'fees.exempt' }, exemptions(facts)] };
  const waived = facts['feeWaiver'];
  if (typeof waived?.value === 'number') return withWaiver(facts, wanted, fee, waived.value);
  return { amount: total(facts, copies, fee), lines: [sumLine(facts, copies, fee), exemptions(facts)] };
}

/** A fee that is no one amount ("0đ nếu khai trong 60 ngày…"), or is not known. */
const feeWords = (facts: MergedFacts): Phrase =>
  facts['fee']?.value == null
    ? { key: 'fees.unknown' }
    : { key: 'fees.words', params: { fee: phraseOf(facts['fee']) } };

/** Copies that cost beside the procedure itself (`copyFee`, đồng). */
function copyLine(facts: MergedFacts, copies: number): readonly Phrase[] {
  const each = facts['copyFee']?.value;
  if (typeof each !== 'number' || copies === 0) return [];
  return [{ key: 'fees.copies', params: { copies, each: money(each), amount: money(each * copies) } }];
}

/** While a waiver holds, whoever may have it is told, whether or not they get it here. */
function withWaiver(facts: MergedFacts, wanted: FeeCase, fee: number, waivedFee: number): Fee {
  const applies = wanted.online && wanted.digitalCitizen === true;
  const each = applies ? waivedFee : fee;
  const until = facts['feeWaiver']?.row.to ?? '';
  const waiver: Phrase = {
    key: applies ? 'fees.waived' : 'fees.waiverElsewhere',
    params: { until: until.split('-').reverse().join('/') },
  };
  const lines = [sumLine(facts, wanted.copies, each), waiver, exemptions(facts)];
  return { amount: total(facts, wanted.copies, each), lines };
}

const perCopy = (facts: MergedFacts): boolean => facts['feeUnit']?.value === 'copy';

const total = (facts: MergedFacts, copies: number, each: number): number =>
  perCopy(facts) ? each * copies : each;

function sumLine(facts: MergedFacts, copies: number, each: number): Phrase {
  const amount = total(facts, copies, each);
  return perCopy(facts)
    ? { key: 'fees.perCopy', params: { copies, each: money(each), amount: money(amount) } }
    : { key: 'fees.perCase', params: { amount: money(amount) } };
}

const exemptions = (facts: MergedFacts): Phrase =>
  facts['feeExemptions'] ? phraseOf(facts['feeExemptions']) : { key: 'fees.exemptionsUnknown' };

/** 16000 → "16.000đ". */
export const money = (amount: number): string => `${String(amount).replace(/\B(?=(\d{3})+$)/g, '.')}đ`;
