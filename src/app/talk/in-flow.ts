/** The conversation while a flow is being filled in: passes events to the engine, turns its effects into words and acts. */
import { advance, startSession } from '../../flow/engine';
import { readCorrection } from '../../flow/reading/correction-words';
import type {
  Answer,
  AnswerValue,
  Command,
  Context,
  Flow,
  FlowEffect,
  FlowEvent,
  Session,
  ViewLine,
} from '../../flow/types';
import type { Conversation } from '../../ports/documents';
import { statusPhrase } from './status-words';
import { flowContext } from './flow-context';
import { consentSteps, recordConsent } from './consent-proof';
import { deadlineOf } from './deadline';
import { onFirstReview } from './first-review';
import { newDossier, newRound, peopleOf } from './new-dossier';
import { askPerson } from './person';
import {
  arrived,
  dropThem,
  isReviewUnsaid,
  NONE_ARRIVED,
  performPhoto,
  type Arrived,
  type PhotosEvent,
} from './photos';
import { t, type HouseEvent, type Offer, type Talk } from './talk';

/** Is a flow being filled in (and not just being sent)? */
export function inFlow(state: Conversation): boolean {
  return state.session !== null && state.session.phase !== 'sent';
}

/** Amid a flow no more than these are told of. */
const ASIDE_DOSSIERS = 3;

const FLOW_COMMANDS: Readonly<Record<string, Command>> = {
  start: 'start',
  resume: 'resume',
  back: 'back',
  edit: 'edit',
  review: 'review',
  explain: 'explain',
  send: 'send',
  undo: 'undo',
  'send-anyway': 'send-anyway',
  person: 'person',
};

/** The flow of a session; undefined when it was taken out of service since. */
const flowOf = (talk: Talk, session: Session): Flow | undefined => talk.world.flows.get(session.flow);

/** Begins a flow; the commune of last time is proposed as an answer that can be changed. `key`: of a session that begins anew. */
export function beginFlow(talk: Talk, flow: Flow, key = talk.world.newKey()): void {
  const known: Record<string, Answer> = {};
  if (talk.state.commune !== null) {
    const at = new Date(talk.world.at).toISOString();
    const asks = flow.entries.find((entry) => entry.path === flow.agencyFrom);
    const rev = asks !== undefined && 'rev' in asks ? asks.rev : 1;
    known[flow.agencyFrom] = { value: talk.state.commune, source: 'profile', rev, at, by: 'citizen' };
  }
  const session = startSession({ flow, key, purpose: 'file', answers: known });
  talk.state = { ...talk.state, session, lobby: null };
  passToFlow(talk, { type: 'command', command: 'start' });
}

/** First words of a session made from a dossier: what is missing, or the review. */
export function beginReopened(talk: Talk): void {
  passToFlow(talk, { type: 'command', command: 'start' });
}

export function resumeFlow(talk: Talk): void {
  passToFlow(talk, { type: 'command', command: 'resume' });
}

/** A citizen's words in a flow: first the few intents that cannot be an answer, then the engine. */
export function sayInFlow(talk: Talk, text: string): void {
  const { understanding } = talk.world;
  if (understanding.isGreeting(text)) {
    talk.say(t('bot.helloAgain'));
    return resumeFlow(talk);
  }
  // "Sửa số điện thoại thành …" is about an answer, whatever else its words may ask for.
  const intent = readCorrection(text) === null ? understanding.intentOf(text, true) : null;
  if (intent === 'gap-can-bo') return askPerson(talk);
  const { lobby } = talk.state;
  const again = lobby?.type === 'aside' && lobby.intent === intent;
  talk.state = { ...talk.state, lobby: null };
  if (intent === null || again) return passToFlow(talk, { type: 'text', text });
  answerAside(talk, intent);
  talk.state = { ...talk.state, lobby: { type: 'aside', intent } };
  resumeFlow(talk);
}

