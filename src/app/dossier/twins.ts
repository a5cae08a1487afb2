/** The same procedure for the same person, sent a short time before: both parents file, or one sends again because nothing was heard. */
import { civilDate } from '../../catalogue/due-dates';
import type { Act, Conversation, Dossier, Person, Status, TwinQuestion } from '../../ports/documents';
import type { Store } from '../../ports/store';
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
  wanted: { readonly procedure: string; readonly subject: Person; readonly at: number },
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
 * Tells the conversation of an earlier dossier, if there is one it may know of: its own, or one that holds a number of the people
 * in these answers. Who guesses at another's name learns nothing.
 */
export async function lookForTwin(
  { store, converse }: TwinDeps,
  doc: Conversation,
  act: Extract<Act, { type: 'look-for-twin' }>,
): Promise<void> {
  const { procedure, subject } = act.who;
  const [twin] = (await twinsOf(store, { procedure, subject, at: act.at }, null)).filter((earlier) =>
    mayKnow(earlier, doc, act.who),
  );
  if (twin === undefined) return;
  const code = twin.conversation === doc.id ? twin.code : null;
  const found = { code, sentOn: civilDate(twin.createdAt) };
  await converse.tell(doc.id, { id: act.id, type: 'twin-found', sessionKey: act.sessionKey, twin: found });
}

function mayKnow(earlier: Dossier, doc: Conversation, { numbers }: TwinQuestion): boolean {
  if (earlier.conversation === doc.id) return true;
  const held = new Set(earlier.answers.map(({ value }) => value));
  return numbers.some((number) => held.has(number));
}
