/** Consent: which steps ask for it, and the proof that is kept of what was said. */
import { createHash } from 'node:crypto';
import type { AnswerValue, Context, Flow, FlowEffect } from '../../flow/types';
import { walk } from '../../flow/view';
import { textKeys } from '../../flow/words';
import type { Params } from '../speech';
import type { Talk } from './talk';

/** Agreeing is a deed: it works once, for the agency that was named. */
export const consentSteps = (flow: Flow): ReadonlySet<string> =>
  new Set(flow.entries.flatMap((entry) => ('kind' in entry && entry.kind === 'consent' ? [entry.path] : [])));

type Consented = Extract<FlowEffect, { type: 'consent' }>;

/** Proof of what was agreed to: the hash of the very words that were shown. */
export function recordConsent(
  talk: Talk,
  flow: Flow,
  context: Context,
  effect: Consented,
  params: Params,
): void {
  const step = flow.entries.find((entry) => entry.path === effect.step);
  const { session } = talk.state;
  const given = session === null ? new Map<string, AnswerValue>() : walk(flow, session, context).view;
  const prefixes = step !== undefined && 'keys' in step ? step.keys : [];
  const words = talk.text({ key: textKeys(given, prefixes, 'ask') }, params);
  talk.act({
    type: 'record-consent',
    consent: {
      conversation: talk.state.id,
      purpose: 'file',
      agency: effect.agency,
      procedure: flow.id,
      textKey: textKeys(given, prefixes.slice(-1), 'ask')[0] ?? effect.step,
      textHash: createHash('sha256').update(words).digest('hex'),
      agreed: effect.agreed,
      by: throughFiler(talk, flow, context) ? 'filer' : 'applicant',
      at: talk.world.at,
      withdrawnAt: null,
    },
  });
}

/** Does somebody else hold the phone? Then a filer who is no applicant is asked for their name, or has given it. */
function throughFiler({ state: { session } }: Talk, flow: Flow, context: Context): boolean {
  if (session === null) return false;
  const applicants = new Set(flow.people.applicant.map(({ name }) => name));
  const filers = flow.people.filer.map(({ name }) => name).filter((name) => !applicants.has(name));
  const { lines, next } = walk(flow, session, context);
  return [...lines, ...(next === null ? [] : [next])].some(({ path }) => filers.includes(path));
}
