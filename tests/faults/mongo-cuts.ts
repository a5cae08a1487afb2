/** A store behind a wire that misbehaves, and what one says to MongoDB, read from the first bytes of a message. */
import { mongoRecords, type MongoOptions, type MongoRecords } from '../../src/drivers/mongo-store';
import type { NewRow, Table, TableSpec } from '../../src/drivers/records';
import { dropDatabase, newDatabase, type MongoServer } from '../servers/mongo-server';
import { openTcpProxy, type Fate, type TcpProxy } from '../servers/tcp-proxy';
import { seeded } from '../servers/seeded';

/** Head of a message (16 bytes), flags (4), kind of section (1), length and first element's type of the document (5). */
const NAME_AT = 26;
const OP_MSG = 2013;

/** `update`, `find` …; empty where a piece is not the beginning of a command. */
export function commandOf(piece: Buffer): string {
  if (piece.length < NAME_AT || piece.readInt32LE(12) !== OP_MSG) return '';
  const end = piece.indexOf(0, NAME_AT);
  return piece.toString('latin1', NAME_AT, Math.max(NAME_AT, end));
}

export const WRITES = ['insert', 'update', 'findAndModify', 'delete'];

/** Cuts a share of these commands, half of them before they arrive, half after they were carried out; counts the cuts. */
export function cutting(share: number, seed: number, commands: readonly string[] = WRITES) {
  const roll = seeded(seed);
  const cuts = { before: 0, after: 0 };
  const decide = (piece: Buffer): Fate => {
    if (!commands.includes(commandOf(piece)) || roll() >= share) return 'pass';
    const before = roll() < 0.5;
    cuts[before ? 'before' : 'after'] += 1;
    return before ? 'cut-before' : 'cut-after';
  };
  return { decide, cuts };
}

export const THINGS = {
  name: 'things',
  columns: { key: 'text', mark: 'number', holder: 'text', until: 'number' },
  unique: ['key'],
} as const satisfies TableSpec;

export const thing = (id: string, body: unknown = null, clear: NewRow['clear'] = {}): NewRow => ({
  id,
  v: 1,
  kid: 'k1',
  body: Buffer.from(JSON.stringify(body)),
  clear: { key: `key-${id}`, mark: 0, holder: null, until: 0, ...clear },
});

export interface Cut {
  readonly records: MongoRecords;
  readonly things: Table;
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

/** A fresh store on the server, seen through a proxy. */
export async function openCut(server: MongoServer, options: Partial<MongoOptions> = {}): Promise<Cut> {
  if (server.port === null)
    throw new Error('MONGO_TEST_URL must be one server on this machine for these tests.');
  const proxy = await openTcpProxy(server.port);
  const database = newDatabase();
  const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
  const records = await mongoRecords({ url, database, ...options });
  const things = await records.table(THINGS);
  return {
    records,
    things,
    proxy,
    async close() {
      proxy.decide = () => 'pass';
      proxy.back();
      await records.close();
      await proxy.close();
      await dropDatabase(server.url, database);
    },
  };
}
