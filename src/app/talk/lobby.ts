/** The conversation outside a flow: greeting, menu, finding the procedure, short answers to what people ask. */
import type { Flow } from '../../flow/types';
import { setAside } from './drafts';
import { beginFlow, inFlow, resumeFlow } from './in-flow';
import { dataOf } from './my-data';
import { askStatus, checkLastFour, pickDossier, withdrawWhy } from './my-dossiers';
import { askPerson } from './person';
import { t, type Offer, type ProcedureCard, type Talk } from './talk';

/** How many readings of a wish are offered. */
const OFFERS = 3;
/** A best match this much better than the next one is still offered, never assumed. */
const offerOf = (card: ProcedureCard): Offer => ({
  label: { text: card.shortName },
  press: { type: 'lobby', command: 'flow', arg: card.slug },
});

/** First contact, or a link: `<procedure>`, `<agency>` or `<agency>--<procedure>`, the procedure by its slug or code. A running talk is never reset. */
export function start(talk: Talk, link: string | null): void {
  const parts = link?.split('--') ?? [];
  const card = parts.map((part) => procedureIn(talk, part)).find((one) => one !== undefined);
  if (inFlow(talk.state)) return card === undefined ? resumeFlow(talk) : linkedAmid(talk, card);
  if (talk.state.ownAgency === undefined) for (const part of parts) rememberAgency(talk, part);
  talk.say(t('bot.hello'));
  if (card !== undefined) return chooseProcedure(talk, card.slug, false);
  menu(talk);
}

/** A link to another procedure amid a filing: both are named, and the citizen says which. What is being sent goes on. */
function linkedAmid(talk: Talk, { slug }: ProcedureCard): void {
  if (talk.state.session?.phase === 'sending') return resumeFlow(talk);
  chooseProcedure(talk, slug, false);
  // One that cannot be filed here was only told of: the question stands.
  if (!talk.world.flows.has(slug)) resumeFlow(talk);
}

/** Links cannot carry every dot: `2-000635` and `2_000635` are 2.000635. */
function procedureIn({ world }: Talk, part: string): ProcedureCard | undefined {
  const { procedures } = world;
  const code = /^\d[-_.]\d{6}$/.test(part) ? part.replace(/[-_]/, '.') : null;
  return procedures.bySlug(part) ?? procedures.all().find((card) => card.code === code);
}

/** A bot of one agency's own talks for that agency alone, whatever a link says or the talk was about before; false where none is known by that name. */
export function inAccountOf(talk: Talk, agency: string): boolean {
  if (talk.state.ownAgency === agency) return true;
  if (talk.world.communeOf(agency) === null) return false;
  rememberAgency(talk, agency);
  talk.state = { ...talk.state, ownAgency: agency };
  return true;
}

/** A commune's own link or poster: its agency is meant until the citizen says another. */
function rememberAgency(talk: Talk, id: string): void {
  const commune = talk.world.communeOf(id);
  if (commune !== null) talk.state = { ...talk.state, agency: id, commune };
}

/** All there is to do here; amid a filing that is the citizen's to say, `back` is not. */
export function menu(talk: Talk, back = false): void {
  const { session } = talk.state;
  if (inFlow(talk.state) && (back || session?.phase === 'sending')) return resumeFlow(talk);
  if (session !== null && inFlow(talk.state)) return menuAmid(talk, session.flow);
  talk.state = { ...talk.state, lobby: null };
  const flows = [...talk.world.flows.keys()].flatMap((slug) => talk.world.procedures.bySlug(slug) ?? []);
  const offers: Offer[] = flows.map(offerOf);
  if (talk.state.drafts.length > 0) offers.unshift(lobbyOffer('resume', 'bot.button.resume'));
  offers.push(lobbyOffer('status', 'bot.button.status'), lobbyOffer('person', 'bot.button.person'));
  talk.say(t('bot.menu'), offers);
}

function menuAmid(talk: Talk, present: string): void {
  talk.state = { ...talk.state, lobby: { type: 'pick' } };
  const name = talk.world.procedures.bySlug(present)?.shortName ?? present;
  talk.say(t('bot.menuAmid', { present: name }), [
    { label: t('bot.button.goOn'), press: { type: 'command', command: 'resume' } },
    { label: t('bot.button.parkForMenu'), press: { type: 'lobby', command: 'park', arg: 'menu' } },
  ]);
}

/** "Sửa", "dừng", "quay lại" with nothing under way: what there is to do instead. */
function nothingUnderWay(talk: Talk): void {
  talk.say(t(talk.state.drafts.length > 0 ? 'bot.draftWaits' : 'bot.nothingUnderWay'));
  menu(talk);
}

const lobbyOffer = (command: 'resume' | 'status' | 'person' | 'menu', key: string): Offer => ({
  label: t(key),
  press: { type: 'lobby', command, arg: '' },
});

/** A chosen procedure: its flow if we have one, else where to go and what to bring. */
export function chooseProcedure(talk: Talk, slug: string, replace: boolean): void {
  const flow = talk.world.flows.get(slug);
  if (flow === undefined) return guide(talk, slug);
  const present = talk.state.session;
  if (present !== null && !replace) return askReplace(talk, present.flow, flow);
  if (present !== null) setAside(talk, present);
  beginFlow(talk, flow);
}

/** One filing at a time; the other one is kept as a draft. */
function askReplace(talk: Talk, present: string, wanted: Flow): void {
  if (present === wanted.id) return resumeFlow(talk);
  const name = (slug: string) => talk.world.procedures.bySlug(slug)?.shortName ?? slug;
  talk.state = { ...talk.state, lobby: { type: 'pick' } };
  talk.say(t('bot.replaceAsk', { present: name(present), wanted: name(wanted.id) }), [
    { label: t('bot.button.goOn'), press: { type: 'command', command: 'resume' } },
    {
      label: t('bot.button.replace', { wanted: name(wanted.id) }),
      press: { type: 'deed', deed: 'replace', revision: talk.world.revision + 1, arg: wanted.id },
    },
  ]);
}

