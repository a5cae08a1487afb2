/** Spoken notes: kept sealed as they came for an officer to hear. No machine of ours listens to them. */
import type { Act, Conversation } from '../ports/documents';
import type { Files } from '../ports/files';
import type { Store } from '../ports/store';
import { keepWithTalk, TALK_FILES } from './talk-files';
import { eraseAttachment, losePhoto, type PhotoActsDeps } from './photo-acts';

type KeepVoice = Extract<Act, { type: 'keep-voice' }>;

const TYPE = 'audio/ogg';
/** As it is saved from the desk. */
const NAME = 'loi-nhan-thoai.ogg';
/** What every Ogg file begins with. @see RFC 3533 §6 */
const OGG = 'OggS';
const MAX_BYTES = 20 * 1024 * 1024;
const AT_ONCE = 100;

/** Kept under its own id; what is no such note, or cannot be had any more, is said. */
export async function keepVoice(deps: PhotoActsDeps, doc: Conversation, act: KeepVoice): Promise<void> {
  const { store, incoming, sent } = deps;
  if ((await store.attachments.get(act.voice)) === null) {
    const bytes = await sent.read(doc.address, act.source);
    if (typeof bytes === 'string' || !isNote(bytes)) return loseVoice(deps, doc, act);
    await put(deps, doc, act, bytes);
  }
  await incoming.release(act.voice);
  await sent.forget(act.source);
}

const isNote = (bytes: Buffer): boolean =>
  bytes.length <= MAX_BYTES && bytes.toString('latin1', 0, OGG.length) === OGG;

async function put(deps: PhotoActsDeps, doc: Conversation, act: KeepVoice, bytes: Buffer): Promise<void> {
  const { store, files, incoming, universe } = deps;
  const at = universe.now();
  // A filing that was being sent meanwhile is a dossier now.
  const dossier = await store.dossiers.bySession(act.owner);
  const owner = dossier?.doc.id ?? act.owner;
  await incoming.hold(act.voice);
  if (owner === doc.id) await keepWithTalk(store, act.voice, at);
  await files.put(act.voice, bytes);
  // Whoever was faster may have given it to a dossier since.
  await store.attachments.add({
    ...{ id: act.voice, owner, state: 'ok', name: NAME, type: TYPE, bytes: bytes.length },
    ...{ fileKey: act.voice, at, seconds: act.seconds },
  });
}

/** Erases the notes and photos outside filings whose days are over by then (ms epoch); how many. */
export async function sweepTalkFiles(
  deps: { readonly store: Store; readonly files: Files },
  now: number,
): Promise<number> {
  const { slips, attachments } = deps.store;
  const late = await slips.expired<string>(TALK_FILES, now, AT_ONCE);
  for (const id of late) {
    const kept = await attachments.get(id);
    if (kept !== null) await eraseAttachment(deps, kept);
    await slips.remove(TALK_FILES, id);
  }
  return late.length < AT_ONCE ? late.length : late.length + (await sweepTalkFiles(deps, now));
}

/** What a citizen sent and a channel or store may fail to hand over. */
export type FileAct = KeepVoice | Extract<Act, { type: 'take-photo' }>;

/** It could not be had for too long. */
export const loseFile = (deps: PhotoActsDeps, doc: Conversation, act: FileAct): Promise<void> =>
  act.type === 'keep-voice' ? loseVoice(deps, doc, act) : losePhoto(deps, doc, act);

/** It could not be kept: the citizen is told, and what came of it goes; unless another process had it meanwhile. */
async function loseVoice(deps: PhotoActsDeps, doc: Conversation, act: KeepVoice): Promise<void> {
  if ((await deps.store.attachments.get(act.voice)) !== null) {
    await deps.incoming.release(act.voice);
    return deps.sent.forget(act.source);
  }
  await deps.converse.tell(doc.id, { id: `${act.id}-lost`, type: 'voice-lost', voice: act.voice });
  await deps.sent.forget(act.source);
  await deps.incoming.forget(act.voice);
}
