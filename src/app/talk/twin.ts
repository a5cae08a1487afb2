/** An earlier dossier of the same procedure for the same person: the citizen decides whether to send all the same. */
import { t, type HouseEvent, type Offer, type Talk, type Twin } from './talk';

/** There is one: the citizen is asked whether to send all the same. Too late once it is being sent; the desk shows both anyway. */
export function twinFound(
  talk: Talk,
  { sessionKey, twin }: Extract<HouseEvent, { type: 'twin-found' }>,
): void {
  const { session } = talk.state;
  if (twin === null || session?.key !== sessionKey || session.phase === 'sending') return;
  const [, month = '', day = ''] = twin.sentOn.split('-');
  const params = { date: `${day}/${month}/${twin.sentOn.slice(0, 4)}`, code: twin.code ?? '' };
  talk.state = { ...talk.state, lobby: { type: 'pick' } };
  talk.say(t(`bot.twin.${wordsFor(twin)}`, params), offersFor(talk, twin.code));
}

function wordsFor({ code, sameName }: Twin): 'here' | 'elsewhere' | 'alike' {
  if (!sameName) return 'alike';
  return code === null ? 'elsewhere' : 'here';
}

function offersFor(talk: Talk, code: string | null): readonly Offer[] {
  const { revision } = talk.world;
  const see: Offer = {
    label: t('bot.twin.see'),
    press: { type: 'lobby', command: 'status', arg: code ?? '' },
  };
  return [
    { label: t('bot.twin.anyway'), press: { type: 'deed', deed: 'send', revision: revision + 1, arg: '' } },
    { label: t('bot.twin.stop'), press: { type: 'lobby', command: 'park', arg: '' } },
    ...(code === null ? [] : [see]),
  ];
}
