/** One turn of a conversation being made: what it may know, and the pen that writes its words and acts. */
import type {
  AgencyView,
  AnswerValue,
  Commune,
  Flow,
  FindCommunes,
  FlowEvent,
  Message,
  Phrase,
  Scalar,
  Session,
} from '../../flow/types';
import type { ChannelEvent, OutButton, OutMessage } from '../../ports/channel';
import type { Act, Conversation, DossierNews, ShownFact, TellKind, Utterance } from '../../ports/documents';
import { pressId, pressOf, type Press } from './buttons';
import type { Params, Speech } from '../speech';

/** What comes back into a conversation from the rest of the house; `id` is the effect's id. */
export type HouseEvent = { readonly id: string } & (
  | {
      readonly type: 'told';
      readonly kind: TellKind;
      readonly news: DossierNews;
      readonly text: string;
    }
  | { readonly type: 'looked-up'; readonly news: DossierNews | null }
  | { readonly type: 'reopened'; readonly session: Session | null; readonly code: string }
  | { readonly type: 'round-refused'; readonly code: string }
  | { readonly type: 'unparked'; readonly session: Session | null }
  | { readonly type: 'officer-says'; readonly text: string; readonly name: string }
  | { readonly type: 'officer-released' }
  /** The citizen left or blocked us; `lost`: words that did not reach them. */
  | { readonly type: 'unreachable'; readonly lost: readonly LostWords[] }
  /** A spoken note could not be kept. */
  | { readonly type: 'voice-lost'; readonly voice: string }
  /** A photo for an officer could not be kept. */
  | { readonly type: 'photo-lost'; readonly photo: string }
  /** A file that was asked for is not there any more. */
  | { readonly type: 'file-gone' }
  /** More messages than anybody can read: said once a minute. */
  | { readonly type: 'too-fast' }
  | Extract<FlowEvent, { type: 'photo-ready' | 'photo-refused' }>
  /** An earlier dossier about the same person: its code only where this chat may know it. */
  | { readonly type: 'twin-found'; readonly sessionKey: string; readonly twin: Twin | null }
  | { readonly type: 'due' }
  /** The days of a closed dossier are over. */
  | { readonly type: 'dossier-erased'; readonly dossierId: string }
  /** An act that can never succeed, or has not for long. */
  | { readonly type: 'act-failed'; readonly act: string }
  /** A defect made the turn fail: say so, lose nothing else. */
  | { readonly type: 'apologise' }
);

/** Words of ours that did not reach the citizen: news of a dossier, or what an officer wrote. */
export interface LostWords {
  readonly seq: number;
  readonly text: string;
  readonly dossierId?: string;
  readonly side: 'bot' | 'officer';
}

/** The earlier dossier of a `look-for-twin`. */
export interface Twin {
  /** Null unless it was sent from this very chat. */
  readonly code: string | null;
  /** yyyy-mm-dd it was sent. */
  readonly sentOn: string;
  /** False: born the same day to the same people, but called otherwise. */
  readonly sameName: boolean;
}

export type TurnEvent = ChannelEvent | HouseEvent;

/** What the words of a citizen mean to the house; `understand` provides it. */
export interface Understanding {
  /** A whole-message word that always works, with its number or word if it has one. */
  /** `asked`: some commands are also answers, where a name or a yes is waited for. */
  commandOf(
    text: string,
    asked: 'name' | 'yes' | null,
  ): { readonly command: string; readonly arg?: string } | null;
  /** One of the intents; mid-flow only when an answer cannot be meant. */
  intentOf(text: string, midFlow: boolean): string | null;
  /** Procedures it may be, best first; nothing it is not sure of. */
  find(text: string): readonly { readonly procedure: string; readonly score: number }[];
  isGreeting(text: string): boolean;
  isThanks(text: string): boolean;
  /** A dossier code in the text, in its one written form. */
  codeIn(text: string): string | null;
  lastFourIn(text: string): string | null;
  yesNo(text: string): boolean | null;
  /** Id of the offered button that a number or the button's words mean. */
  pick(text: string, offered: readonly OutButton[]): string | null;
}

/** A procedure as the lobby shows it. */
export interface ProcedureCard {
  readonly slug: string;
  readonly code: string;
  readonly name: string;
  readonly shortName: string;
  /** Guidance in short words where we have no flow. */
  readonly guide: {
    readonly office: string;
    readonly papers: string;
    readonly fee: string;
    readonly time: string;
  };
}

/** What a flow's texts and conditions may use about one procedure at one agency on one day. */
export interface Briefing {
  readonly facts: Readonly<Record<string, Scalar | null>>;
  readonly params: Params;
  readonly shown: readonly ShownFact[];
  /** What will have to be paid, with who pays nothing; `copies`: null where nobody was asked. */
  fee(copies: number | null): readonly Phrase[];
}

