/** The figures on prom-client; the loopback metrics port serves `text()`. */
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Meter } from '../ports/universe';

const COUNTERS = {
  turns: { help: 'Turns of conversations by channel and outcome', labels: ['channel', 'outcome'] },
  effects_failed: { help: 'Effects that failed once and will be tried again', labels: ['document'] },
  deliveries: { help: 'Deliveries that came to an end', labels: ['outcome'] },
  dossiers: { help: 'Dossiers created', labels: ['procedure'] },
} as const;
const TIMERS = {
  turn: { help: 'Seconds from event to durable turn', labels: ['channel'] },
  effect: { help: 'Seconds of one look at a document', labels: ['document'] },
} as const;
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export interface PromMeter extends Meter {
  /** The exposition text and its content type. */
  text(): Promise<{ readonly body: string; readonly type: string }>;
}

export function promMeter(): PromMeter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'motcua_' });
  const counters = mapOf(
    COUNTERS,
    (name, { help, labels }) =>
      new Counter({ name: `motcua_${name}_total`, help, labelNames: labels, registers: [registry] }),
  );
  const timers = mapOf(
    TIMERS,
    (name, { help, labels }) =>
      new Histogram({
        name: `motcua_${name}_seconds`,
        help,
        labelNames: labels,
        buckets: BUCKETS,
        registers: [registry],
      }),
  );
  return {
    count: (name, labels) => counters.get(name)?.inc(labels),
    seconds: (name, value, labels) => timers.get(name)?.observe(labels, value),
    text: async () => ({ body: await registry.metrics(), type: registry.contentType }),
  };
}

type Row = { readonly help: string; readonly labels: readonly string[] };

function mapOf<T>(
  rows: Readonly<Record<string, Row>>,
  make: (name: string, row: { help: string; labels: string[] }) => T,
): Map<string, T> {
  return new Map(
    Object.entries(rows).map(([name, row]) => [
      name,
      make(name, { help: row.help, labels: [...row.labels] }),
    ]),
  );
}
