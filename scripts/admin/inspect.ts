/** Looks at a whole store: every document and file opens, the audit chain is unbroken. Nothing is changed. */
import type { Vault } from '../../src/crypto/vault';
import type { Records, Row } from '../../src/drivers/records';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { placeOf } from '../../src/drivers/sealed/codec';
import { TABLES, type TableName } from '../../src/drivers/sealed/tables';
import { codeOf } from '../../src/errors';
import type { Attachment } from '../../src/ports/documents';
import type { Files } from '../../src/ports/files';
import type { Shelf } from '../../src/ports/shelf';
import type { Tools } from './command';
import { figure, openProgress, type Progress } from './progress';

export interface Inspected {
  readonly documents: number;
  readonly files: number;
  /** Named by an attachment, and not there: erased after the database was copied, or lost. */
  readonly missing: readonly string[];
  /** What does not open, or where the chain breaks, one line each. */
  readonly damage: readonly string[];
  /** Number and hash of the newest audit entry: what was written down elsewhere must be the same or older. */
  readonly audit: { readonly seq: number; readonly hash: string } | null;
}

export interface Inspecting {
  readonly records: Records;
  readonly vault: Vault;
  readonly files: Files;
  /** What lies on the shelf is looked at too, though no document names it. */
  readonly shelf?: Pick<Shelf, 'keys'>;
  readonly tools: Pick<Tools, 'say' | 'universe'>;
}

const PAGE = 200;

async function* rowsOf(records: Records, name: TableName): AsyncIterable<Row> {
  const table = await records.table(TABLES[name]);
  for (let after = ''; ;) {
    const rows = await table.find({ where: { id: { gt: after } }, order: ['id'], limit: PAGE });
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** The bytes of a document, or what is wrong with it. */
function opened(vault: Vault, name: TableName, row: Row): Buffer | string {
  try {
    return vault.open(placeOf(name, row.id), row.body);
  } catch (error) {
    return `${name}/${row.id}: ${codeOf(error)}`;
  }
}

/** Rows without a key (leases, the schema) have no sealed body. */
async function openDocuments(
  { records, vault }: Inspecting,
  progress: Progress,
  found: Found,
): Promise<void> {
  for (const name of Object.keys(TABLES) as TableName[]) {
    for await (const row of rowsOf(records, name)) {
      found.documents += 1;
      progress.step(() => `  ${name}: ${figure(found.documents)} documents opened so far`);
      const bytes = row.kid === '' ? null : opened(vault, name, row);
      if (typeof bytes === 'string') found.damage.push(bytes);
      else if (bytes !== null && name === 'attachments')
        found.wanted.push((JSON.parse(bytes.toString('utf8')) as Attachment).fileKey);
    }
  }
}

/** False: there is none. */
async function openFile({ files }: Inspecting, key: string, found: Found): Promise<boolean> {
  try {
    await files.get(key);
    found.files += 1;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'not-found') return false;
    found.damage.push(`files/${key}: ${code}`);
  }
  return true;
}

async function openNamed(given: Inspecting, progress: Progress, found: Found): Promise<void> {
  for (const key of found.wanted) {
    if (!(await openFile(given, key, found))) found.missing.push(key);
    progress.step(() => `  files: ${figure(found.files)} of ${figure(found.wanted.length)} opened`);
  }
}

/** What comes or goes meanwhile is no loss. */
async function openOthers(given: Inspecting, progress: Progress, found: Found): Promise<void> {
  if (given.shelf === undefined) return;
  const named = new Set(found.wanted);
  for await (const key of given.shelf.keys()) {
    if (!named.has(key)) await openFile(given, key, found);
    progress.step(() => `  files: ${figure(found.files)} opened`);
  }
}

interface Found {
  documents: number;
  files: number;
  readonly wanted: string[];
  readonly missing: string[];
  readonly damage: string[];
}

/** @throws AppError `key-unknown` when the keys are not this store's, `store-too-new`. */
export async function inspectStore(given: Inspecting): Promise<Inspected> {
  const { records, vault, tools } = given;
  const found: Found = { documents: 0, files: 0, wanted: [], missing: [], damage: [] };
  const progress = openProgress(tools);
  // Not closed here: the records are the caller's.
  const store = await openSealedStore({ records, vault });
  await openDocuments(given, progress, found);
  await openNamed(given, progress, found);
  await openOthers(given, progress, found);
  const broken = await store.audit.verify();
  if (broken !== null) found.damage.push(`audit: the chain breaks at entry ${broken}`);
  // A broken newest entry does not open either, and stands in the damage.
  const [last] = await store.audit.last(1).catch(() => []);
  const { documents, files, missing, damage } = found;
  return { documents, files, missing, damage, audit: last ? { seq: last.seq, hash: last.hash } : null };
}

const SHOWN = 10;

/** What was found, as lines. */
export function report({ documents, files, missing, damage, audit }: Inspected): readonly string[] {
  const more = damage.length > SHOWN ? [`  … and ${figure(damage.length - SHOWN)} more`] : [];
  return [
    `${figure(documents)} documents and ${figure(files)} files were looked at`,
    audit === null
      ? 'the audit is empty'
      : `the audit ends with entry ${figure(audit.seq)}, hash ${audit.hash}`,
    ...(missing.length === 0
      ? []
      : [`${figure(missing.length)} files are named and not there, e.g. ${missing[0] ?? ''}`]),
    ...(damage.length === 0 ? [] : [`${figure(damage.length)} do not open:`]),
    ...damage.slice(0, SHOWN).map((line) => `  ${line}`),
    ...more,
  ];
}
