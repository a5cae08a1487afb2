/** The citizen's own data and wishes: what we hold, erase it, how to be addressed, which language. */
import { TALK_FILE_DAYS } from '../talk-files';
import { inFlow, resumeFlow } from './in-flow';
import { keptNow } from './talk-files';
import { t, type Talk } from './talk';

/** Says what is held, how long, and offers to erase what is not yet sent. */
export function dataOf(talk: Talk): void {
  const { state, world } = talk;
  const files = keptNow(state, world.at).length;
  const params = {
    drafts: state.drafts.length + (state.session === null ? 0 : 1),
    dossiers: state.dossiers.length,
    days: world.draftDays,
  };
  talk.say(
    files === 0
      ? t('bot.data.held', params)
      : [t('bot.data.held', params), t('bot.data.files', { files, days: TALK_FILE_DAYS })],
    [
      {
        label: t('bot.button.erase'),
        press: { type: 'lobby', command: 'erase', arg: '' },
      },
    ],
    { links: [{ label: talk.text(t('bot.button.privacyPage')), url: `${world.publicUrl}/quyen-rieng-tu` }] },
  );
}

/** Nothing is erased by one press. */
export function askErase(talk: Talk): void {
  talk.state = { ...talk.state, lobby: { type: 'pick' } };
  talk.say(t('bot.eraseAsk'), [
    {
      label: t('bot.button.eraseYes'),
      press: { type: 'deed', deed: 'erase', revision: talk.world.revision + 1, arg: '' },
    },
    { label: t('bot.button.eraseNo'), press: { type: 'lobby', command: 'menu', arg: 'back' } },
  ]);
}

/** Drafts, answers and the talk go now; what was sent stays with the agency as long as the law says. */
export function erase(talk: Talk): void {
  const { session } = talk.state;
  talk.act({ type: 'erase', sessions: session === null ? [] : [session.key] });
  talk.state = {
    ...talk.state,
    ...{ session: null, drafts: [], lobby: null, commune: null, helpAt: null, missedWords: [], kept: [] },
  };
  talk.say(t('bot.erased'));
}

/** The days of an unfinished filing are over. */
export function expire(talk: Talk): void {
  const { session, lastAt } = talk.state;
  const over = lastAt + talk.world.draftDays * 86_400_000 <= talk.world.at;
  if (session === null || !over || session.phase === 'sending') return;
  talk.act({ type: 'forget-session', sessionKey: session.key });
  talk.state = { ...talk.state, session: null };
  talk.say(t('bot.draftExpired', { days: talk.world.draftDays }));
}

export function changePair(talk: Talk, pair: string): void {
  const pairs = talk.world.speech.pairs(talk.state.lang).filter((id) => id !== 'formal');
  if (pairs.includes(pair)) {
    talk.state = { ...talk.state, pair, lobby: null };
    return talk.say(t('bot.pairSet'));
  }
  talk.state = { ...talk.state, lobby: { type: 'pick' } };
  talk.say(
    t('bot.pairAsk'),
    pairs.map((id) => ({
      label: { key: `pairs.${id}.You` },
      press: { type: 'lobby', command: 'pair', arg: id },
    })),
  );
}

export function changeLang(talk: Talk, lang: string): void {
  talk.state = { ...talk.state, lang: lang === 'en' ? 'en' : 'vi' };
  talk.say(t('bot.langSet'));
  if (inFlow(talk.state)) resumeFlow(talk);
}
