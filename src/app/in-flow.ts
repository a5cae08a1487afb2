/** The conversation while a flow is being filled in: passes events to the engine, turns its effects into words and acts. */
import { createHash } from 'node:crypto';
import { advance, startSession } from '../flow/engine';
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
} from '../flow/types';
import type { Conversation } from '../ports/documents';
import { newDossier, newRound } from './new-dossier';
import { askPerson } from './person';
import type { Params } from './speech';
import { t, type Talk } from './talk';

/** Is a flow being filled in (and not just being sent)? */
export function inFlow(state: Conversation): boolean {
  return state.session !== null && state.session.phase !== 'sent';
}

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

export function flowContext(talk: Talk, flow: Flow): Context {
  const { world } = talk;
  return {
    at: new Date(world.at).toISOString(),
    today: world.today,
    findCommunes: world.findCommunes,
    served: world.served,
    agencyOf: (commune) => world.agencyOf(commune, flow.id),
    factsOf: (agency) => world.briefing(flow.id, agency).facts,
    paramsOf: (agency) => ({ ...world.briefing(flow.id, agency).params, ...talk.words() }),
  };
}

/** Begins a flow; the commune of last time is proposed as an answer that can be changed. */
export function beginFlow(talk: Talk, flow: Flow): void {
  const known: Record<string, Answer> = {};
  if (talk.state.commune !== null) {
    const at = new Date(talk.world.at).toISOString();
    const asks = flow.entries.find((entry) => entry.path === flow.agencyFrom);
    const rev = asks !== undefined && 'rev' in asks ? asks.rev : 1;
    known[flow.agencyFrom] = { value: talk.state.commune, source: 'profile', rev, at, by: 'citizen' };
  }
  const session = startSession({ flow, key: talk.world.newKey(), purpose: 'file', answers: known });
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
  const intent = understanding.intentOf(text, true);
  if (intent === 'gap-can-bo') return askPerson(talk);
  if (intent !== null && talk.world.speech.has(`bot.aside.${intent}`, 'vi')) {
    talk.say(t(`bot.aside.${intent}`));
    return resumeFlow(talk);
  }
  passToFlow(talk, { type: 'text', text });
}

type Pressed =
  | { readonly type: 'choice'; readonly step: string; readonly choice: string }
  | { readonly type: 'command'; readonly command: string; readonly arg: string };

/** A button or command word; false when the engine has no such command, so that the word is read as an answer. */
export function pressInFlow(talk: Talk, press: Pressed): boolean {
  if (press.type === 'choice') {
    passToFlow(talk, press);
    return true;
  }
  const command = FLOW_COMMANDS[press.command];
  if (command === undefined) return false;
  passToFlow(talk, { type: 'command', command, ...(press.arg === '' ? {} : { step: press.arg }) });
  return true;
}

function passToFlow(talk: Talk, event: FlowEvent): void {
  const before = talk.state.session;
  if (before === null) return;
  if (before.phase === 'sending') return talk.say(t('bot.sending'));
  const flow = flowOf(talk, before);
  if (flow === undefined) {
    talk.state = { ...talk.state, session: null };
    return talk.say(t('bot.flowGone'));
  }
  const context = flowContext(talk, flow);
  const { session, effects } = advance(flow, before, event, context);
  talk.state = { ...talk.state, session };
  rememberCommune(talk, flow, session, context);
  for (const effect of effects) perform(talk, flow, context, effect);
}

/** The last chosen commune and its agency: for the next filing, and for who answers when a person is asked for. */
function rememberCommune(talk: Talk, flow: Flow, session: Session, context: Context): void {
  const commune = session.answers[flow.agencyFrom]?.value ?? null;
  if (commune === talk.state.commune || commune === null) return;
  const agency = context.agencyOf(codeOf(commune) ?? '')?.id ?? talk.state.agency;
  talk.state = { ...talk.state, commune, agency };
}

/** Code of a commune's answer. */
function codeOf(commune: AnswerValue): string | null {
  const code = typeof commune === 'object' && commune !== null && 'code' in commune ? commune.code : null;
  return typeof code === 'string' ? code : null;
}

function perform(talk: Talk, flow: Flow, context: Context, effect: FlowEffect): void {
  switch (effect.type) {
    case 'say':
      return talk.sayMessage(effect.message, paramsNow(talk, flow, context));
    case 'send':
      return send(talk, flow, context, effect.lines);
    case 'consent':
      return recordConsent(talk, flow, effect, paramsNow(talk, flow, context));
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
      talk.act({ type: 'revise-dossier', dossierId: sent.id, round: newRound(talk, flow, session, lines) });
    }
  }
  talk.say(t('bot.sending'));
}

type Consented = Extract<FlowEffect, { type: 'consent' }>;

/** Proof of what was agreed to: the hash of the very words that were shown. */
function recordConsent(talk: Talk, flow: Flow, effect: Consented, params: Params): void {
  const step = flow.entries.find((entry) => entry.path === effect.step);
  const keys = step !== undefined && 'keys' in step ? step.keys.map((prefix) => `${prefix}.ask`) : [];
  const words = talk.text({ key: keys }, params);
  talk.act({
    type: 'record-consent',
    consent: {
      conversation: talk.state.id,
      purpose: 'file',
      agency: effect.agency,
      procedure: flow.id,
      textKey: keys.at(-1) ?? effect.step,
      textHash: createHash('sha256').update(words).digest('hex'),
      agreed: effect.agreed,
      at: talk.world.at,
      withdrawnAt: null,
    },
  });
  // Nothing of an unconsented filing is kept.
  if (!effect.agreed) talk.state = { ...talk.state, session: null };
}
