/**
 * The engine for many processes: MongoDB 4.4 or newer, through mongoose. It asks no more of the server than changes of one
 * document and unique indexes: no transactions, no streams, nothing that servers of the same protocol do differently.
 * Every write waits for a majority and its journal.
 */
import { Mongoose, type Connection } from 'mongoose';
import { AppError } from '../errors';
import { mendDrain } from './mongo-drain';
import { answered, isDuplicate, notConnected, unavailable } from './mongo-fail';
import { indexesOf, schemaOf, type MongoRow } from './mongo-query';
import { askServer, type ServerFacts } from './mongo-server';
import { mongoTable } from './mongo-table';
import type { Bounds, Collection } from './mongo-write';
import type { Records, Table, TableSpec } from './records';

/** Version of this engine's own layout (collection `engine`). The documents have their own. */
const LAYOUT = 1;

export interface MongoOptions extends Partial<Bounds> {
  /** `mongodb://…` or `mongodb+srv://…`, with the database's name, e.g. `mongodb://a,b,c/mot-cua?replicaSet=rs0`. */
  readonly url: string;
  /** The database, where the address names none. Default `mot-cua`. */
  readonly database?: string;
  /** Connections at most. Default 50. */
  readonly pool?: number;
  /** How long to look for a server that takes writes, ms. */
  readonly selectMs?: number;
  /** A connection that has been silent for so long in the midst of a request is given up, ms. */
  readonly socketMs?: number;
  /** Opened by `move-store` itself, which alone may work on a store that is half there. */
  readonly moving?: boolean;
}

export interface MongoRecords extends Records {
  /** What the server said of itself at start. */
  readonly server: ServerFacts;
}

/** A webhook must have its 503 within 2 s: what takes longer is unknown. */
const ANSWER_MS = 1_600;
const LIST_MS = 10_000;
const SELECT_MS = 1_500;
const SOCKET_MS = 15_000;
/** An index build may outlast a connection; it is asked for again until it stands. */
const INDEX_MS = 60 * 60_000;

/** The name in the address, between its last host and its options. */
const namesDatabase = (url: string) => /^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/.test(url);

/** Opens a connection of the house: majority and journal for each write, no retries but our own. @throws AppError `store-unavailable` · `config-invalid` (the address). */
export async function connectMongo(options: MongoOptions): Promise<Connection> {
  const { url, database = 'mot-cua', pool = 50, selectMs = SELECT_MS, socketMs = SOCKET_MS } = options;
  mendDrain();
  const connection = new Mongoose().createConnection(url, {
    ...(namesDatabase(url) ? {} : { dbName: database }),
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: options.answerMs ?? ANSWER_MS },
    readPreference: 'primary',
    // What a cut left open is decided by the write's id, which holds on every server; the driver's way holds on some.
    retryWrites: false,
    retryReads: false,
    maxPoolSize: pool,
    serverSelectionTimeoutMS: selectMs,
    connectTimeoutMS: selectMs,
    socketTimeoutMS: socketMs,
    waitQueueTimeoutMS: selectMs,
    // After a cut the server is looked at again so soon; half a second, the default, is a third of all the time there is.
    minHeartbeatFrequencyMS: 100,
    promoteBuffers: true,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
  });
  // Mongoose says here what every caller is told as well.
  connection.on('error', () => undefined);
  return connection.asPromise().catch(async (cause: unknown) => {
    await connection.close().catch(() => undefined);
    throw notConnected(cause);
  });
}

interface Layout {
  _id: string;
  version: number;
}

/** A store that a newer program has laid out is not touched. */
async function checkLayout(connection: Connection): Promise<void> {
  const engine = connection.collection<Layout>('engine');
  const found = await engine.findOne({ _id: 'layout' });
  if (found && found.version > LAYOUT)
    throw new AppError(
      'store-too-new',
      `The store was written by a newer version (layout ${found.version}, this one knows ${LAYOUT}).`,
    );
  if (found) await engine.updateOne({ _id: 'layout' }, { $max: { version: LAYOUT } });
  else
    await engine.insertOne({ _id: 'layout', version: LAYOUT }).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
    });
}

interface MoveMark {
  _id: string;
  finished: boolean;
}

/** What a server filed in a half-moved store, the next round of the move would take away as not belonging there. */
async function refuseHalfMoved(connection: Connection): Promise<void> {
  const mark = await connection.collection<MoveMark>('engine').findOne({ _id: 'move' });
  if (mark?.finished === false)
    throw new AppError(
      'config-invalid',
      'STORE_URL: a store is being moved into this database and is not all there. Run "move-store" again until it says ' +
        '"moved", or drop the database, then start.',
    );
}

/** Builds the indexes that are missing; the same ones again are nothing. */
async function buildIndexes({ spec, rows }: Pick<Collection, 'spec' | 'rows'>): Promise<void> {
  for (const { fields, unique } of indexesOf(spec))
    await answered(INDEX_MS, () =>
      rows.createIndex(fields, unique ? { unique: true, sparse: true } : {}, {}),
    );
}

/** Counts what is under way, so that closing can wait for it. */
function gate() {
  const running = new Set<Promise<unknown>>();
  let closed = false;
  return {
    pass<T>(work: () => Promise<T>): Promise<T> {
      if (closed) return Promise.reject(new AppError('stopping', 'The store is closed.'));
      const run = work();
      running.add(run);
      const done = () => running.delete(run);
      run.then(done, done);
      return run;
    },
    async close(): Promise<boolean> {
      const first = !closed;
      closed = true;
      await Promise.allSettled(running);
      return first;
    },
  };
}

/** The same table behind the gate. */
function gated(table: Table, { pass }: ReturnType<typeof gate>): Table {
  const behind =
    <A extends unknown[], R>(method: (...given: A) => Promise<R>) =>
    (...given: A) =>
      pass(() => method(...given));
  return {
    insert: behind(table.insert),
    insertAll: behind(table.insertAll),
    put: behind(table.put),
    replace: behind(table.replace),
    patch: behind(table.patch),
    reseal: behind(table.reseal),
    get: behind(table.get),
    find: behind(table.find),
    peek: behind(table.peek),
    count: behind(table.count),
    findThrough: behind(table.findThrough),
    countThrough: behind(table.countThrough),
    take: behind(table.take),
    remove: behind(table.remove),
  };
}

/**
 * Connects, asks the server what it is, and looks at the layout.
 * @throws AppError `store-unavailable` · `store-too-new` · `config-invalid` (an address that cannot be read, a server that loses writes,
 * a store that is only half moved there).
 */
export async function mongoRecords(options: MongoOptions): Promise<MongoRecords> {
  const { answerMs = ANSWER_MS, listMs = LIST_MS } = options;
  const connection = await connectMongo(options);
  const opened = async () => {
    const server = await askServer(connection);
    if (options.moving !== true) await refuseHalfMoved(connection);
    await checkLayout(connection);
    return server;
  };
  const server = await opened().catch(async (cause: unknown) => {
    await connection.close();
    throw unavailable(cause);
  });
  const doors = gate();
  const tableOf = async (spec: TableSpec): Promise<Table> => {
    const model = connection.model<MongoRow>(spec.name, schemaOf(spec), spec.name);
    const rows = connection.collection<MongoRow>(spec.name);
    await buildIndexes({ spec, rows });
    const readConcern = server.replicaSet ? 'majority' : 'local';
    return gated(mongoTable({ spec, model, rows, bounds: { answerMs, listMs }, readConcern }), doors);
  };
  return {
    server,
    table: (spec) => doors.pass(() => tableOf(spec)),
    async close() {
      if (await doors.close()) await connection.close();
    },
  };
}
