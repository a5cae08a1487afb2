/** Engines broken on purpose: with any of these a storm that still is green would prove nothing. */
import { randomUUID } from 'node:crypto';
import type { Records, Table, TableSpec } from '../../src/drivers/records';
import type { Inbox } from '../../src/ports/channel';

const TRIES = 20;

/** Writes over whatever stands there: two turns at once, and the second forgets the first. */
const withoutCas = (table: Table): Table => ({
  ...table,
  async replace(row) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const now = await table.get('id', row.id);
      if (now !== null && (await table.replace(row, now.revision))) return true;
    }
    return false;
  },
});

/** Nobody looks whether this session already is a dossier. */
const withoutLookUp = (table: Table): Table => ({
  ...table,
  get: (column, value) => (column === 'sessionKey' ? Promise.resolve(null) : table.get(column, value)),
});

/** Everybody may speak at once. */
const withoutLease = (table: Table): Table => ({
  ...table,
  async patch(id, change) {
    const takes = typeof change.set?.['sendHolder'] === 'string';
    return takes ? table.patch(id, { set: change.set ?? {} }) : table.patch(id, change);
  },
});

/** Nobody writes down what was said. */
const withoutSentUpTo = (table: Table): Table => ({
  ...table,
  patch(id, { max = {}, ...change }) {
    const kept = Object.fromEntries(Object.entries(max).filter(([name]) => name !== 'sentUpTo'));
    return table.patch(id, { ...change, max: kept });
  },
});

const unheard = new Set<string>();
/** The first acceptance of everything that is delivered is not written down. */
const withoutAcceptance = (table: Table): Table => ({
  ...table,
  async replace(row, revision) {
    const loses = row.clear['state'] === 'accepted' && !unheard.has(row.id);
    if (loses) unheard.add(row.id);
    return loses || table.replace(row, revision);
  },
});

function mutate(
  records: Records,
  specOf: (spec: TableSpec) => TableSpec,
  tableOf: (table: Table) => Table,
): Records {
  return { ...records, table: async (spec) => tableOf(await records.table(specOf(spec))) };
}

/** A named crash point: the process dies when a record of this table is durable and before anybody here knows. */
export function dyingAfter(records: Records, name: string): Records {
  const dying = (table: Table): Table => ({
    ...table,
    async insert(row) {
      const conflict = await table.insert(row);
      if (conflict === null) process.kill(process.pid, 'SIGKILL');
      return conflict;
    },
  });
  return {
    ...records,
    table: async (spec) => (spec.name === name ? dying(await records.table(spec)) : records.table(spec)),
  };
}

const same = <T>(value: T): T => value;

export const MUTATIONS: Readonly<Record<string, (records: Records) => Records>> = {
  'no-cas': (records) => mutate(records, same, withoutCas),
  'no-unique-session': (records) =>
    mutate(
      records,
      (spec) => ({ ...spec, unique: (spec.unique ?? []).filter((column) => column !== 'sessionKey') }),
      withoutLookUp,
    ),
  'no-lease': (records) => mutate(records, same, withoutLease),
  'no-acceptance': (records) => mutate(records, same, withoutAcceptance),
  'no-sent-up-to': (records) => mutate(records, same, withoutSentUpTo),
};

/** A house that takes every message for a new one. */
const forgetful = (inbox: Inbox): Inbox => ({ take: (event) => inbox.take({ ...event, id: randomUUID() }) });

/** The house's way in, broken by the same name: `no-seen`. */
export const brokenInbox = <T extends Inbox>(name: string | undefined, inbox: T): T =>
  name === 'no-seen' ? { ...inbox, ...forgetful(inbox) } : inbox;
