/** What a conversation's commit asks elsewhere, carried out: every act may be repeated, its id is applied once. */
import { AppError } from '../errors';
import type { Flow } from '../flow/types';
import type { Act, Conversation, Dossier, DossierNews, NewDossier } from '../ports/documents';
import type { Queue } from '../ports/queue';
import type { Store } from '../ports/store';
import type { Universe } from '../ports/universe';
import { newCode } from '../understand/dossier-code';
import type { ChangeDossier } from './change-dossier';
import type { Converse } from './converse';
import { sessionOf } from './new-dossier';
import type { Speech } from './speech';
import type { Move } from './dossier-moves';
import { newsOf } from './dossier-tell';
import { voiceOf } from './voice';
import { applyRound, askWithdraw, createDossier } from './track-citizen';

export type ConversationActs = (doc: Conversation, act: Act) => Promise<void>;

export interface ConversationActsDeps {
  readonly store: Store;
  readonly queue: Queue;
  readonly universe: Universe;
  readonly converse: Converse;
  readonly changeDossier: ChangeDossier;
  readonly speech: Speech;
  readonly flows: ReadonlyMap<string, Flow>;
}

const GRACE_MS = 5_000;
type ActOf<T extends Act['type']> = Extract<Act, { type: T }>;

export function openConversationActs(deps: ConversationActsDeps): ConversationActs {
  const { store, universe, converse } = deps;
  const newId = () => universe.randomBytes(16).toString('base64url');

  return async (doc, act) => {
    switch (act.type) {
      case 'create-dossier':
        return create(doc, act);
      case 'revise-dossier':
        return revise(doc, act);
      case 'withdraw':
        return withdraw(doc, act);
      case 'record-consent':
        return store.consents.append({ ...act.consent, id: act.id });
      case 'look-up':
        return lookUp(doc, act);
      case 'reopen':
        return reopen(doc, act);
      case 'park':
        return store.drafts.put({ ...act.draft, id: act.id });
      case 'unpark':
        return unpark(doc, act);
      case 'erase':
        return eraseAll(doc);
    }
  };

  /** The dossier of a session is created once, whoever tries again; its own outbox then says its code. */
  async function create(doc: Conversation, act: ActOf<'create-dossier'>): Promise<void> {
    const existing = await store.dossiers.bySession(act.dossier.sessionKey);
    if (existing !== null) return;
    for (let tries = 0; tries < 10; tries++) {
      const dossier = draw(doc, act.dossier, act.id);
      const result = await store.dossiers.create(dossier, universe.now() + GRACE_MS);
      if (result === 'created') deps.queue.ring({ document: 'dossier', id: dossier.id, revision: 1 });
      if (result !== 'code-taken') return;
    }
    throw new AppError('internal', 'ten dossier codes in a row were taken');
  }

  function draw(doc: Conversation, dossier: NewDossier, effectId: string): Dossier {
    const ids = { id: newId(), code: newCode((count) => universe.randomBytes(count)), conversation: doc.id };
    return createDossier(dossier, ids, moveOf(doc, effectId, 0));
  }

  function moveOf(doc: Conversation, effect: string, revision: number): Move {
    return { at: universe.now(), revision, voice: voiceOf(deps.speech, doc), effect };
  }

  async function revise(doc: Conversation, act: ActOf<'revise-dossier'>): Promise<void> {
    const own = await owned(doc, act.dossierId);
    try {
      if (own === null) throw new AppError('not-found', 'no such dossier in this conversation');
      await deps.changeDossier(own.id, act.id, (dossier, revision) =>
        applyRound(dossier, act.round, moveOf(doc, act.id, revision)),
      );
    } catch (error) {
      if (!(error instanceof AppError) || !['move-not-allowed', 'not-found'].includes(error.code))
        throw error;
      await converse.tell(doc.id, { id: act.id, type: 'round-refused', code: own?.code ?? '' });
    }
  }

  async function withdraw(doc: Conversation, act: ActOf<'withdraw'>): Promise<void> {
    const own = await owned(doc, act.dossierId);
    if (own === null) return;
    try {
      await deps.changeDossier(own.id, act.id, (dossier, revision) =>
        askWithdraw(dossier, act.reason, moveOf(doc, act.id, revision)),
      );
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'move-not-allowed') throw error;
      await converse.tell(doc.id, { id: act.id, type: 'round-refused', code: own.code });
    }
  }

  async function lookUp(doc: Conversation, act: ActOf<'look-up'>): Promise<void> {
    const found = await store.dossiers.byCodeAndLastFour(act.code, act.lastFour);
    if (found !== null) {
      await store.audit.append({
        at: universe.now(),
        who: 'citizen',
        agency: null,
        what: 'look-up',
        subject: found.doc.id,
      });
    }
    await converse.tell(doc.id, {
      id: act.id,
      type: 'looked-up',
      news: found === null ? null : publicNews(found.doc),
    });
  }

  async function reopen(doc: Conversation, act: ActOf<'reopen'>): Promise<void> {
    const own = await owned(doc, act.dossierId);
    const flow = own === null ? undefined : deps.flows.get(own.procedure.id);
    const wanted = act.purpose === 'correct' ? 1 : 5;
    const session =
      own !== null && flow !== undefined && own.status === wanted
        ? sessionOf(flow, own, act.purpose, act.id)
        : null;
    await converse.tell(doc.id, { id: act.id, type: 'reopened', session, code: own?.code ?? '' });
  }

  async function unpark(doc: Conversation, act: ActOf<'unpark'>): Promise<void> {
    const draft = await store.drafts.get(act.draftId);
    const session = draft?.holder === doc.id ? draft.session : null;
    await converse.tell(doc.id, { id: act.id, type: 'unparked', session });
    await store.drafts.remove(act.draftId);
  }

  async function eraseAll(doc: Conversation): Promise<void> {
    const drafts = await store.drafts.ofHolder(doc.id);
    await Promise.all(drafts.map((draft) => store.drafts.remove(draft.id)));
    await store.transcripts.removeOf(doc.id);
  }

  async function owned(doc: Conversation, dossierId: string): Promise<Dossier | null> {
    const found = await store.dossiers.byId(dossierId);
    return found !== null && found.doc.conversation === doc.id ? found.doc : null;
  }
}

/** What a look-up with the second factor tells: the part that matters most, without the last words of another chat. */
function publicNews(dossier: Dossier): DossierNews | null {
  const part = dossier.parts.find((one) => one.status === dossier.status) ?? dossier.parts[0];
  return part === undefined ? null : newsOf(dossier, part, '', dossier.createdAt);
}
