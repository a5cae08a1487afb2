/** What a citizen does with dossiers already sent: where is it, correct it, add to it, withdraw it. */
import { beginReopened, resumeFlow } from './in-flow';
import { newsParams, statusPhrase } from './status-words';
import { setAside } from './drafts';
import { filesFor } from './files-out';
import type { Session } from '../../flow/types';
import type { DossierNews } from '../../ports/documents';
import { t, type HouseEvent, type Offer, type Talk } from './talk';

/** Kept in the conversation; older ones are found by their code. */
const NEWS_KEPT = 30;
const WRONG_CODES = { count: 5, windowMs: 15 * 60_000 };
/** Still moving: neither refused, withdrawn, stopped nor handed over. */
const OPEN = new Set([1, 2, 4, 5, 6, 9]);
type Picked = 'status' | 'withdraw' | 'correct' | 'supplement';

const newsOf = (talk: Talk, code: string): DossierNews | undefined =>
  talk.state.dossiers.find((news) => news.code === code);

/** Where a dossier is: by its code, or the one there is, or which of several. */
export function askStatus(talk: Talk, code: string): void {
  if (code !== '')
    return newsOf(talk, code) === undefined ? askLastFour(talk, code) : openDossier(talk, code);
  pickDossier(talk, 'status', '');
}

export function pickDossier(talk: Talk, act: Picked, code: string): void {
  if (code !== '') return actOn(talk, act, code);
  const candidates = talk.state.dossiers.filter((news) => act === 'status' || fits(act, news));
  const [only] = candidates;
  if (only === undefined) return noneFor(talk, act);
  if (candidates.length === 1) return actOn(talk, act, only.code);
  talk.state = { ...talk.state, lobby: { type: 'pick' } };
  talk.say(
    t('bot.pickDossier'),
    candidates.map((news) => ({
      label: { text: `${shortNameOf(talk, news)} – ${news.code}` },
      press: { type: 'lobby', command: act, arg: news.code },
    })),
  );
}

/** A button has room for a few words. */
const shortNameOf = ({ world }: Talk, { procedure, procedureName }: DossierNews): string =>
  world.procedures.bySlug(procedure)?.shortName ?? procedureName;

function fits(act: Picked, news: DossierNews): boolean {
  if (act === 'correct') return news.status === 1;
  if (act === 'supplement') return news.status === 5;
  return OPEN.has(news.status);
}

function noneFor(talk: Talk, act: Picked): void {
  if (act !== 'status') return talk.say(t(`bot.none.${act}`));
  talk.state = { ...talk.state, lobby: { type: 'code' } };
  talk.say(t('bot.status.askCode'));
}

function actOn(talk: Talk, act: Picked, code: string): void {
  const news = newsOf(talk, code);
  if (news === undefined) return askLastFour(talk, code);
  if (act === 'status') return openDossier(talk, code);
  if (!fits(act, news)) return talk.say(t(`bot.none.${act}`));
  if (act === 'withdraw') {
    talk.state = { ...talk.state, lobby: { type: 'withdraw-why', code } };
    return talk.say(t('bot.withdraw.why', newsParams(news)));
  }
  talk.state = { ...talk.state, lobby: null };
  talk.act({ type: 'reopen', dossierId: news.id, purpose: act });
}

/** Says where one of the citizen's own dossiers is, and what can be done with it now. */
export function openDossier(talk: Talk, code: string): void {
  const news = newsOf(talk, code);
  if (news === undefined) return askLastFour(talk, code);
  talk.state = { ...talk.state, lobby: null };
  talk.say([statusPhrase(news), ...lastWordOf(news)], [...offersFor(news), ...filesFor(talk, news)], {
    links: [statusLink(talk, code)],
  });
}

/** Refused, to supplement, to pay, stopped, ready: what matters then stands in the officer's last words. */
const DETAILED = new Set([3, 5, 6, 8, 9]);
const lastWordOf = (news: DossierNews) =>
  news.lastWord !== '' && DETAILED.has(news.status) ? [{ text: news.lastWord }] : [];

function offersFor(news: DossierNews): readonly Offer[] {
  const offer = (command: 'correct' | 'supplement' | 'withdraw'): Offer => ({
    label: t(`bot.button.${command}`),
    press: { type: 'lobby', command, arg: news.code },
  });
  const acts = (['supplement', 'correct', 'withdraw'] as const).filter((act) => fits(act, news));
  return acts.map(offer);
}

const statusLink = (talk: Talk, code: string) => ({
  label: talk.text(t('bot.button.statusPage')),
  url: `${talk.world.publicUrl}/tra-cuu?ma=${code}`,
});

// ---------------------------------------------------------------- somebody else's words: a code from another chat

function askLastFour(talk: Talk, code: string): void {
  if (tooManyTries(talk)) return talk.say(t('bot.status.tooMany'));
  talk.state = { ...talk.state, lobby: { type: 'last-four', code } };
  talk.say(t('bot.status.askLastFour', { code }));
}

export function checkLastFour(talk: Talk, code: string, lastFour: string): void {
  if (tooManyTries(talk)) return talk.say(t('bot.status.tooMany'));
  talk.state = { ...talk.state, lobby: null };
  talk.act({ type: 'look-up', code, lastFour });
}

function tooManyTries(talk: Talk): boolean {
  const since = talk.world.at - WRONG_CODES.windowMs;
  return talk.state.wrongCodes.filter((at) => at > since).length >= WRONG_CODES.count;
}

