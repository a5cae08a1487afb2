/** Spoken notes: kept sealed as they came for an officer to hear. No machine of ours listens to them. */
import type { Act, Conversation } from '../ports/documents';
import { losePhoto, type PhotoActsDeps } from './photo-acts';

type KeepVoice = Extract<Act, { type: 'keep-voice' }>;

const TYPE = 'audio/ogg';
/** What every Ogg file begins with. @see RFC 3533 §6 */
const OGG = 'OggS';

/** Kept under its own id; what is no such note, or cannot be had any more, is said. */
export async function keepVoice(deps: PhotoActsDeps, doc: Conversation, act: KeepVoice): Promise<void> {
  const { store, files, incoming, universe, sent } = deps;
  if ((await store.attachments.get(act.voice)) === null) {
    const bytes = await sent.read(doc.address, act.source);
    if (typeof bytes === 'string' || bytes.toString('latin1', 0, OGG.length) !== OGG)
      return loseVoice(deps, doc, act);
    await incoming.hold(act.voice);
    await files.put(act.voice, bytes);
    await store.attachments.put({
      ...{ id: act.voice, owner: act.owner, state: 'ok', name: '', type: TYPE, bytes: bytes.length },
      ...{ fileKey: act.voice, at: universe.now(), seconds: act.seconds },
    });
  }
  await incoming.release(act.voice);
  await sent.forget(act.source);
}

/** What a citizen sent and a channel or store may fail to hand over. */
export type FileAct = KeepVoice | Extract<Act, { type: 'take-photo' }>;

/** It could not be had for too long. */
export const loseFile = (deps: PhotoActsDeps, doc: Conversation, act: FileAct): Promise<void> =>
  act.type === 'keep-voice' ? loseVoice(deps, doc, act) : losePhoto(deps, doc, act);

/** It could not be kept: the citizen is told, and what came of it goes. */
async function loseVoice(deps: PhotoActsDeps, doc: Conversation, act: KeepVoice): Promise<void> {
  await deps.converse.tell(doc.id, { id: `${act.id}-lost`, type: 'voice-lost' });
  await deps.sent.forget(act.source);
  await deps.incoming.forget(act.voice);
}
