/** What a citizen sends that is neither words, a press nor a photo: a spoken note, a phone number, a place, something unreadable. */
import type { ChannelEvent } from '../../ports/channel';
import { inFlow, resumeFlow } from './in-flow';
import { t, type Talk } from './talk';

type EventOf<T extends ChannelEvent['type']> = Extract<ChannelEvent, { type: T }>;

/** The question stands as before. */
function askAgain(talk: Talk): void {
  if (inFlow(talk.state)) resumeFlow(talk);
}

/** Kept for an officer: with the filing, or with the talk where nothing is filled in. */
export function voice(talk: Talk, { file, seconds }: EventOf<'voice'>): void {
  talk.hear(talk.text(t('bot.voice.heard', { seconds })));
  const filing = inFlow(talk.state) ? talk.state.session : null;
  const owner = filing?.key ?? talk.state.id;
  talk.act({ type: 'keep-voice', voice: talk.world.newKey(), owner, source: file.source, seconds });
  if (talk.state.mode === 'officer') return;
  talk.say(t(filing === null ? 'bot.voice.kept' : 'bot.voice.keptInFlow'));
  askAgain(talk);
}

/** Anybody else's number is theirs to give. */
export function notOwnContact(talk: Talk): void {
  talk.hear(talk.text(t('bot.contact.heard')));
  talk.say(t('bot.contact.notOwn'));
  askAgain(talk);
}

/** Written down for officers to see; the house has no map to read it by. */
export function location(talk: Talk, { latitude, longitude }: EventOf<'location'>): void {
  const place = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  talk.hear(talk.text(t('bot.location.heard', { place })));
  if (talk.state.mode === 'officer') return;
  talk.say(t('bot.location.noMap'));
  askAgain(talk);
}

export function notReadable(talk: Talk, what: EventOf<'unsupported'>['what']): void {
  if (talk.state.mode === 'officer') return;
  talk.say(t(what === undefined ? 'bot.unsupported' : `bot.unsupportedBy.${what}`));
  if (what !== 'sticker') askAgain(talk);
}
