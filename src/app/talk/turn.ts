/** One event in, the conversation after it out: who in the house answers it. Pure. */
import type { ChannelEvent } from '../../ports/channel';
import type { Session } from '../../flow/types';
import type { Conversation } from '../../ports/documents';
import { askedNow } from './asked-now';
import { sayBeside } from './beside';
import { isWornOut, readPress, type Press } from './buttons';
import { consent, inFlow, photoSettled, pressInFlow, resumeFlow, sayInFlow, showToFlow } from './in-flow';
import { answersLobby, chooseProcedure, inAccountOf, menu, sayInLobby, start } from './lobby';
import {
  actFailed,
  forgetDossier,
  askStatus,
  lookedUp,
  openDossier,
  pickDossier,
  reopened,
  roundRefused,
  told,
  withdraw,
} from './my-dossiers';
import { askErase, changeLang, changePair, dataOf, erase, expire } from './my-data';
import { askPerson, callsBotBack, isOfficers, officerReleased, officerSays } from './person';
import { giveFile } from './files-out';
import { photosForOfficer, photosOutsideFlow, settlesOf, type PhotosEvent } from './photos';
import { notKept } from './talk-files';
import { unreachable, welcomeBack } from './reach';
import { twinFound } from './twin';
import { contact, location, notReadable, voice } from './other-than-words';
import { park, resumeDraft, unparked } from './drafts';
import { openTalk, t, type HouseEvent, type Talk, type TurnEvent, type TurnWorld } from './talk';

const isHouse = (event: TurnEvent): event is HouseEvent => !('address' in event);

/** @throws whatever a defect throws; the caller sets the event aside and the chat goes on. */
export function takeTurn(before: Conversation, event: TurnEvent, world: TurnWorld): Conversation {
  const talk = openTalk(before, world, settlesOf(event, world));
  if (isHouse(event)) fromHouse(talk, event);
  else fromCitizen(talk, event);
  return talk.state;
}

function fromHouse(talk: Talk, event: HouseEvent): void {
  switch (event.type) {
    case 'told':
      return told(talk, event);
    case 'looked-up':
      return lookedUp(talk, event.news);
    case 'reopened':
      return reopened(talk, event.session, event.code);
    case 'round-refused':
      return roundRefused(talk, event.code);
    case 'unparked':
      return unparked(talk, event.session);
    case 'officer-says':
      return officerSays(talk, event.text, event.name);
    case 'officer-released':
      return backToBot(talk);
    case 'photo-ready':
    case 'photo-refused':
      return photoSettled(talk, event);
    case 'twin-found':
      return twinFound(talk, event);
    case 'due':
      return expire(talk);
    case 'dossier-erased':
      return forgetDossier(talk, event.dossierId);
    case 'act-failed':
      return actFailed(talk, event.act);
    case 'unreachable':
      return unreachable(talk, event.lost);
    case 'voice-lost':
      notKept(talk, event.voice);
      return sayBeside(talk, t('bot.voice.lost'));
    case 'photo-lost':
      notKept(talk, event.photo);
      return sayBeside(talk, t('bot.photos.lost'));
    case 'file-gone':
      return sayBeside(talk, t('bot.file.gone'));
    case 'too-fast':
      // Said by nobody in particular while an officer has the talk.
      return sayBeside(talk, t(talk.state.mode === 'officer' ? 'bot.slowDownOfficer' : 'bot.slowDown'));
    case 'apologise':
      return talk.say(t('bot.apology'));
  }
}

function fromCitizen(talk: Talk, event: ChannelEvent): void {
  talk.state = { ...talk.state, lastAt: talk.world.at };
  if (event.type === 'left') return unreachable(talk, []);
  welcomeBack(talk);
  if (event.agency !== undefined && !inAccountOf(talk, event.agency)) return notOpenYet(talk, event);
  switch (event.type) {
    case 'text':
      talk.hear(event.text);
      return event.caption === true ? fromCaption(talk, event.text) : fromWords(talk, event.text);
    case 'choice':
      if (event.label !== undefined) talk.hear(event.label);
      return fromPress(talk, readPress(event.choice));
    case 'photos':
      return photos(talk, event);
    case 'start':
      if (!isOfficers(talk)) return start(talk, event.link ?? null);
      return talk.hear(talk.text(t('bot.startHeard')));
    case 'joined':
      // Who comes back has been welcomed, and most messengers bring a first message with it.
      return talk.state.nextSeq === 1 ? start(talk, null) : undefined;
    case 'erase-request':
      return erase(talk);
    case 'unsupported':
      return notReadable(talk, event.what);
    case 'voice':
      return voice(talk, event);
    case 'contact':
      return contact(talk, event);
    case 'location':
      return location(talk, event);
  }
}

