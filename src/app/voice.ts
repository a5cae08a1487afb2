/** How the citizen of a conversation is spoken to: language and form of address. */
import type { Voice } from './dossier-moves';
import type { Lang, Speech } from './speech';

/** The default way when the conversation is gone. */
export function voiceOf(speech: Speech, doc: { readonly pair: string; readonly lang: Lang } | null): Voice {
  const lang = doc?.lang ?? 'vi';
  return { say: speech.say, lang, words: speech.pair(doc?.pair ?? 'default', lang) };
}
