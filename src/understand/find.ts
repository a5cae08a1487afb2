/** From what a citizen says to the procedure that is meant: search over citizens' own wordings, and only when sure. */
import MiniSearch from 'minisearch';
import { isIntent } from './intent-names';
import { fold } from '../flow/text';
import { bareTerms, corrected, markedTerms, wordsIn } from './words';

/** Wordings of each procedure or intent by its slug; `none` holds what people ask that is not ours. */
export type Phrasings = Readonly<Record<string, readonly string[]>>;

export interface Match {
  readonly procedure: string;
  /** 0..1; what is below `SURE` is not returned. */
  readonly score: number;
  /** 0..1: how far the message and the nearest wording cover each other; 1 is the wording itself. */
  readonly closeness: number;
}

export interface Finder {
  /** Best first, at most three; empty when not sure enough. */
  find(text: string): Match[];
  /** The closeness of its nearest wording of any of these; cheap, for most messages are near none. */
  nearest(text: string, ids: ReadonlySet<string>): number;
}

export interface FinderInput {
  readonly phrasings: Phrasings;
  /** What can be asked about any procedure, `…` for its name: known of all, these words tell none of them apart. */
  readonly frames: readonly string[];
  /** Slug and official name of each procedure: names are wordings too. */
  readonly procedures: readonly { readonly id: string; readonly name: string }[];
}

/** The slug of wordings that belong to other offices, or to nobody. */
export const NONE = 'none';
export const SURE = 0.2;
/** A long story is judged by its beginning; more words only add noise. */
const WORDS_READ = 60;
/** Evidence at which the score is two thirds: a pair of telling words, wholly matched. */
const EVIDENCE_SCALE = 12;
/** From this closeness on the message is one of our wordings, however short: "ct07". */
const SAME = 0.95;
/** Weight of the search engine's order against the evidence's, by trial on wordings left out of the index. */
const ENGINE_SHARE = 0.6;

type Ranked = readonly (readonly [procedure: string, points: number])[];

function gather({ phrasings, frames, procedures }: FinderInput): Map<string, string[]> {
  const background = frames.flatMap((frame) => frame.split('…')).filter((part) => part.trim() !== '');
  const own = (id: string): readonly string[] => (isIntent(id) || id === NONE ? [] : background);
  const all = new Map(Object.entries(phrasings).map(([id, wordings]) => [id, [...wordings, ...own(id)]]));
  for (const { id, name } of procedures) all.set(id, [...(all.get(id) ?? []), name]);
  return all;
}

type Terms = (text: string) => readonly string[];

/** Remembers what was read of a text: the same frames stand behind every procedure. */
function remembering(read: Terms): Terms {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    const terms = known.get(text) ?? read(text);
    known.set(text, terms);
    return terms;
  };
}

/** minisearch over one document per procedure: folded words and pairs, and those with marks once more. */
function openEngine(
  wordings: ReadonlyMap<string, readonly string[]>,
  bareOf: Terms,
): (text: string) => Ranked {
  const markedOf = remembering(markedTerms);
  const engine = new MiniSearch({
    fields: ['plain', 'marked'],
    tokenize: (text, field) => text.split('\n').flatMap(field === 'marked' ? markedOf : bareOf),
    processTerm: (term) => term,
  });
  engine.addAll(
    [...wordings].map(([id, lines]) => ({ id, plain: lines.join('\n'), marked: lines.join('\n') })),
  );
  const asked = (text: string) => [
    {
      queries: [text],
      fields: ['plain'],
      tokenize: bareTerms,
      prefix: (term: string) => term.length > 3 && !term.includes('_'),
      weights: { fuzzy: 0, prefix: 0.3 },
    },
    { queries: [text], fields: ['marked'], tokenize: markedTerms, boost: { marked: 0.5 } },
  ];
  return (text) =>
    engine.search({ queries: asked(text) }).map((hit): [string, number] => [String(hit.id), hit.score]);
}

/** How telling each term is: rare among procedures is much, everywhere is nothing. */
function weigh(wordings: ReadonlyMap<string, readonly string[]>, bareOf: Terms): (term: string) => number {
  const spread = new Map<string, number>();
  for (const lines of wordings.values())
    for (const term of new Set(lines.flatMap(bareOf))) spread.set(term, (spread.get(term) ?? 0) + 1);
  const rarity = (count: number): number => Math.log((wordings.size + 1) / (count + 0.5));
  return (term) => {
    const count = spread.get(term);
    // An unknown word speaks against a match; an unknown pair of words much less.
    return count === undefined ? rarity(0.8) * (term.includes('_') ? 0.35 : 1) : rarity(count);
  };
}

interface Evidence {
  /** Weight of the shared telling words × closeness. */
  readonly amount: number;
  readonly closeness: number;
}

