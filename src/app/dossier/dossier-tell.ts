/** What the citizen is told of a dossier: the words (`track.tell.*`), and the effect that carries them into the conversation. */
import type { Dossier, DossierNews, Part, TellKind } from '../../ports/documents';
import type { By, Move, Voice } from './dossier-moves';
import { withAct, withHistory } from './dossier-moves';
import type { Lang, Params, Speech } from '../speech';

export interface News {
  /** Key below `track.tell`. */
  readonly key: string;
  readonly params?: Params;
  readonly kind: TellKind;
  /** Key below `track.event`. */
  readonly event: string;
  readonly by: By;
  readonly attachment?: string;
}

/** The voice of a conversation; without one, the default form of address. */
export function voiceOf(speech: Speech, talk: { readonly lang: Lang; readonly pair: string } | null): Voice {
  const lang = talk?.lang ?? 'vi';
  return { say: speech.say, lang, words: speech.pair(talk?.pair ?? 'default', lang) };
}

/** yyyy-mm-dd as people read it. */
export const civil = (day: string): string => day.split('-').reverse().join('/');

/** Đồng with groups of three: "8.000" (vi) or "8,000" (en). */
export const amountIn = (amount: number, lang: Lang): string =>
  String(amount).replace(/\B(?=(\d{3})+$)/g, lang === 'vi' ? '.' : ',');

/** The exact words of a piece of news; a demo dossier's begin with what they are worth. */
export function wordsOf(
  dossier: Dossier,
  part: Part,
  news: Pick<News, 'key' | 'params'>,
  voice: Voice,
): string {
  const params = {
    ...voice.words,
    code: dossier.code,
    procedure: dossier.procedure.name,
    agency: part.agencyName,
    dueOn: part.dueOn === null ? '' : civil(part.dueOn),
    lookBy: civil(part.lookBy),
    officialCode: part.officialCode ?? '',
    ...news.params,
  };
  const text = voice.say(`track.tell.${news.key}`, params, voice.lang).trim();
  return dossier.demo ? voice.say('track.demo', { text }, voice.lang) : text;
}

/** The sentence for "received" that fits what is known: the official code, the promised date. */
export const receivedKey = ({ officialCode, dueOn }: Pick<Part, 'officialCode' | 'dueOn'>): string =>
  `received${officialCode === null ? 'NoCode' : ''}${dueOn === null ? 'NoDate' : ''}`;

/** Writes the news into the history and sends it to the citizen; both say the same words. */
export function tell(dossier: Dossier, part: Part, news: News, move: Move): Dossier {
  const text = wordsOf(dossier, part, news, move.voice);
  const entry = { at: move.at, by: news.by, event: news.event, part: part.id, text };
  const noted = withHistory(dossier, entry, part);
  const act = {
    type: 'tell' as const,
    conversation: dossier.conversation,
    news: newsOf(dossier, part, text, move.at),
    kind: news.kind,
    text,
    ...(news.attachment === undefined ? {} : { attachment: news.attachment }),
  };
  return withAct(noted, act, move);
}

const resultOf = ({ result }: Part): Pick<DossierNews, 'result'> =>
  result?.kind === 'file' && result.attachment !== undefined ? { result: result.attachment } : {};

/** What a conversation keeps of a dossier. `status` is the dossier's; dates and codes are those of the part that moved. */
export function newsOf(dossier: Dossier, part: Part, lastWord: string, at: number): DossierNews {
  return {
    id: dossier.id,
    code: dossier.code,
    procedure: dossier.procedure.id,
    procedureName: dossier.procedure.name,
    agencyName: part.agencyName,
    status: dossier.status,
    dueOn: part.dueOn,
    officialCode: part.officialCode,
    lookBy: part.lookBy,
    lastWord,
    ...resultOf(part),
    at,
  };
}
