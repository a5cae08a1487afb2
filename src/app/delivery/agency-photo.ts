/** A photo for the agency that a dossier went to; every look is in the audit. */
import type { Files, StoredFile } from '../../ports/files';
import type { Store } from '../../ports/store';
import type { Universe } from '../../ports/universe';

/** Null when the photo belongs to no dossier with a part at this agency. */
export function agencyPhotos(deps: {
  readonly store: Store;
  readonly files: Files;
  readonly universe: Universe;
}): (agencyId: string, id: string) => Promise<StoredFile | null> {
  const { store, files, universe } = deps;
  return async (agency, id) => {
    const found = await store.attachments.get(id);
    const dossier = found === null ? null : await store.dossiers.byId(found.owner);
    if (found?.state !== 'ok' || dossier?.doc.parts.some((part) => part.agency === agency) !== true)
      return null;
    const entry = { at: universe.now(), who: `agency:${agency}`, agency, what: 'view-file' };
    await store.audit.append({ ...entry, subject: dossier.doc.id });
    return { name: found.name, type: found.type, bytes: await files.get(found.fileKey) };
  };
}