/** How much of the message each procedure explains, and how near its nearest wording is. */
function openEvidence(
  wordings: ReadonlyMap<string, readonly string[]>,
  bareOf: Terms,
): { near: (query: readonly string[]) => Map<string, number>; of: (text: string) => Map<string, Evidence> } {
  const weight = weigh(wordings, bareOf);
  const total = (terms: Iterable<string>): number => [...terms].reduce((sum, term) => sum + weight(term), 0);
  const known = [...wordings].map(([id, texts]) => {
    const sets = [...new Set(texts)].map((text) => new Set(bareOf(text)));
    return { id, sets, all: new Set(sets.flatMap((set) => [...set])) };
  });
  const lines = known.flatMap(({ id, sets }) => sets.map((set) => ({ id, set, total: total(set) })));
  const holders = new Map<string, number[]>();
  lines.forEach(({ set }, n) => {
    for (const term of set) (holders.get(term) ?? holders.set(term, []).get(term))?.push(n);
  });
  /** Weight that each wording shares with the message; only those that share anything. */
  const shared = (query: readonly string[]): Map<number, number> => {
    const weights = new Map<number, number>();
    for (const term of query)
      for (const n of holders.get(term) ?? []) weights.set(n, (weights.get(n) ?? 0) + weight(term));
    return weights;
  };
  const near = (query: readonly string[]): Map<string, number> => {
    const whole = total(query);
    const nearest = new Map<string, number>();
    for (const [n, overlap] of shared(query)) {
      const line = lines[n];
      if (line === undefined) continue;
      const closeness = (2 * overlap) / (whole + line.total || 1);
      nearest.set(line.id, Math.max(nearest.get(line.id) ?? 0, closeness));
    }
    return nearest;
  };
  const of = (text: string): Map<string, Evidence> => {
    const query = [...new Set(bareTerms(text))];
    const nearest = near(query);
    return new Map(
      known.map(({ id, all }) => {
        const closeness = nearest.get(id) ?? 0;
        const amount = total(query.filter((term) => all.has(term))) * closeness;
        return [id, { amount: closeness >= SAME ? Math.max(amount, EVIDENCE_SCALE) : amount, closeness }];
      }),
    );
  };
  return { near, of };
}

/** Words of the message that can mean something here: what holds unknown digits (codes, phone numbers) is left out whole. */
function queryOf(text: string, known: ReadonlySet<string>): string {
  const means = (word: string): boolean => !/\p{N}/u.test(word) || known.has(fold(word));
  const words = text
    .split(/\s+/u)
    .map(wordsIn)
    .flatMap((chunk) => (chunk.every(means) ? chunk : []));
  return corrected(words.slice(0, WORDS_READ), known).join(' ');
}

/** Builds the index once (about a tenth of a second); `find` is pure and takes a few milliseconds. */
export function openFinder(input: FinderInput): Finder {
  const wordings = gather(input);
  const bareOf = remembering(bareTerms);
  const engine = openEngine(wordings, bareOf);
  const evidence = openEvidence(wordings, bareOf);
  const known = new Set([...wordings.values()].flatMap((lines) => lines.flatMap(bareOf)));

  const find = (text: string): Match[] => {
    const query = queryOf(text, known);
    const found = evidence.of(query);
    const hits = engine(query);
    const best = hits[0]?.[1] ?? 1;
    const most = Math.max(...[...found.values()].map(({ amount }) => amount)) || 1;
    const points = hits.map(([id, score]): [string, number] => {
      const share = (found.get(id)?.amount ?? 0) / most;
      return [id, (ENGINE_SHARE * score) / best + (1 - ENGINE_SHARE) * share];
    });
    return decide(
      points.sort((a, b) => b[1] - a[1]),
      found,
    );
  };
  const nearest = (text: string, ids: ReadonlySet<string>): number => {
    const closeness = evidence.near([...new Set(bareTerms(queryOf(text, known)))]);
    return round(Math.max(0, ...[...closeness].map(([id, value]) => (ids.has(id) ? value : 0))));
  };
  return { find, nearest };
}

const round = (value: number): number => Math.round(1000 * value) / 1000;

function decide(ranked: Ranked, evidence: ReadonlyMap<string, Evidence>): Match[] {
  const [first] = ranked;
  if (!first || first[0] === NONE) return [];
  const sureness = 1 - Math.exp(-(evidence.get(first[0])?.amount ?? 0) / EVIDENCE_SCALE);
  return ranked
    .filter(([id]) => id !== NONE)
    .slice(0, 3)
    .map(([procedure, points]) => ({
      procedure,
      score: round((sureness * points) / first[1]),
      closeness: round(evidence.get(procedure)?.closeness ?? 0),
    }))
    .filter(({ score }) => score >= SURE);
}
