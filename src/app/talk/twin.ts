/** Before sending: was this procedure for this person sent a short time ago? Asked once a filing; the citizen decides. */
import type { Context, Flow, Session } from '../../flow/types';
import { walk } from '../../flow/view';
import { peopleOf } from './new-dossier';
import { t, type HouseEvent, type Offer, type Talk } from './talk';

const NUMBERS = new Set(['national-id', 'phone']);

/** When the review is reached for the first time, the house looks for an earlier dossier. */
export function askForTwin(talk: Talk, flow: Flow, session: Session, context: Context): void {
  const first = session.purpose === 'file' && talk.state.twinFor !== session.key;
  if (session.phase !== 'review' || !first) return;
  const { lines } = walk(flow, session, context);
  const answers = lines.flatMap(({ path, answer }) => (answer === null ? [] : [{ step: path, answer }]));
  const { subject, applicant } = peopleOf(flow, answers);
  // Knowing somebody's number is no reason to learn what they asked for: it must be one's own, or another person's of the dossier.
  const secret = subject.nationalId === applicant.nationalId ? undefined : subject.nationalId;
  const numbers = lines.flatMap(({ step, answer }) =>
    NUMBERS.has(step.kind) && typeof answer?.value === 'string' && answer.value !== secret
      ? [answer.value]
      : [],
  );
  talk.state = { ...talk.state, twinFor: session.key };
  const who = { procedure: flow.id, subject, numbers };
  talk.act({ type: 'look-for-twin', sessionKey: session.key, who });
}

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
  talk.say(
    t(twin.code === null ? 'bot.twin.elsewhere' : 'bot.twin.here', params),
    offersFor(talk, twin.code),
  );
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
