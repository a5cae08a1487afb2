/** How long the pure engine takes for one turn of a real filing. */
import { join } from 'node:path';
import { DEMO_COMMUNE } from '../../src/catalogue/communes';
import { civilDate } from '../../src/catalogue/due-dates';
import { valuesOf } from '../../src/catalogue/facts';
import { advance, startSession } from '../../src/flow/engine';
import type { AgencyView, Context, Flow, FlowEvent } from '../../src/flow/types';
import { openLibrary } from '../../src/house/library';
import { answersOf, SLUG } from './filing';

const AGENCY: AgencyView = { id: 'demo', name: 'UBND Phường Mẫu', receives: true, demo: true };
const EVENTS: readonly FlowEvent[] = [
  { type: 'command', command: 'start' },
  ...answersOf(0).map((text): FlowEvent => ({ type: 'text', text })),
];

function openFiling(root: string): () => string {
  const now = new Date();
  const today = civilDate(now.getTime());
  const { flows, facts, communes } = openLibrary(root, today);
  const flow = flows.get(SLUG) as Flow;
  const values = valuesOf(
    facts.factsOf(SLUG, { agency: AGENCY.id, province: DEMO_COMMUNE.provinceCode }, today),
  );
  const context: Context = {
    at: now.toISOString(),
    today,
    findCommunes: communes.find,
    agencyOf: () => AGENCY,
    factsOf: () => values,
    paramsOf: () => ({}),
  };
  return () => {
    const first = startSession({ flow, key: 'bench', purpose: 'file', answers: {} });
    return EVENTS.reduce((session, event) => advance(flow, session, event, context).session, first).phase;
  };
}

/** µs per turn, one figure a batch, warm. */
export function measureAdvance(batches: number, filings: number): readonly number[] {
  const file = openFiling(join(__dirname, '../../..'));
  if (file() !== 'review') throw new Error('the filing that is measured does not reach the review');
  const batch = () => {
    const from = performance.now();
    for (let n = 0; n < filings; n += 1) file();
    return ((performance.now() - from) * 1000) / (filings * EVENTS.length);
  };
  batch();
  return Array.from({ length: batches }, batch);
}