/** The bot of an agency that is not set up: no other agency is offered in its name. What is theirs citizens may erase. */
function notOpenYet(talk: Talk, event: ChannelEvent): void {
  if (event.type === 'erase-request') return erase(talk);
  if (event.type === 'text') talk.hear(event.text);
  if (event.type !== 'joined') talk.say(t('bot.counterNotOpen'));
}

function photos(talk: Talk, event: PhotosEvent): void {
  const heard = talk.text(t('bot.photos.heard', { n: event.files.length }));
  if (isOfficers(talk)) return photosForOfficer(talk, heard, event.files);
  talk.hear(heard);
  return inFlow(talk.state) ? showToFlow(talk, event) : photosOutsideFlow(talk, event.files);
}

function backToBot(talk: Talk): void {
  officerReleased(talk);
  if (inFlow(talk.state)) resumeFlow(talk);
}

function fromWords(talk: Talk, text: string): void {
  const command = spokenCommand(talk, text);
  if (talk.state.mode === 'officer') return besideOfficer(talk, command?.command ?? null);
  if (command !== null && byCommand(talk, command.command, command.arg ?? '')) return;
  const { session, lobby } = talk.state;
  if (lobby !== null && (picksOffered(talk, text) || answersLobby(talk, text)))
    return afterLobby(talk, session);
  if (saysCommand(talk, text)) return;
  if (inFlow(talk.state)) return sayInFlow(talk, text);
  const picked = talk.world.understanding.pick(text, talk.state.offered);
  return picked === null ? sayInLobby(talk, text) : fromPress(talk, readPress(picked));
}

/** Words under a photo tell of the photo: amid a flow only a command is more than that. */
function fromCaption(talk: Talk, text: string): void {
  if (!inFlow(talk.state) || spokenCommand(talk, text) !== null) fromWords(talk, text);
}

/** The command that was said, unless it answers what is asked. Few words are one at all, and only these need the question. */
function spokenCommand(talk: Talk, text: string): Spoken | null {
  const { commandOf } = talk.world.understanding;
  const spoken = commandOf(text, null) === null ? null : commandOf(text, askedNow(talk));
  return spoken !== null && answersReading(talk, spoken) ? null : spoken;
}

type Spoken = NonNullable<ReturnType<Talk['world']['understanding']['commandOf']>>;

/** "Sửa đi" to "sửa … thành …?", or to a warning: an answer to what waits, not the wish to pick a line. */
function answersReading({ state }: Talk, { command, arg }: Spoken): boolean {
  const waiting = state.session?.pending?.type;
  return command === 'edit' && arg === undefined && (waiting === 'confirm' || waiting === 'warn');
}

/** A list was offered (forms of address, dossiers, drafts): its number or words pick from it before the flow hears them. */
function picksOffered(talk: Talk, text: string): boolean {
  const picked =
    talk.state.lobby?.type === 'pick' ? talk.world.understanding.pick(text, talk.state.offered) : null;
  if (picked === null) return false;
  talk.state = { ...talk.state, lobby: null };
  fromPress(talk, readPress(picked));
  return true;
}

/** The very words of a button of the flow's that is no answer ("Vẫn làm tiếp …"): only here it is known what it is called. */
function saysCommand(talk: Talk, text: string): boolean {
  if (!inFlow(talk.state) || /^\s*\d+\s*$/.test(text)) return false;
  const picked = talk.world.understanding.pick(text, talk.state.offered);
  const press = picked === null ? null : readPress(picked);
  if (press?.type !== 'command') return false;
  fromPress(talk, press);
  return true;
}

/** The lobby's question was answered amid a flow: the flow's own question stands again. One that was begun or gone on with asks by itself. */
function afterLobby(talk: Talk, before: Session | null): void {
  if (talk.state.session === before && talk.state.lobby === null && inFlow(talk.state)) resumeFlow(talk);
}

