/** What a conversation's acts do with photos: looked at, kept clean, handed to the dossier, erased. Every act may be repeated. */
import { isPhotoValue } from './dossier/photos-of';
import type { Answer, AnswerValue, Photo, PhotoProblem, Session } from '../flow/types';
import type { Act, Attachment, Conversation } from '../ports/documents';
import type { Files } from '../ports/files';
import type { Intake } from '../ports/intake';
import type { Store } from '../ports/store';
import type { Universe } from '../ports/universe';
import type { Converse } from './converse';
import type { IncomingFiles } from './incoming-files';
import type { SentFiles } from './sent-files';
import { keepWithTalk } from './talk-files';

export interface PhotoActsDeps {
  readonly store: Store;
  readonly files: Files;
  readonly incoming: IncomingFiles;
  readonly sent: SentFiles;
  readonly intake: Intake;
  readonly universe: Universe;
  readonly converse: Converse;
}

type TakePhoto = Extract<Act, { type: 'take-photo' }>;
type DropPhoto = Extract<Act, { type: 'drop-photo' }>;

/** For an officer who has the talk, not for a filing. */
const isOfTalk = ({ id }: Conversation, { owner }: TakePhoto): boolean => owner === id;

/** The bytes as they came are looked at once, and then gone; the clean copy is kept under the photo's own id. */
export async function takePhoto(deps: PhotoActsDeps, doc: Conversation, act: TakePhoto): Promise<void> {
  const kept = await deps.store.attachments.get(act.photo);
  const result = kept ?? (await lookAt(deps, doc, act));
  if (typeof result === 'string') await refuse(deps, doc, act, result);
  else if (result !== null && !isOfTalk(doc, act)) await tellReady(deps, doc.id, act.id, result);
  await deps.incoming.release(act.photo);
  await deps.sent.forget(act.source);
}

/** The talk knows what became of the photo, or there is no such talk any more: whoever still looks at it was too slow. */
async function isOver({ store }: PhotoActsDeps, talk: string, act: TakePhoto): Promise<boolean> {
  const state = await store.conversations.byId(talk);
  return state === null || state.doc.seen.some(({ id }) => id === act.id);
}

/**
 * The clean file as an attachment, or what is wrong with the photo. Null: another process was faster, and what it made may be
 * a dossier's by now, or thrown out again by the citizen.
 */
async function lookAt(
  deps: PhotoActsDeps,
  talk: Conversation,
  act: TakePhoto,
): Promise<Attachment | PhotoProblem | null> {
  const bytes = await deps.sent.read(talk.address, act.source);
  // Gone may mean that another process had it, and kept it.
  if (typeof bytes === 'string') return (await deps.store.attachments.get(act.photo)) ?? bytes;
  const result = await deps.intake.take(bytes, { pdf: act.pdf });
  if (await isOver(deps, talk.id, act)) return null;
  if (!result.ok) return result.problem;
  const { file } = result;
  const doc: Attachment = {
    id: act.photo,
    owner: act.owner,
    state: 'ok',
    name: act.name,
    type: file.type,
    bytes: file.bytes.length,
    fileKey: act.photo,
    at: deps.universe.now(),
    pages: file.pages,
    flags: file.flags,
  };
  // Until its attachment stands, a clean copy is held as incoming bytes are: nothing lies there that nobody knows of.
  await deps.incoming.hold(doc.fileKey);
  if (isOfTalk(talk, act)) await keepWithTalk(deps.store, doc.id, doc.at);
  await deps.files.put(doc.fileKey, file.bytes);
  return (await deps.store.attachments.add(doc)) ? doc : deps.store.attachments.get(doc.id);
}

async function tellReady(
  { converse }: PhotoActsDeps,
  chat: string,
  effect: string,
  doc: Attachment,
): Promise<void> {
  await converse.tell(chat, { id: effect, type: 'photo-ready', ...readyOf(doc) });
}

