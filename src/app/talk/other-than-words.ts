/** What a citizen sends that is neither words, a press nor a photo: a spoken note, a phone number, a place, something unreadable. */
import type { ChannelEvent } from '../../ports/channel';
import type { Conversation } from '../../ports/documents';
import { asksPhoneNow, stepNow } from './asked-now';
import { TALK_FILE_DAYS } from '../talk-files';
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
  const said = t(waiting ? 'bot.voice.keptWaiting' : 'bot.voice.kept', { days: TALK_FILE_DAYS });
  talk.say(said, waiting ? [] : [person]);
}

/** A number that nobody asked for is not written down; an officer reads it, whoever's it is. */
function heardOfContact(talk: Talk, own: boolean, phone: string): string {
  if (talk.state.mode === 'officer' || (own && asksPhoneNow(talk)))
    return talk.text(t('bot.contact.own', { phone }));
  return talk.text(t(own ? 'bot.contact.ownUnasked' : 'bot.contact.heard'));
}

/** The own number answers the question for it; anybody else's is theirs to give. */
export function contact(talk: Talk, { own, phone }: EventOf<'contact'>): void {
  talk.hear(heardOfContact(talk, own, phone));
  if (isOfficers(talk)) return;
  if (own && inFlow(talk.state)) return sharePhone(talk, phone);
  sayBeside(talk, t(own ? 'bot.contact.notNow' : 'bot.contact.notOwn'));
  askAgain(talk);
}

const PLACES: ReadonlySet<string | undefined> = new Set(['commune', 'address']);

/** The house has no map to read it by: written down only for an officer, or where a place is asked for. */
export function location(talk: Talk, { latitude, longitude }: EventOf<'location'>): void {
  const place = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const wanted = PLACES.has(stepNow(talk)?.kind) || talk.state.lobby?.type === 'commune';
  const shown = wanted || talk.state.mode === 'officer';
  talk.hear(talk.text(shown ? t('bot.location.heard', { place }) : t('bot.location.heardUnasked')));
  if (isOfficers(talk)) return;
  sayBeside(talk, t(wanted ? 'bot.location.noMap' : 'bot.location.notAsked'));
  askAgain(talk);
}

function whyNotRead({ state }: Talk, what: EventOf<'unsupported'>['what']): string {
  if (what === undefined) return 'bot.unsupported';
  // SỬA means something only where answers are being given to the bot.
  const outside = what === 'edited' && (state.mode === 'officer' || !inFlow(state));
  return `bot.unsupportedBy.${outside ? 'editedOutside' : what}`;
}

/** Said beside an officer too: neither of them sees what the channel could not bring. */
export function notReadable(talk: Talk, what: EventOf<'unsupported'>['what']): void {
  const officers = isOfficers(talk);
  if (officers && what === 'sticker') return;
  sayBeside(talk, t(whyNotRead(talk, what)));
  if (!officers && what !== 'sticker') askAgain(talk);
}
