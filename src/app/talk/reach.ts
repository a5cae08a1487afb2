/** Citizens who left or blocked us, and come back. */
import type { Conversation } from '../../ports/documents';
import { statusPhrase } from './status-words';
import { t, type LostWords, type Talk } from './talk';

/** Of what officers wrote to somebody who is away, the newest is kept. */
const MISSED_WORDS = 10;

type Missed = NonNullable<Conversation['missedWords']>;

/** Nothing more is sent before they write again; of each dossier's news that was lost its officers learn. */
export function unreachable(talk: Talk, lost: readonly LostWords[]): void {
  const { state, world } = talk;
  const news = lost.flatMap(({ dossierId, seq, text }) =>
    dossierId === undefined ? [] : [{ dossierId, seq, text }],
  );
  const missed = new Set([...(state.missed ?? []), ...news.map(({ dossierId }) => dossierId)]);
  const missedWords = withWords(state.missedWords ?? [], lost);
  const unreachableSince = state.unreachableSince ?? world.at;
  talk.state = { ...state, unreachableSince, missed: [...missed], missedWords };
  for (const { dossierId, seq, text } of news) talk.act({ type: 'not-told', dossierId, said: seq, text });
}

/** Each once, however often it is found undelivered. */
function withWords(before: Missed, lost: readonly LostWords[]): Missed {
  const known = new Set(before.map(({ seq }) => seq));
  const more = lost.filter(({ side, seq }) => side === 'officer' && !known.has(seq));
  return [...before, ...more.map(({ seq, text }) => ({ seq, text }))].slice(-MISSED_WORDS);
}

/** They write again: what became of their dossiers meanwhile, and what officers wrote, is said first. */
export function welcomeBack(talk: Talk): void {
  const { unreachableSince = null, missed = [], missedWords = [], dossiers } = talk.state;
  if (unreachableSince === null) return;
  talk.state = { ...talk.state, unreachableSince: null, missed: [], missedWords: [] };
  const news = dossiers.filter(({ id }) => missed.includes(id));
  const lines = news.map((one) => ({ one, phrase: statusPhrase(one) }));
  if (news.length > 0) talk.say([t('bot.welcomeBack'), ...lines.map(({ phrase }) => phrase)]);
  for (const { one, phrase } of lines)
    talk.act({ type: 'told-later', dossierId: one.id, text: talk.text(phrase) });
  if (missedWords.length > 0) talk.say(t('bot.welcomeBackOfficer'));
  for (const { text } of missedWords) talk.officerSays(text);
}