/** All that a turn knows. Everything is an argument: no clock, no store, no network. */
export interface TurnWorld {
  /** ms epoch of the event. */
  readonly at: number;
  /** Civil date in Vietnam. */
  readonly today: string;
  /** The conversation's revision before this turn. */
  readonly revision: number;
  readonly newKey: () => string;
  readonly speech: Speech;
  readonly understanding: Understanding;
  readonly flows: ReadonlyMap<string, Flow>;
  readonly procedures: { all(): readonly ProcedureCard[]; bySlug(slug: string): ProcedureCard | undefined };
  readonly findCommunes: FindCommunes;
  /** Communes that take dossiers here, when few enough for buttons; else empty. */
  readonly served: readonly Commune[];
  readonly agencyOf: (communeCode: string, procedure: string) => AgencyView | null;
  /** The commune an agency serves, as an answer would hold it; null for no agency of ours. */
  readonly communeOf: (agency: string) => AnswerValue;
  readonly agencyName: (agency: string) => string | null;
  /** The only agency there is, if there is just one. */
  readonly onlyAgency: string | null;
  readonly briefing: (procedure: string, agency: AgencyView | null) => Briefing;
  /** Civil date by which an officer should have looked at what is sent now. */
  readonly lookBy: string;
  /** When somebody sits at the counter: now, or next (civil day, HH:MM). */
  readonly officeOpens: { readonly now: boolean; readonly day: string; readonly from: string };
  readonly canPush: boolean;
  /** Files can be handed out in this chat. */
  readonly canDocuments: boolean;
  /** Does the procedure have a declaration that can be filled in? */
  readonly hasForm: (procedure: string) => boolean;
  readonly publicUrl: string;
  readonly draftDays: number;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id' | 'seq' | 'at'> : never;

export interface Offer {
  readonly label: Phrase;
  readonly press: Press;
}

/** The pen of one turn. `state` is replaced, never changed inside. */
export interface Talk {
  readonly world: TurnWorld;
  state: Conversation;
  /** Form-of-address words; every phrase has them. */
  words(): Params;
  /** `files`: attachments that came with it. */
  hear(text: string, files?: Pick<Utterance, 'voice' | 'photos'>): void;
  say(
    lines: Phrase | readonly Phrase[],
    offers?: readonly Offer[],
    more?: Pick<OutMessage, 'links' | 'qr' | 'files'> & Pick<Utterance, 'about'>,
  ): void;
  /** An engine message; `params` are those of its flow, form of address included. `consents`: steps whose choices are deeds. */
  sayMessage(message: Message, params: Params, consents?: ReadonlySet<string>): void;
  officerSays(text: string): void;
  act(act: Unnumbered<Act>): string;
  text(phrase: Phrase, params?: Params): string;
}

const NO_STEPS: ReadonlySet<string> = new Set();

/** Shorthand for a phrase from the locales. */
export const t = (key: string, params?: Params): Phrase => (params === undefined ? { key } : { key, params });

/** A sentence that begins with a form of address still begins with a capital. */
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** @param settles for all that the bot says in this turn */
export function openTalk(before: Conversation, world: TurnWorld, settles?: Utterance['settles']): Talk {
  const talk: Talk = {
    world,
    state: before,
    words: () => world.speech.pair(talk.state.pair, talk.state.lang),
    text: (phrase, params = {}) =>
      capital(world.speech.phrase(phrase, { ...talk.words(), ...params }, talk.state.lang)),
    hear: (text, files) => utter('citizen', { text, buttons: [] }, files),
    officerSays: (text) => utter('officer', { text, buttons: [] }),
    say(lines, offers = [], more = {}) {
      const all = Array.isArray(lines) ? (lines as readonly Phrase[]) : [lines as Phrase];
      const buttons = offers.map((offer): OutButton => ({
        id: pressId(offer.press),
        label: talk.text(offer.label),
      }));
      const { about, ...rest } = more;
      const text = all.map((line) => talk.text(line)).join('\n\n');
      utter('bot', { text, buttons, ...rest }, about === undefined ? {} : { about });
    },
    sayMessage(message, params, consents = NO_STEPS) {
      const textOf = (phrase: Phrase) => capital(world.speech.phrase(phrase, params, talk.state.lang));
      const lines = message.lines.map(textOf).filter((line) => line !== '');
      const text = lines.join(message.list === true ? '\n' : '\n\n').trim();
      const buttons = message.buttons.map((button): OutButton => ({
        id: pressId(pressOf(button.does, world.revision + 1, consents)),
        label: textOf(button.label),
      }));
      utter('bot', { text, buttons, ...asksOf(message) });
    },
    act(act) {
      const seq = talk.state.nextSeq;
      const id = `${talk.state.id}-${world.revision + 1}-${seq}`;
      const numbered = { ...act, id, seq, at: world.at } as Act;
      talk.state = { ...talk.state, acts: [...talk.state.acts, numbered], nextSeq: seq + 1 };
      return id;
    },
  };
  function asksOf({ asks }: Message): Pick<OutMessage, 'asks'> {
    return asks === undefined ? {} : { asks: { type: asks, label: talk.text(t('bot.button.sharePhone')) } };
  }
  function utter(
    side: Utterance['side'],
    message: OutMessage,
    more: Pick<Utterance, 'about' | 'voice' | 'photos'> = {},
  ): void {
    const waits = side === 'bot' && settles !== undefined ? { settles } : {};
    const row: Utterance = { seq: talk.state.nextSeq, at: world.at, side, message, ...more, ...waits };
    const bot = side === 'bot' ? { offered: message.buttons, spokenAt: world.revision + 1 } : {};
    talk.state = { ...talk.state, says: [...talk.state.says, row], nextSeq: row.seq + 1, ...bot };
  }
  return talk;
}
