/** Citizens who left or blocked us, and come back. */
import { statusPhrase } from './status-words';
import { t, type HouseEvent, type Talk } from './talk';

type Lost = Extract<HouseEvent, { type: 'unreachable' }>['lost'];

/** Nothing more is sent before they write again; of each dossier's news that was lost its officers learn. */
export function unreachable(talk: Talk, lost: Lost): void {
  const { state, world } = talk;
  const missed = new Set([...(state.missed ?? []), ...lost.map(({ dossierId }) => dossierId)]);
  talk.state = { ...state, unreachableSince: state.unreachableSince ?? world.at, missed: [...missed] };
  for (const { dossierId, seq, text } of lost) talk.act({ type: 'not-told', dossierId, said: seq, text });
}

/** They write again: what became of their dossiers meanwhile is said first. */
export function welcomeBack(talk: Talk): void {
  const { unreachableSince = null, missed = [], dossiers } = talk.state;
  if (unreachableSince === null) return;
  talk.state = { ...talk.state, unreachableSince: null, missed: [] };
  const news = dossiers.filter(({ id }) => missed.includes(id));
  if (news.length === 0) return;
  const lines = news.map((one) => ({ one, phrase: statusPhrase(one) }));
  talk.say([t('bot.welcomeBack'), ...lines.map(({ phrase }) => phrase)]);
  for (const { one, phrase } of lines)
    talk.act({ type: 'told-later', dossierId: one.id, text: talk.text(phrase) });
}
