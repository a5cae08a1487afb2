/** Turns locale keys into words. The only place that knows i18next. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { flatten, type Texts } from '../flow/load/texts';
import type { Phrase } from '../flow/types';

export type Lang = 'vi' | 'en';
export const LANGS: readonly Lang[] = ['vi', 'en'];
export type Params = Readonly<Record<string, string | number | Phrase>>;

/** Says a key (the first of several that exists) in a language. */
export type Say = (key: string | readonly string[], params?: Params, lang?: Lang) => string;

export interface Speech {
  readonly say: Say;
  /** A phrase in words; nested phrases in its parameters are rendered first. */
  phrase(phrase: Phrase, params: Params, lang: Lang): string;
  /** Does any of these keys exist in the language? */
  has(key: string | readonly string[], lang: Lang): boolean;
  /** The form-of-address words of a pair: `you`, `You`, `me`, `yes`. Unknown pairs speak as the default one. */
  pair(id: string, lang: Lang): Params;
  /** All texts of each language, flat. */
  readonly texts: readonly Texts[];
  /** Ids of the pairs a citizen may choose from, in order. */
  pairs(lang: Lang): readonly string[];
}

/** All JSON files of one language as one tree: the file's name is the top-level key. */
export function readLocale(folder: string): Record<string, unknown> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown]),
  );
}

type Known = (name: string) => Params[string] | undefined;

/** Inside a parameter only plain words are known: a phrase among them could name itself without end. */
const plain =
  (known: Known): Known =>
  (name) => {
    const value = known(name);
    return typeof value === 'object' ? undefined : value;
  };

const PARAMETER = /\{\{\s*-?\s*(\w+)\s*\}\}/g;

interface Template {
  readonly text: string;
  /** Parameters it names. */
  readonly names: readonly string[];
}

/** The text of a key and the parameters it names, read once; for several keys, of the first that exists. */
function templatesOf(texts: Texts): (key: string | readonly string[]) => Template | undefined {
  const templates = new Map(
    [...texts].map(([key, text]): [string, Template] => [
      key,
      { text, names: [...text.matchAll(PARAMETER)].map(([, name = '']) => name) },
    ]),
  );
  return (key) =>
    templates.get(typeof key === 'string' ? key : (key.find((one) => templates.has(one)) ?? ''));
}

/** Opens the locales below a folder (`vi/`, `en/`). No fallback language: the linter wants every key in both. */
export function openSpeech(folder: string): Speech {
  const trees = Object.fromEntries(LANGS.map((lang) => [lang, readLocale(join(folder, lang))]));
  const instance = i18next.createInstance();
  void instance.init({
    initAsync: false,
    lng: 'vi',
    fallbackLng: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(LANGS.map((lang) => [lang, { translation: trees[lang] as object }])),
  });
  const { interpolator } = instance.services;

  const texts = { vi: flatten(trees['vi']), en: flatten(trees['en']) };
  const templates = { vi: templatesOf(texts.vi), en: templatesOf(texts.en) };

  function phrase(value: Phrase, params: Params, lang: Lang): string {
    return render(value, (name) => params[name], lang);
  }
  /** The key itself where there is no text: the linter finds those. */
  function render(value: Phrase, known: Known, lang: Lang): string {
    if ('text' in value) return value.text;
    const { key, params: own = {} } = value;
    const template = templates[lang](key);
    if (template === undefined) return typeof key === 'string' ? key : (key.at(-1) ?? '');
    const { text, names } = template;
    if (names.length === 0) return text;
    return interpolator.interpolate(text, wordsFor(names, own, known, lang), lang, {});
  }
  /** Only what the text names is put into words: a turn knows dozens of facts, a text shows one or two. */
  function wordsFor(names: readonly string[], own: Params, known: Known, lang: Lang) {
    const words: Record<string, string | number> = {};
    for (const name of names) {
      const value = own[name] ?? known(name);
      if (value === undefined) continue;
      words[name] = typeof value === 'object' ? render(value, plain(known), lang) : value;
    }
    return words;
  }
  const pairsOf = (lang: Lang) =>
    trees[lang]?.['pairs'] as Record<string, Record<string, string>> | undefined;
  return {
    texts: LANGS.map((lang) => texts[lang]),
    phrase,
    say: (key, params = {}, lang = 'vi') => phrase({ key }, params, lang),
    has: (key, lang) => instance.exists(key as string | string[], { lng: lang }),
    pair: (id, lang) => pairsOf(lang)?.[id] ?? pairsOf(lang)?.['default'] ?? {},
    pairs: (lang) => Object.keys(pairsOf(lang) ?? {}),
  };
}
