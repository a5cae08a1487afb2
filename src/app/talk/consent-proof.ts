/** Consent: which steps ask for it, and the proof that is kept of what was said. */
import { createHash } from 'node:crypto';
import type { Flow, FlowEffect } from '../../flow/types';
import type { Params } from '../speech';
import type { Talk } from './talk';

/** Agreeing is a deed: it works once, for the agency that was named. */
export const consentSteps = (flow: Flow): ReadonlySet<string> =>
  new Set(flow.entries.flatMap((entry) => ('kind' in entry && entry.kind === 'consent' ? [entry.path] : [])));

type Consented = Extract<FlowEffect, { type: 'consent' }>;

/** Proof of what was agreed to: the hash of the very words that were shown. */
export function recordConsent(talk: Talk, flow: Flow, effect: Consented, params: Params): void {
  const step = flow.entries.find((entry) => entry.path === effect.step);
  const keys = step !== undefined && 'keys' in step ? step.keys.map((prefix) => `${prefix}.ask`) : [];
  const words = talk.text({ key: keys }, params);
  talk.act({
    type: 'record-consent',
    consent: {
      conversation: talk.state.id,
      purpose: 'file',
      agency: effect.agency,
      procedure: flow.id,
      textKey: keys.at(-1) ?? effect.step,
      textHash: createHash('sha256').update(words).digest('hex'),
      agreed: effect.agreed,
      by: throughFiler(talk, flow) ? 'filer' : 'applicant',
      at: talk.world.at,
      withdrawnAt: null,
    },
  });
}

/** Somebody else holds the phone: a person of the flow's filers who is none of its applicants has given a name. */
function throughFiler({ state: { session } }: Talk, { people }: Flow): boolean {
  const applicants = new Set(people.applicant.map(({ name }) => name));
  const answers = session?.answers ?? {};
  return people.filer.some(({ name }) => !applicants.has(name) && answers[name]?.value !== undefined);
}