/** While an officer has the talk the bot is silent, but for what only it can tell. */
function besideOfficer(talk: Talk, command: string | null): void {
  if (command !== null && BESIDE_OFFICER.has(command)) return COMMANDS[command]?.(talk, '');
  if (callsBotBack(talk, command)) backToBot(talk);
}
const BESIDE_OFFICER = new Set(['data', 'status', 'person']);

/** Words that always work, and what they do outside the engine. */
const COMMANDS: Readonly<Record<string, (talk: Talk, arg: string) => void>> = {
  person: askPerson,
  data: dataOf,
  menu: (talk) => menu(talk),
  resume: (talk) => (inFlow(talk.state) ? resumeFlow(talk) : resumeDraft(talk, '')),
  status: (talk) => askStatus(talk, ''),
  address: (talk) => changePair(talk, ''),
  language: changeLang,
};
/** These only while a flow is filled in; elsewhere the words are a wish like any other. */
const FLOW_WORDS: Readonly<Record<string, (talk: Talk) => void>> = {
  stop: (talk) => (talk.state.session?.phase === 'sending' ? talk.say(t('bot.sending')) : park(talk)),
  repeat: resumeFlow,
};

/** False when the word means nothing here and is an answer after all. */
function byCommand(talk: Talk, command: string, arg: string): boolean {
  const act = COMMANDS[command] ?? (inFlow(talk.state) ? FLOW_WORDS[command] : undefined);
  if (act === undefined) return inFlow(talk.state) && pressInFlow(talk, { type: 'command', command, arg });
  act(talk, arg);
  return true;
}

function fromPress(talk: Talk, press: Press | null): void {
  if (press === null) return talk.say(t('bot.buttonGone'));
  if (press.type === 'lobby') return byLobbyButton(talk, press.command, press.arg);
  if (press.type === 'deed') return byDeed(talk, press);
  if (!inFlow(talk.state)) return talk.say(t('bot.buttonGone'));
  talk.state = { ...talk.state, lobby: null };
  pressInFlow(
    talk,
    press.type === 'choice' ? press : { type: 'command', command: press.command, arg: press.step ?? '' },
  );
}

function byLobbyButton(talk: Talk, command: string, arg: string): void {
  switch (command) {
    case 'flow':
      return chooseProcedure(talk, arg, false);
    case 'status':
      return arg === '' ? askStatus(talk, '') : openDossier(talk, arg);
    case 'file':
      return giveFile(talk, arg);
    case 'withdraw':
    case 'correct':
    case 'supplement':
      return pickDossier(talk, command, arg);
    case 'erase':
      return askErase(talk);
    case 'person':
      return askPerson(talk);
    case 'data':
      return dataOf(talk);
    case 'resume':
      return resumeDraft(talk, arg);
    case 'park':
      park(talk);
      return arg === 'menu' ? menu(talk) : undefined;
    case 'pair':
      return changePair(talk, arg);
    case 'lang':
      return changeLang(talk, arg);
    default:
      return menu(talk, arg === 'back');
  }
}

/** Deeds work once: nothing may have been said since they were offered. */
function byDeed(talk: Talk, press: Extract<Press, { type: 'deed' }>): void {
  if (isWornOut(press, talk.state.spokenAt ?? talk.world.revision)) {
    // GỬI pressed twice was understood the first time.
    const sends = press.deed === 'send' && talk.state.session?.phase === 'sending';
    // What is newer is on its way to the chat: said once more, its own buttons would be old before they are seen.
    if (!sends && talk.state.says.some(({ side }) => side === 'bot'))
      return sayBeside(talk, t('bot.deedDone'));
    if (!sends) talk.say(t('bot.deedDone'));
    return inFlow(talk.state) ? resumeFlow(talk) : undefined;
  }
  switch (press.deed) {
    case 'send':
      return void pressInFlow(talk, { type: 'command', command: 'send', arg: '' });
    case 'consent':
      return consent(talk, press.arg);
    case 'withdraw':
      return withdraw(talk, press.arg);
    case 'erase':
      return erase(talk);
    case 'replace':
      return chooseProcedure(talk, press.arg, true);
  }
}
