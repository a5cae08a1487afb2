/** The store of the house on any engine: documents are sealed here, engines see clear columns and sealed bytes only. */
import type { Vault } from '../crypto/vault';
import { AppError, codeOf } from '../errors';
import type { Store } from '../ports/store';
import type { Records, Row, Table } from './records';
import { audit } from './sealed/audit';
import { codec, placeOf, SCHEMA } from './sealed/codec';
import { conversations } from './sealed/conversations';
import { deliveries } from './sealed/deliveries';
import { agencies, attachments, officers } from './sealed/desk';
import { dossiers } from './sealed/dossiers';
import { dueOf } from './sealed/due';
import { leases, slips } from './sealed/slips';
import { TABLES, type TableName } from './sealed/tables';
import { consents, drafts, transcripts } from './sealed/talk';

type Tables = Readonly<Record<TableName, Table>>;

async function openTables(records: Records): Promise<Tables> {
  const names = Object.keys(TABLES) as TableName[];
  const opened = await Promise.all(
    names.map(async (name) => [name, await records.table(TABLES[name])] as const),
  );
  return Object.fromEntries(opened) as Record<TableName, Table>;
}

const VERSION_ROW = 'schema';
const KEYS_ROW = 'keys';
const PROOF = 'mot-cua';

/** A store that a newer program has written is not touched. */
async function checkVersion(meta: Table): Promise<void> {
  const clear = { version: SCHEMA, check: null };
  await meta.insert({ id: VERSION_ROW, v: SCHEMA, kid: '', body: Buffer.alloc(0), clear });
  const found = Number((await meta.get('id', VERSION_ROW))?.clear['version']);
  if (found > SCHEMA)
    throw new AppError(
      'store-too-new',
      `The store was written by a newer version (${found}, this one knows ${SCHEMA}).`,
    );
  await meta.patch(VERSION_ROW, { max: { version: SCHEMA } });
}

function wrongKeys(what: string): AppError {
  return new AppError(
    'key-unknown',
    `${what} is not the one this store was made with: put the right DATA_KEYS back.`,
  );
}

/** The first start seals a known word; every later one must open it, and must compute the same blind token. */
async function checkKeys(meta: Table, vault: Vault): Promise<void> {
  const { seal, open } = codec<string>('meta', vault);
  const check = vault.blind('check', PROOF);
  await meta.insert(seal(KEYS_ROW, PROOF, { clear: { version: null, check } }));
  const row = await meta.get('id', KEYS_ROW);
  if (!row || row.clear['check'] !== check) throw wrongKeys('The index key');
  try {
    open(row);
  } catch (error) {
    throw codeOf(error) === 'document-unreadable' ? wrongKeys(`The data key "${row.kid}"`) : error;
  }
}

/**
 * Opens the store on an engine. Closing the store closes the engine.
 * @throws AppError `store-too-new` · `key-unknown` (keys of another store) · `store-unavailable`.
 */
export async function openSealedStore({
  records,
  vault,
}: {
  records: Records;
  vault: Vault;
}): Promise<Store> {
  const tables = await openTables(records);
  await checkVersion(tables.meta);
  await checkKeys(tables.meta, vault);
  return {
    conversations: conversations(tables.conversations, vault),
    dossiers: dossiers(tables.dossiers, vault),
    deliveries: deliveries(tables.deliveries, vault),
    drafts: drafts(tables.drafts, vault),
    transcripts: transcripts(tables.transcripts, vault),
    consents: consents(tables.consents, vault),
    agencies: agencies(tables.agencies, vault),
    officers: officers(tables.officers, vault),
    slips: slips(tables.slips, vault),
    attachments: attachments(tables.attachments, vault),
    audit: audit(tables.audit, vault),
    leases: leases(tables.leases),
    due: dueOf({ conversation: tables.conversations, dossier: tables.dossiers, delivery: tables.deliveries }),
    async ping() {
      await tables.meta.patch(VERSION_ROW, { max: { version: SCHEMA } });
    },
    close: () => records.close(),
  };
}

const RESEAL_PAGE = 200;

/** Hears how far the resealing of a table is: rows looked at, rows moved. */
export type ResealHearer = (table: TableName, seen: number, moved: number) => void;

/** Hears of a document that does not open; what it throws ends the work. */
export type UnreadableHearer = (what: string, error: unknown) => void;

const giveUp: UnreadableHearer = (_what, error) => {
  throw error;
};

interface Resealing {
  readonly vault: Vault;
  readonly tell?: ResealHearer;
  /** Unless given, the first one ends the work. */
  readonly unreadable?: UnreadableHearer;
}

async function resealTable(
  name: TableName,
  table: Table,
  { vault, tell = () => undefined, unreadable = giveUp }: Resealing,
): Promise<number> {
  const resealed = (row: Row): Buffer | null => {
    const place = placeOf(name, row.id);
    try {
      return vault.seal(place, vault.open(place, row.body));
    } catch (error) {
      unreadable(`${name}/${row.id}`, error);
      return null;
    }
  };
  const resealOne = async (row: Row) => {
    const body = resealed(row);
    return body !== null && table.reseal(row.id, row.revision, vault.kid, body);
  };
  let [done, seen] = [0, 0];
  let after = '';
  for (;;) {
    const rows = await table.find({ where: { id: { gt: after } }, order: ['id'], limit: RESEAL_PAGE });
    const last = rows.at(-1);
    if (!last) return done;
    // Rows without a sealed body (leases) have no key.
    const old = rows.filter((row) => row.kid !== '' && row.kid !== vault.kid);
    done += (await Promise.all(old.map(resealOne))).filter(Boolean).length;
    after = last.id;
    seen += rows.length;
    tell(name, seen, done);
  }
}

/**
 * Puts every document under the newest key; how many it moved. May be stopped and repeated at any time, beside a running
 * server: each document names its key, and one that is saved meanwhile is under the newest already.
 */
export async function resealAll({
  records,
  ...how
}: Resealing & { readonly records: Records }): Promise<number> {
  const tables = await openTables(records);
  // The proof of the keys first: from then on a server that lacks the newest key refuses to start.
  const names = ['meta', ...Object.keys(TABLES).filter((name) => name !== 'meta')] as TableName[];
  let done = 0;
  for (const name of names) done += await resealTable(name, tables[name], how);
  return done;
}

/** How many documents are under another key than the newest. */
export async function countOld({ records, vault }: { records: Records; vault: Vault }): Promise<number> {
  const tables = await openTables(records);
  const counts = Object.values(tables).map(
    async (table) => (await table.count({})) - (await table.count({ kid: { in: ['', vault.kid] } })),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
