/** What stands behind a MongoDB address: asked at start, because what only speaks the protocol may break its promises. */
import type { Connection } from 'mongoose';
import { AppError } from '../errors';

/** Something an operator should know: for the log and /readyz. */
export interface Notice {
  readonly code: 'no-replica-set' | 'no-journal' | 'not-on-disk' | 'journal-unknown';
  readonly text: string;
}

export interface ServerFacts {
  /** As the server says it, e.g. `7.0.14`. */
  readonly version: string;
  /** Writes can be known by a majority. */
  readonly replicaSet: boolean;
  readonly notices: readonly Notice[];
}

type Answer = Readonly<Record<string, unknown>>;

const TEXTS: Readonly<Record<Notice['code'], string>> = {
  'no-replica-set':
    'MongoDB runs as a single server: when its machine is lost, so is everything since the last backup.',
  'no-journal': 'MongoDB runs without its journal: a power cut loses what was said to be stored.',
  'not-on-disk': 'MongoDB keeps nothing on disk: everything ends with its process.',
  'journal-unknown': 'MongoDB would not say whether it keeps a journal.',
};

const part = (answer: Answer | null, name: string): Answer => {
  const value = answer?.[name];
  return typeof value === 'object' && value !== null ? (value as Answer) : {};
};

/** FerretDB 1.x calls itself by this field; 2.x by another, and stands on an engine that compares and sets in one step. */
function refuseFerret(build: Answer): void {
  const version = build['ferretdbVersion'];
  if (typeof version !== 'string' || !/^v?[01]\./.test(version)) return;
  throw new AppError(
    'config-invalid',
    `STORE_URL leads to FerretDB ${version}. It reads, then writes, so that of two saves at once one is lost without a word. ` +
      'Use MongoDB 4.4 or newer, or the embedded store (STORE_URL=sqlite:).',
  );
}

function journalNotice(status: Answer | null, options: Answer | null): Notice['code'] | null {
  if (part(status, 'storageEngine')['persistent'] === false) return 'not-on-disk';
  const enabled = part(part(part(options, 'parsed'), 'storage'), 'journal')['enabled'];
  if (enabled === false) return 'no-journal';
  return status && options ? null : 'journal-unknown';
}

/**
 * Judges the answers of buildInfo, hello, serverStatus and getCmdLineOpts (null: the server would not say).
 * @throws AppError `config-invalid` for a server that loses writes.
 */
export function judgeServer(
  build: Answer,
  hello: Answer,
  status: Answer | null,
  options: Answer | null,
): ServerFacts {
  refuseFerret(build);
  const cluster = hello['msg'] === 'isdbgrid';
  const replicaSet = cluster || typeof hello['setName'] === 'string';
  const codes = [
    replicaSet ? null : ('no-replica-set' as const),
    cluster ? null : journalNotice(status, options),
  ];
  return {
    version: String(build['version']),
    replicaSet,
    notices: codes.filter((code) => code !== null).map((code) => ({ code, text: TEXTS[code] })),
  };
}

/** Asks the server. @throws as `judgeServer`, and what the driver throws. */
export async function askServer(connection: Connection): Promise<ServerFacts> {
  const admin = connection.db?.admin();
  if (!admin) throw new AppError('store-unavailable', 'There is no connection to MongoDB.');
  const ask = (command: string) => admin.command({ [command]: 1 }) as Promise<Answer>;
  const ifAllowed = (command: string) => ask(command).catch(() => null);
  // 4.4.0 and 4.4.1 know hello by its older name only.
  const hello = await ask('hello').catch(() => ask('isMaster'));
  const [status, options] = [await ifAllowed('serverStatus'), await ifAllowed('getCmdLineOpts')];
  return judgeServer(await ask('buildInfo'), hello, status, options);
}