/** What is asked amid a flow is answered in a few words; the flow stands where it was. */
function answerAside(talk: Talk, intent: string): void {
  const news = talk.state.dossiers;
  if (intent === 'tra-cuu-ho-so' && news.length > 0)
    return talk.say(news.slice(0, ASIDE_DOSSIERS).map((one) => statusPhrase(one)));
  if (intent === 'le-phi-thanh-toan') sayFeeHere(talk);
  const key = talk.state.session?.purpose === 'file' ? intent : `sent.${intent}`;
  const keys = [`bot.aside.${key}`, `bot.aside.${intent}`];
  const stop: Offer = { label: t('bot.button.stop'), press: { type: 'lobby', command: 'park', arg: '' } };
  talk.say({ key: keys }, intent === 'rut-ho-so' ? [stop] : []);
}

/** What this very procedure costs, as far as the answers tell. */
function sayFeeHere(talk: Talk): void {
  const { session } = talk.state;
  const flow = session === null ? undefined : flowOf(talk, session);
  if (flow === undefined) return;
  const agency = agencyNow(talk, flow, flowContext(talk, flow));
  talk.say(talk.world.briefing(flow.id, agency).fee(null));
}

type Pressed =
  | { readonly type: 'choice'; readonly step: string; readonly choice: string }
  | { readonly type: 'command'; readonly command: string; readonly arg: string };

/** The own phone number, handed over by a press. */
export function sharePhone(talk: Talk, phone: string): void {
  talk.state = { ...talk.state, lobby: null };
  passToFlow(talk, { type: 'text', text: phone, source: 'profile' });
}

/** A button or command word; false when the engine has no such command, so that the word is read as an answer. */
export function pressInFlow(talk: Talk, press: Pressed): boolean {
  if (press.type === 'choice') {
    passToFlow(talk, press);
    return true;
  }
  if (!Object.hasOwn(FLOW_COMMANDS, press.command)) return false;
  const command = FLOW_COMMANDS[press.command] as Command;
  passToFlow(talk, { type: 'command', command, ...(press.arg === '' ? {} : { step: press.arg }) });
  return true;
}

/** Photos for the flow that is being filled in. */
export function showToFlow(talk: Talk, sent: PhotosEvent): void {
  const { photos, event } = arrived(talk, sent);
  if (talk.state.session?.phase !== 'sending') return passToFlow(talk, event, photos);
  dropThem(talk, sent.files);
  talk.say(t('bot.photos.sending'));
}

/** What became of a photo; a session put aside meanwhile learns it when it is taken up again. */
export function photoSettled(talk: Talk, event: PhotoSettled): void {
  const { session } = talk.state;
  if (session === null || session.phase === 'sending' || session.phase === 'sent') return;
  passToFlow(talk, event);
}
type PhotoSettled = Extract<HouseEvent, { type: 'photo-ready' | 'photo-refused' }>;

function passToFlow(talk: Talk, event: FlowEvent, photos: Arrived = NONE_ARRIVED): void {
  const before = talk.state.session;
  if (before === null) return;
  if (before.phase === 'sending') return talk.say(t('bot.sending'));
  const flow = flowOf(talk, before);
  if (flow === undefined) {
    // Kept: the flow may come back, and DỪNG puts it aside.
    return talk.say(t('bot.flowGone'));
  }
  const context = flowContext(talk, flow);
  const { session, effects } = advance(flow, before, event, context);
  if (movesAway(flow, before, session)) return stayWithAgency(talk);
  talk.state = { ...talk.state, session };
  rememberCommune(talk, flow, session, context);
  if (effects.some((one) => one.type === 'consent' && !one.agreed))
    return refused(talk, flow, context, effects);
  const question = effects.findLast(({ type }) => type === 'say');
  for (const effect of effects) {
    if (effect === question) onFirstReview(talk, flow, session, context, isReviewUnsaid(before, event));
    if (effect.type === 'take-photo' || effect.type === 'drop-photo')
      performPhoto(talk, session, photos, effect);
    else perform(talk, flow, context, effect);
  }
}

/** What was sent lies with one agency: a correction or supplement cannot take it to another commune. */
function movesAway(flow: Flow, before: Session, after: Session): boolean {
  const codeIn = (session: Session) => codeOf(session.answers[flow.agencyFrom]?.value ?? null);
  return before.purpose !== 'file' && codeIn(before) !== codeIn(after);
}

function stayWithAgency(talk: Talk): void {
  const { session } = talk.state;
  if (session !== null) talk.state = { ...talk.state, session: { ...session, focus: null, pending: null } };
  talk.say(t('bot.correct.sameAgency'));
  resumeFlow(talk);
}

