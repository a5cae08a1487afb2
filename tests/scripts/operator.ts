/** An operator at the machine: a folder of data with something in it, and `npm run admin` on it. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault, type Vault } from '../../src/crypto/vault';
import { diskFiles } from '../../src/drivers/disk-files';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords, type SqliteRecords } from '../../src/drivers/sqlite-store';
import type { Files } from '../../src/ports/files';
import type { Store } from '../../src/ports/store';
import {
  AN,
  auditOf,
  conversationDoc,
  deliveryDoc,
  dossierDoc,
  officerDoc,
  said,
} from '../contract/documents';

const ENTRY = join(__dirname, '../../dist/scripts/admin.js');

export interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Opened {
  readonly store: Store;
  readonly records: SqliteRecords;
  readonly files: Files;
  readonly vault: Vault;
  close(): Promise<void>;
}

export interface Operator {
  /** Holds everything of this operator. */
  readonly dir: string;
  /** DATA_DIR of the commands. */
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  admin(...args: readonly string[]): Promise<Done>;
  /** The command as a process that can be killed. */
  begin(...args: readonly string[]): ChildProcess;
  /** The store as the server opens it; `keys`: others than those of the key file. */
  open(keys?: string): Promise<Opened>;
  /** The line of the key file. */
  keys(): string;
  remove(): void;
}

const clock = () => Date.now();

async function openStore(data: string, keys: string): Promise<Opened> {
  const records = sqliteRecords({ path: join(data, 'mot-cua.sqlite'), lockWaitMs: 200 });
  const vault = openVault(parseDataKeys(keys));
  try {
    const store = await openSealedStore({ records, vault });
    const files = await diskFiles({ dir: join(data, 'files'), vault, clock });
    return { store, records, files, vault, close: () => store.close() };
  } catch (error) {
    await records.close();
    throw error;
  }
}

/** `more`: environment beside the usual. */
export function openOperator(more: Readonly<Record<string, string>> = {}): Operator {
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-operator-'));
  const data = join(dir, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'keys'), `${newKeys(randomBytes)}\n`);
  const env = { PATH: process.env['PATH'], DATA_DIR: data, LOG_LEVEL: 'error', ...more };
  const keys = () => readFileSync(join(data, 'keys'), 'utf8').trim();
  return {
    dir,
    data,
    env,
    admin: (...args) =>
      new Promise((resolve) => {
        const child = execFile(process.execPath, [ENTRY, ...args], { env, cwd: dir }, (_error, out, err) =>
          resolve({ code: child.exitCode ?? -1, out, err }),
        );
      }),
    begin: (...args) => spawn(process.execPath, [ENTRY, ...args], { env, cwd: dir, stdio: 'ignore' }),
    open: (given) => openStore(data, given ?? keys()),
    keys,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export const fileKeyOf = (n: number): string => `photo-${String(n).padStart(16, '0')}`;
export const codeOfDossier = (n: number): string => `AAAAA${String(n).padStart(5, '0')}A`;

/** One of everything, and `count` dossiers with their talk and a photo each. */
export async function fillStore(
  { store, files }: Pick<Opened, 'store' | 'files'>,
  count: number,
): Promise<void> {
  await store.officers.create(officerDoc('o1', 'lan.anh'));
  await store.deliveries.create(deliveryDoc('x1'));
  await store.slips.put('session', 'slip', { of: 'o1' }, 1e15);
  for (let n = 0; n < count; n += 1) await fillOne({ store, files }, n);
}

async function fillOne({ store, files }: Pick<Opened, 'store' | 'files'>, n: number): Promise<void> {
  const id = `c${n}`;
  await store.conversations.create(conversationDoc(id), null);
  // Revisions are part of ids that effects are known by: they must not begin anew.
  for (let revision = 1; revision <= n % 4; revision += 1)
    await store.conversations.save(conversationDoc(id, { nextSeq: revision + 1 }), revision, n);
  await store.transcripts.append([1, 2, 3].map((seq) => said(id, seq)));
  await store.dossiers.create(dossierDoc(`d${n}`, codeOfDossier(n)), null);
  await files.put(fileKeyOf(n), randomBytes(2_000 + n));
  await store.attachments.put({
    ...{ id: `f${n}`, owner: `d${n}`, state: 'ok', name: 'giấy.jpg', type: 'image/jpeg' },
    ...{ bytes: 2_000 + n, fileKey: fileKeyOf(n), at: 1 },
  });
  await store.audit.append(auditOf(n));
}

export const someone = AN;