function guide(talk: Talk, slug: string): void {
  const card = talk.world.procedures.bySlug(slug);
  if (card === undefined) return menu(talk);
  talk.state = { ...talk.state, lobby: null };
  const params = { procedure: card.name, code: card.code, ...card.guide };
  const links = [
    { label: talk.text(t('bot.button.procedurePage')), url: `${talk.world.publicUrl}/thu-tuc/${slug}` },
  ];
  talk.say(
    t('bot.guide', params),
    [lobbyOffer('person', 'bot.button.person'), lobbyOffer('menu', 'bot.button.menu')],
    { links },
  );
}

/** Words outside a flow: the answer to what the bot just asked, or a wish. */
export function sayInLobby(talk: Talk, text: string): void {
  const { understanding } = talk.world;
  if (understanding.isGreeting(text)) return start(talk, null);
  if (understanding.isThanks(text)) return talk.say(t('bot.thanks'));
  // "/help", "trợ giúp": there is no question to explain.
  const command = understanding.commandOf(text, null);
  if (command?.command === 'explain') return menu(talk);
  const code = understanding.codeIn(text);
  if (code !== null) return askStatus(talk, code);
  const intent = understanding.intentOf(text, false);
  if (intent !== null) return byIntent(talk, intent);
  offer(talk, text, command === null ? notUnderstood : nothingUnderWay);
}

/** True when the words answered the lobby's open question. */
export function answersLobby(talk: Talk, text: string): boolean {
  const { lobby } = talk.state;
  if (lobby === null) return false;
  const { understanding } = talk.world;
  switch (lobby.type) {
    case 'offer':
      return pickOffer(talk, lobby.procedures, text);
    case 'code': {
      const code = understanding.codeIn(text);
      if (code !== null) askStatus(talk, code);
      return code !== null;
    }
    case 'last-four': {
      const digits = understanding.lastFourIn(text);
      if (digits !== null) checkLastFour(talk, lobby.code, digits);
      return digits !== null;
    }
    case 'withdraw-why':
      withdrawWhy(talk, lobby.code, text);
      return true;
    case 'commune':
      return agencyForPerson(talk, text);
    default:
      return false;
  }
}

/** "dạ phải" to the one reading offered; "không" brings the menu. */
function pickOffer(talk: Talk, procedures: readonly string[], text: string): boolean {
  const [slug] = procedures;
  const yes = procedures.length === 0 ? null : talk.world.understanding.yesNo(text);
  if (yes === true && procedures.length === 1 && slug !== undefined) chooseProcedure(talk, slug, false);
  else if (yes === false) menu(talk);
  else return false;
  return true;
}

/** Which commune's officer is meant. */
function agencyForPerson(talk: Talk, text: string): boolean {
  const [commune, ...others] = talk.world.findCommunes(text);
  if (others.length > 0) {
    talk.say(t('bot.person.whichCommune'));
    return true;
  }
  const agency = commune === undefined ? null : talk.world.agencyOf(commune.code, '');
  if (agency === null) {
    talk.state = { ...talk.state, lobby: null };
    talk.say(t('bot.person.notHere'));
    return true;
  }
  talk.state = { ...talk.state, agency: agency.id, lobby: null };
  askPerson(talk);
  return true;
}

function byIntent(talk: Talk, intent: string): void {
  switch (intent) {
    case 'tra-cuu-ho-so':
      return askStatus(talk, '');
    case 'rut-ho-so':
      return pickDossier(talk, 'withdraw', '');
    case 'bo-sung-ho-so':
      return pickDossier(talk, 'supplement', '');
    case 'gap-can-bo':
      return askPerson(talk);
    case 'du-lieu-ca-nhan':
      return dataOf(talk);
    default:
      return talk.say(t(`bot.aside.${intent}`), [
        lobbyOffer('person', 'bot.button.person'),
        lobbyOffer('menu', 'bot.button.menu'),
      ]);
  }
}

/** What was said may be one of a few procedures: never assumed, always offered. */
function offer(talk: Talk, text: string, orElse: (talk: Talk) => void): void {
  const cards = talk.world.understanding
    .find(text)
    .slice(0, OFFERS)
    .flatMap((match) => talk.world.procedures.bySlug(match.procedure) ?? []);
  if (cards.length === 0) return orElse(talk);
  talk.state = { ...talk.state, lobby: { type: 'offer', procedures: cards.map((card) => card.slug) } };
  const [first] = cards;
  const question =
    cards.length === 1 ? t('bot.offerOne', { procedure: first?.shortName ?? '' }) : t('bot.offer');
  talk.say(question, [...cards.map(offerOf), lobbyOffer('menu', 'bot.button.other')]);
}

function notUnderstood(talk: Talk): void {
  const before = talk.state.lobby?.type === 'offer' ? (talk.state.lobby.times ?? 0) : 0;
  const times = before + 1;
  const again = times > 1;
  if (times % 3 === 0) menu(talk);
  talk.state = { ...talk.state, lobby: { type: 'offer', procedures: [], times } };
  if (times % 3 === 0) return;
  talk.say(t(again ? 'bot.notUnderstoodAgain' : 'bot.notUnderstood'), [
    lobbyOffer('menu', 'bot.button.menu'),
    lobbyOffer('person', 'bot.button.person'),
  ]);
}
