/** Stopping and going on: a parked session waits as a draft until it is taken up again or its days are over. */
import { beginFlow, resumeFlow } from './in-flow';
import type { Session } from '../../flow/types';
import { t, type Talk } from './talk';

const DAY_MS = 86_400_000;

/** Puts the present session aside. */
export function park(talk: Talk): void {
  const { session } = talk.state;
  if (session === null) return talk.say(t('bot.nothingToStop'));
  setAside(talk, session);
  talk.say(t('bot.parked', { days: talk.world.draftDays }), [
    { label: t('bot.button.resume'), press: { type: 'lobby', command: 'resume', arg: '' } },
  ]);
}

export function setAside(talk: Talk, session: Session): void {
  const { world } = talk;
  const holder = talk.state.id;
  const dueAt = world.at + world.draftDays * DAY_MS;
  const id = talk.act({ type: 'park', draft: { holder, session, dueAt } });
  const drafts = [...talk.state.drafts, { id, flow: session.flow, at: world.at }].slice(-10);
  // Much may be sent until it is taken up again: its review is a first one then.
  talk.state = { ...talk.state, session: null, lobby: null, drafts, reviewedOnce: null };
}

/** Takes up the newest draft, or the one named; offers the choice when there are several. */
export function resumeDraft(talk: Talk, id: string): void {
  const alive = talk.state.drafts.filter((draft) => draft.at + talk.world.draftDays * DAY_MS > talk.world.at);
  const wanted = alive.filter((draft) => id === '' || String(draft.at) === id);
  const [only] = wanted;
  if (only === undefined) return talk.say(t('bot.nothingToResume'));
  if (wanted.length > 1) return offerDrafts(talk, wanted);
  talk.state = { ...talk.state, drafts: talk.state.drafts.filter((draft) => draft.id !== only.id) };
  if (talk.state.session !== null) setAside(talk, talk.state.session);
  talk.act({ type: 'unpark', draftId: only.id });
}

function offerDrafts(talk: Talk, drafts: Talk['state']['drafts']): void {
  talk.state = { ...talk.state, lobby: { type: 'pick' } };
  talk.say(
    t('bot.resumeWhich'),
    drafts.map((draft) => ({
      label: { text: talk.world.procedures.bySlug(draft.flow)?.shortName ?? draft.flow },
      press: { type: 'lobby', command: 'resume', arg: String(draft.at) },
    })),
  );
}

export function unparked(talk: Talk, session: Session | null): void {
  if (session === null) return talk.say(t('bot.draftGone'));
  if (talk.state.session !== null) setAside(talk, talk.state.session);
  const flow = talk.world.flows.get(session.flow);
  if (flow === undefined) return talk.say(t('bot.flowGone'));
  talk.state = { ...talk.state, session, lobby: null };
  if (Object.keys(session.answers).length === 0) return beginFlow(talk, flow, session.key);
  resumeFlow(talk);
}
