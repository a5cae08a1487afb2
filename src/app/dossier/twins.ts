/** The same procedure for the same person, sent a short time before: both parents file, or one sends again because nothing was heard. */
import { civilDate } from '../../catalogue/due-dates';
import { fold } from '../../flow/text';
import type { Act, Conversation, Dossier, Status, TwinQuestion } from '../../ports/documents';
import type { Store, SubjectKeys } from '../../ports/store';
import type { Universe } from '../../ports/universe';
import type { Converse } from '../converse';

const DAY_MS = 86_400_000;
export const TWIN_DAYS = 90;
/** Nobody files more than these for one person in that time. */
const MOST = 10;
/** Refused, withdrawn or stopped: sending anew is what one does. */
const OVER: ReadonlySet<Status> = new Set([3, 7, 8]);

/** Other dossiers of the procedure about the same person, less than 90 days apart from `at` (ms epoch), newest first. */
export async function twinsOf(
  { dossiers }: Pick<Store, 'dossiers'>,
  wanted: { readonly procedure: string; readonly subject: SubjectKeys; readonly at: number },
  exceptId: string | null,
): Promise<readonly Dossier[]> {
  const found = await dossiers.ofSubject(wanted.procedure, wanted.subject, MOST);
  const near = ({ createdAt }: Dossier) => Math.abs(createdAt - wanted.at) < TWIN_DAYS * DAY_MS;
  return found
    .map(({ doc }) => doc)
    .filter((doc) => doc.id !== exceptId && near(doc) && !OVER.has(doc.status));
}

interface TwinDeps {
  readonly store: Store;
  readonly universe: Universe;
  readonly converse: Converse;
}

/**
 * Tells the conversation of an earlier dossier, if there is one it may know of: its own, or one that names people near the subject
 * as these answers do. Knowing somebody's own number or phone opens nothing: who asks about a stranger learns nothing.
 */
export async function lookForTwin(
  { store, converse }: TwinDeps,
  doc: Conversation,
  act: Extract<Act, { type: 'look-for-twin' }>,
): Promise<void> {
  const { procedure, subject, kin } = act.who;
  const twins = await twinsOf(store, { procedure, subject: { ...subject, kin }, at: act.at }, null);
  const twin = twins.find((earlier) => mayKnow(earlier, doc, act.who));
  if (twin === undefined) return;
  const found = {
    code: twin.conversation === doc.id ? twin.code : null,
    sentOn: civilDate(twin.createdAt),
    sameName: fold(twin.people.subject.name) === fold(subject.name),
  };
  await converse.tell(doc.id, { id: act.id, type: 'twin-found', sessionKey: act.sessionKey, twin: found });
}

/** Names are known to neighbours: two of them beside the subject's (a child's mother and father) are not. */
const NAMES_NEAR = 2;

function mayKnow(earlier: Dossier, doc: Conversation, { kin, names }: TwinQuestion): boolean {
  if (earlier.conversation === doc.id) return true;
  const values = earlier.answers.map(({ value }) => value);
  const words = new Set(values.filter((value) => typeof value === 'string').map(fold));
  const near = new Set(names.map(fold));
  near.delete(fold(earlier.people.subject.name));
  return (
    kin.some((number) => values.includes(number)) ||
    [...near].filter((name) => words.has(name)).length >= NAMES_NEAR
  );
}

/** What a dossier is looked for by. */
export function subjectOf({ people: { subject }, answers }: Dossier): SubjectKeys {
  const numbers = answers.map(({ value }) => value).filter((value) => typeof value === 'string');
  return {
    ...subject,
    kin: numbers.filter((value) => /^\d{12}$/.test(value) && value !== subject.nationalId),
  };
}
