/** Asking for a person: the request and the talk appear at the desk; while an officer writes, the bot is silent. */
import { civil } from '../dossier/dossier-tell';
import { t, type Talk } from './talk';

const backToBot = new Set(['resume', 'menu']);

export function askPerson(talk: Talk): void {
  const agency = talk.state.agency ?? talk.world.onlyAgency;
  if (agency === null) {
    talk.state = { ...talk.state, lobby: { type: 'commune' } };
    return talk.say(t('bot.person.whichCommune'));
  }
  const waiting = talk.state.helpAt !== null;
  talk.state = { ...talk.state, agency, helpAt: talk.state.helpAt ?? talk.world.at };
  const { officeOpens } = talk.world;
  const params = {
    agency: talk.world.agencyName(agency) ?? agency,
    day: civil(officeOpens.day),
    from: officeOpens.from,
  };
  const asked = officeOpens.now ? 'bot.person.asked' : 'bot.person.askedAfterHours';
  talk.say(t(waiting ? 'bot.person.alreadyAsked' : asked, params));
}

export function officerSays(talk: Talk, text: string, name: string): void {
  if (talk.state.mode === 'bot') talk.say(t('bot.person.joined', { name }));
  talk.state = { ...talk.state, mode: 'officer' };
  talk.officerSays(text);
}

export function officerReleased(talk: Talk): void {
  talk.state = { ...talk.state, mode: 'bot', helpAt: null };
  talk.say(t('bot.person.released'));
}

/** The citizen writes while an officer has the talk: the words go to the desk. True when they call the bot back. */
export function callsBotBack(talk: Talk, command: string | null): boolean {
  if (command !== null && backToBot.has(command)) return true;
  talk.state = { ...talk.state, helpAt: talk.state.helpAt ?? talk.world.at };
  return false;
}

/** While an officer has the talk it is theirs to answer: the bot is silent, and the desk sees that somebody waits. */
export function isOfficers(talk: Talk): boolean {
  if (talk.state.mode !== 'officer') return false;
  callsBotBack(talk, null);
  return true;
}
