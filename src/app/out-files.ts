/** Files of a dossier as they go out into its chat: the declaration made at that moment, the result as it is kept. */
import { codeOf } from '../errors';
import type { OpenFile, OutFile } from '../ports/channel';
import type { Agency, Dossier } from '../ports/documents';
import type { Files, StoredFile } from '../ports/files';
import type { Store } from '../ports/store';
import type { Universe } from '../ports/universe';
import type { Converse } from './converse';

/** The declaration of a procedure, filled from a dossier. */
export interface FilledForm {
  pdf(dossier: Dossier, agency: Agency): Promise<Buffer>;
  /** `official`: the agency's own file. */
  docx(dossier: Dossier, agency: Agency, official: Buffer | undefined): Promise<Buffer>;
}

export interface OutFilesDeps {
  readonly store: Store;
  readonly files: Files;
  readonly universe: Universe;
  readonly converse: Converse;
  readonly forms: { of(procedure: string): FilledForm | null };
}

const HOUR_MS = 3_600_000;
const TYPES = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
} as const;

/** Each file that is handed out is in the audit first. Of one that is gone the citizen is told. */
export function openOutFiles(deps: OutFilesDeps): OpenFile {
  const { store, universe } = deps;
  return async (file) => {
    const dossier = (await store.dossiers.byId(file.dossier))?.doc;
    const own = dossier !== undefined && dossier.conversation === file.owner;
    const found = own ? await read(deps, dossier, file) : null;
    if (found === null) await tellGone(deps, file);
    else {
      const subject = file.dossier;
      const row = { at: universe.now(), who: 'citizen', agency: null, what: 'send-file', subject };
      await store.audit.append(row);
    }
    return found;
  };
}

const read = (deps: OutFilesDeps, dossier: Dossier, file: OutFile): Promise<StoredFile | null> =>
  file.type === 'result' ? result(deps, dossier, file.attachment) : declaration(deps, dossier, file.format);

async function result(
  { store, files }: OutFilesDeps,
  { id, parts }: Dossier,
  wanted: string,
): Promise<StoredFile | null> {
  const isResult = parts.some((part) => part.result?.kind === 'file' && part.result.attachment === wanted);
  const kept = isResult ? await store.attachments.get(wanted) : null;
  if (kept?.state !== 'ok' || kept.owner !== id) return null;
  const bytes = await unlessGone(files.get(kept.fileKey));
  return bytes === null ? null : { name: kept.name, type: kept.type, bytes };
}

/** As the desk makes it: with the agency's name, and in its own official file where it has one. */
async function declaration(
  { store, files, forms }: OutFilesDeps,
  dossier: Dossier,
  format: 'pdf' | 'docx',
): Promise<StoredFile | null> {
  const form = forms.of(dossier.procedure.id);
  const agency = (await store.agencies.byId(dossier.parts[0]?.agency ?? ''))?.doc;
  if (form === null || agency === undefined) return null;
  const name = `to-khai-${dossier.code}.${format}`;
  const type = TYPES[format];
  if (format === 'pdf') return { name, type, bytes: await form.pdf(dossier, agency) };
  const own = agency.forms?.[dossier.procedure.id];
  const official = own === undefined ? null : await unlessGone(files.get(own.fileKey));
  return { name, type, bytes: await form.docx(dossier, agency, official ?? undefined) };
}

const unlessGone = (bytes: Promise<Buffer>): Promise<Buffer | null> =>
  bytes.catch((error: unknown) => {
    if (codeOf(error) === 'not-found') return null;
    throw error;
  });

/** Once an hour for the same file: a message may be sent again. */
async function tellGone({ converse, universe }: OutFilesDeps, file: OutFile): Promise<void> {
  const what = file.type === 'result' ? file.attachment : file.format;
  const id = `${file.dossier}-${what}-gone-${Math.floor(universe.now() / HOUR_MS)}`;
  await converse.tell(file.owner, { id, type: 'file-gone' });
}