/** No consent: nothing of the filing is kept, and what is said offers no way back into it. */
function refused(talk: Talk, flow: Flow, context: Context, effects: readonly FlowEffect[]): void {
  const params = paramsNow(talk, flow, context);
  for (const effect of effects) {
    if (effect.type === 'consent') recordConsent(talk, flow, context, effect, params);
    if (effect.type === 'say') talk.sayMessage({ ...effect.message, buttons: [] }, params);
  }
  if (talk.state.session !== null) talk.act({ type: 'forget-session', sessionKey: talk.state.session.key });
  talk.state = { ...talk.state, session: null };
  talk.say(t('bot.menuAfter'), [
    { label: t('bot.button.menu'), press: { type: 'lobby', command: 'menu', arg: '' } },
    { label: t('bot.button.person'), press: { type: 'lobby', command: 'person', arg: '' } },
  ]);
}

/** The last chosen commune and its agency: for the next filing, and for who answers when a person is asked for. */
function rememberCommune(talk: Talk, flow: Flow, session: Session, context: Context): void {
  const commune = session.answers[flow.agencyFrom]?.value ?? null;
  if (commune === talk.state.commune || commune === null) return;
  const found = context.agencyOf(codeOf(commune) ?? '')?.id;
  // Another's commune, named to a bot of one agency's own: the flow says that it is not taken here.
  if (found === undefined && talk.state.ownAgency !== undefined) return;
  const agency = found ?? talk.state.agency;
  // A wait for a person begins anew at another agency: what was meant for the first is not for the second.
  const moved = agency !== talk.state.agency && talk.state.helpAt !== null;
  talk.state = { ...talk.state, commune, agency, helpAt: moved ? talk.world.at : talk.state.helpAt };
}

/** Code of a commune's answer. */
function codeOf(commune: AnswerValue): string | null {
  const code = typeof commune === 'object' && commune !== null && 'code' in commune ? commune.code : null;
  return typeof code === 'string' ? code : null;
}

type Spoken = Exclude<FlowEffect, { type: 'take-photo' | 'drop-photo' }>;

function perform(talk: Talk, flow: Flow, context: Context, effect: Spoken): void {
  switch (effect.type) {
    case 'say':
      return talk.sayMessage(effect.message, paramsNow(talk, flow, context), consentSteps(flow));
    case 'send':
      return send(talk, flow, context, effect.lines);
    case 'consent':
      return recordConsent(talk, flow, context, effect, paramsNow(talk, flow, context));
    case 'person':
      // After the third miss the engine itself offers a person: nobody is called without the citizen's yes.
      return effect.reason === 'asked' ? askPerson(talk) : undefined;
  }
}

function paramsNow(talk: Talk, flow: Flow, context: Context) {
  return context.paramsOf(agencyNow(talk, flow, context));
}

function agencyNow(talk: Talk, flow: Flow, context: Context) {
  const code = codeOf(talk.state.session?.answers[flow.agencyFrom]?.value ?? null);
  return code === null ? null : context.agencyOf(code);
}

function send(talk: Talk, flow: Flow, context: Context, lines: readonly ViewLine[]): void {
  const session = talk.state.session;
  const agency = agencyNow(talk, flow, context);
  if (session === null || agency === null) return;
  if (session.purpose === 'file') {
    talk.act({ type: 'create-dossier', dossier: newDossier(talk, flow, session, agency, lines) });
  } else {
    const sent = talk.state.dossiers.find((news) => news.code === session.dossier);
    if (sent !== undefined) {
      const round = newRound(talk, flow, session, lines);
      talk.act({ type: 'revise-dossier', dossierId: sent.id, sessionKey: session.key, round });
    }
  }
  const { facts } = talk.world.briefing(flow.id, agency);
  talk.say([t('bot.sending'), ...deadlineOf(facts, peopleOf(flow, lines).subject, context.today)]);
}

/** A pressed consent that is still the one asked for. */
export function consent(talk: Talk, choice: string): void {
  const flow = talk.state.session === null ? undefined : flowOf(talk, talk.state.session);
  const [step] = flow === undefined ? [] : consentSteps(flow);
  if (step === undefined) return talk.say(t('bot.buttonGone'));
  passToFlow(talk, { type: 'choice', step, choice });
}