/** The answer to a look-up. The same words for a wrong code and wrong digits; the dossier does not become this chat's own. */
export function lookedUp(talk: Talk, news: DossierNews | null): void {
  if (news !== null) {
    return talk.say(statusPhrase(news), [], {
      links: [statusLink(talk, news.code)],
    });
  }
  const wrongCodes = [...talk.state.wrongCodes, talk.world.at].slice(-WRONG_CODES.count);
  talk.state = { ...talk.state, wrongCodes };
  talk.say(t('bot.status.notFound'));
}

// ---------------------------------------------------------------- withdraw

/** The reason first, then a yes; a "không" to either keeps the dossier. */
export function withdrawWhy(talk: Talk, code: string, words: string): void {
  const news = newsOf(talk, code);
  if (news === undefined) return;
  const asked = talk.state.lobby?.type === 'withdraw-why' ? talk.state.lobby.reason : undefined;
  const yes = talk.world.understanding.yesNo(words);
  if (asked !== undefined && (yes === true || /^\s*(đồng ý )?rút/iu.test(words))) return withdraw(talk, code);
  const reason = asked ?? words;
  if (yes === false) {
    talk.state = { ...talk.state, lobby: null };
    return talk.say(t('bot.withdraw.kept', newsParams(news)));
  }
  talk.state = { ...talk.state, lobby: { type: 'withdraw-why', code, reason } };
  talk.say(t(asked === undefined ? 'bot.withdraw.confirm' : 'bot.withdraw.confirmAgain', newsParams(news)), [
    {
      label: t('bot.button.withdrawYes'),
      press: { type: 'deed', deed: 'withdraw', revision: talk.world.revision + 1, arg: code },
    },
    { label: t('bot.button.withdrawNo'), press: { type: 'lobby', command: 'status', arg: code } },
  ]);
}

export function withdraw(talk: Talk, code: string): void {
  const news = newsOf(talk, code);
  if (news === undefined) return;
  const { lobby } = talk.state;
  const reason = lobby?.type === 'withdraw-why' ? (lobby.reason ?? '') : '';
  talk.state = { ...talk.state, lobby: null };
  talk.act({ type: 'withdraw', dossierId: news.id, reason });
}

// ---------------------------------------------------------------- news from the dossier

/** A change at the desk, told in plain words; the first one says that the dossier is there, with its code. */
export function told(talk: Talk, event: Extract<HouseEvent, { type: 'told' }>): void {
  const { news } = event;
  const others = talk.state.dossiers.filter((one) => one.code !== news.code);
  talk.state = { ...talk.state, dossiers: [news, ...others].slice(0, NEWS_KEPT) };
  if (isAnswered(talk, event)) endSending(talk);
  const links = [statusLink(talk, news.code)];
  const url = links[0]?.url ?? '';
  const about = news.id;
  const qr = event.kind === 'created' ? { qr: url } : {};
  const files = event.kind === 'created' || event.kind === 'result' ? filesFor(talk, news) : [];
  talk.say({ text: event.text }, [...offersFor(news), ...files], { links, about, ...qr });
}

/** Is this the news that the session being sent waits for, and not that of another dossier? */
function isAnswered(talk: Talk, { kind, news }: Extract<HouseEvent, { type: 'told' }>): boolean {
  const { session } = talk.state;
  return session?.purpose === 'file' ? kind === 'created' : session?.dossier === news.code;
}

/** What was being sent has arrived: the session is over. */
function endSending(talk: Talk): void {
  if (talk.state.session?.phase === 'sending') talk.state = { ...talk.state, session: null };
}

export function roundRefused(talk: Talk, code: string): void {
  endSending(talk);
  talk.say(t('bot.correct.tooLate', { code }), [
    { label: t('bot.button.person'), press: { type: 'lobby', command: 'person', arg: '' } },
  ]);
}

/** Erased here after its days: nothing of it is kept in the talk either. */
export function forgetDossier(talk: Talk, id: string): void {
  talk.state = { ...talk.state, dossiers: talk.state.dossiers.filter((news) => news.id !== id) };
}

/** What was to be sent could not be: the answers are back on review, nothing is lost. */
export function actFailed(talk: Talk, act: string): void {
  const { session } = talk.state;
  if (session?.phase === 'sending') talk.state = { ...talk.state, session: { ...session, phase: 'review' } };
  talk.say(t('bot.actFailed', { act }), [
    { label: t('bot.button.person'), press: { type: 'lobby', command: 'person', arg: '' } },
  ]);
}

/** A dossier opened again to correct or complete it; a filing that was going on is kept as a draft. */
export function reopened(talk: Talk, session: Session | null, code: string): void {
  if (session === null) return roundRefused(talk, code);
  const present = talk.state.session;
  // A correction that an officer's request overtook is another session: what was asked for is not in it.
  const same = present?.dossier === session.dossier && present.purpose === session.purpose;
  if (same) return resumeFlow(talk);
  if (present !== null) setAside(talk, present);
  talk.state = { ...talk.state, session, lobby: null };
  talk.say(t(`bot.${session.purpose}.opened`, { code, count: tasksOf(session) }));
  beginReopened(talk);
}

const tasksOf = (session: Session): number =>
  session.extra.length + Object.values(session.answers).filter((answer) => answer.rev < 0).length;