/** An attachment as the engine is told of it. */
function readyOf({ id, type, pages = 1, flags = [] }: Attachment) {
  const sort: Photo['sort'] = type === 'application/pdf' ? 'pdf' : 'photo';
  return { photo: id, sort, pages, flags };
}

function refuse(
  { converse }: PhotoActsDeps,
  doc: Conversation,
  act: TakePhoto,
  problem: PhotoProblem,
): ReturnType<Converse['tell']> {
  const { id, photo } = act;
  if (isOfTalk(doc, act)) return converse.tell(doc.id, { id, type: 'photo-lost', photo });
  return converse.tell(doc.id, { id, type: 'photo-refused', photo, problem });
}

/** A photo whose bytes could not be had for too long: the talk goes on without it, unless another process had them. */
export async function losePhoto(deps: PhotoActsDeps, doc: Conversation, act: TakePhoto): Promise<void> {
  const isKept = async () => (await deps.store.attachments.get(act.photo)) !== null;
  if (await isKept()) return takePhoto(deps, doc, act);
  if ((await refuse(deps, doc, act, 'lost')) === 'seen' && (await isKept())) return;
  await dropPhoto(deps, doc, { ...act, type: 'drop-photo' });
  await deps.incoming.forget(act.photo);
}

/** What a dossier already has is its history and stays; only what still belongs to the session goes. */
export async function dropPhoto(deps: PhotoActsDeps, _doc: Conversation, act: DropPhoto): Promise<void> {
  if (act.source !== null) await deps.sent.forget(act.source);
  const kept = await deps.store.attachments.get(act.photo);
  if (kept !== null && kept.owner === act.owner) await eraseAttachment(deps, kept);
}

/** A spoken note. */
export const isVoice = ({ type }: Pick<Attachment, 'type'>): boolean => type.startsWith('audio/');

type Erasing = Pick<PhotoActsDeps, 'store' | 'files'>;

export async function eraseAttachment({ store, files }: Erasing, { id, fileKey }: Attachment): Promise<void> {
  await files.remove(fileKey);
  await store.attachments.remove(id);
}

/** Everything that belongs to a session or dossier. */
export async function eraseAttachments(deps: Erasing, owner: string): Promise<void> {
  for (const attachment of await deps.store.attachments.ofOwner(owner))
    await eraseAttachment(deps, attachment);
}

/** The photos that were sent belong to the dossier from now on, with what was spoken on the way; what else the session held (steps that do not apply any more) goes. */
export async function adoptPhotos(
  deps: Erasing,
  session: string,
  dossierId: string,
  sent: readonly string[],
): Promise<void> {
  for (const photo of await deps.store.attachments.ofOwner(session)) {
    if (sent.includes(photo.id) || isVoice(photo))
      await deps.store.attachments.put({ ...photo, owner: dossierId });
    else await eraseAttachment(deps, photo);
  }
}

/** A session that was put aside while photos were being looked at learns what became of them. */
export async function withSettledPhotos({ store }: Erasing, session: Session): Promise<Session> {
  const settled = Object.entries(session.answers).map(async ([path, answer]): Promise<[string, Answer]> => [
    path,
    { ...answer, value: await settledValue(store, answer.value) },
  ]);
  return { ...session, answers: Object.fromEntries(await Promise.all(settled)) };
}

async function settledValue(store: Store, value: AnswerValue): Promise<AnswerValue> {
  if (!isPhotoValue(value)) return value;
  const looked = await Promise.all(value.photos.map((photo) => settledPhoto(store, photo)));
  const photos = looked.filter((photo) => photo !== null);
  return { ...value, photos, done: value.done && photos.length === value.photos.length };
}

async function settledPhoto(store: Store, photo: Photo): Promise<Photo | null> {
  if (photo.state !== 'fetching') return photo;
  const kept = await store.attachments.get(photo.id);
  if (kept === null) return null;
  const { sort, pages, flags } = readyOf(kept);
  return { ...photo, sort, pages, flags, state: flags.length === 0 ? 'ok' : 'flagged' };
}
