/** What a citizen sends that is neither words, a press nor a photo: a spoken note, a phone number, a place, something unreadable. */
import type { ChannelEvent } from '../../ports/channel';
import type { Conversation } from '../../ports/documents';
import { stepNow } from './asked-now';
import { sayBeside } from './beside';
import { inFlow, resumeFlow, sharePhone } from './in-flow';
import { isOfficers } from './person';
import { keptWithTalk } from './talk-files';
import { t, type Offer, type Talk } from './talk';

type EventOf<T extends ChannelEvent['type']> = Extract<ChannelEvent, { type: T }>;

/** The question stands as before. */
function askAgain(talk: Talk): void {
  if (inFlow(talk.state)) resumeFlow(talk);
}

/** A filing that is just being sent again already has its dossier. */
function ownerOfVoice({ id, session, dossiers }: Conversation): string {
  if (session === null || session.phase === 'sent') return id;
  const sent = dossiers.find(({ code }) => session.phase === 'sending' && code === session.dossier);
  return sent?.id ?? session.key;
}

/** Kept for an officer: with the filing, or with the talk where nothing is filled in. */
export function voice(talk: Talk, { file, seconds }: EventOf<'voice'>): void {
  const id = talk.world.newKey();
  const owner = ownerOfVoice(talk.state);
  talk.hear(talk.text(t('bot.voice.heard', { seconds })), { voice: id });
  talk.act({ type: 'keep-voice', voice: id, owner, source: file.source, seconds });
  if (owner === talk.state.id) keptWithTalk(talk, [id]);
  if (isOfficers(talk)) return;
  if (inFlow(talk.state)) {
    talk.say(t('bot.voice.keptInFlow'));
    return askAgain(talk);
  }
  const person: Offer = {
    label: t('bot.button.person'),
    press: { type: 'lobby', command: 'person', arg: '' },
  };
  const waiting = talk.state.helpAt !== null;
  talk.say(t(waiting ? 'bot.voice.keptWaiting' : 'bot.voice.kept'), waiting ? [] : [person]);
}

/** The own number answers the question for it; anybody else's is theirs to give. */
export function contact(talk: Talk, { own, phone }: EventOf<'contact'>): void {
  const shown = own || talk.state.mode === 'officer';
  talk.hear(shown ? talk.text(t('bot.contact.own', { phone })) : talk.text(t('bot.contact.heard')));
  if (isOfficers(talk)) return;
  if (own && inFlow(talk.state)) return sharePhone(talk, phone);
  sayBeside(talk, t(own ? 'bot.contact.notNow' : 'bot.contact.notOwn'));
  askAgain(talk);
}

const PLACES: ReadonlySet<string | undefined> = new Set(['commune', 'address']);

/** Written down where officers read the talk; the house has no map to read it by. */
export function location(talk: Talk, { latitude, longitude }: EventOf<'location'>): void {
  const place = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  talk.hear(talk.text(t('bot.location.heard', { place })));
  if (isOfficers(talk)) return;
  const wanted = PLACES.has(stepNow(talk)?.kind) || talk.state.lobby?.type === 'commune';
  sayBeside(talk, t(wanted ? 'bot.location.noMap' : 'bot.location.notAsked'));
  askAgain(talk);
}

/** Said beside an officer too: neither of them sees what the channel could not bring. */
export function notReadable(talk: Talk, what: EventOf<'unsupported'>['what']): void {
  const officers = isOfficers(talk);
  if (officers && what === 'sticker') return;
  sayBeside(talk, t(what === undefined ? 'bot.unsupported' : `bot.unsupportedBy.${what}`));
  if (!officers && what !== 'sticker') askAgain(talk);
}
