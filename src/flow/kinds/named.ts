/** Finds one of a list of named things (peoples, countries) by any of its names, with marks or wholly without. */
import { fold, foldTone, stripPoliteness, wordsOf } from '../text';

export interface Named {
  readonly id: string;
  /** The name first, then other names. */
  readonly names: readonly string[];
}

/** Ids whose name is exactly what was typed; empty when none is, several when the words may mean several. */
export type FindNamed = (typed: string) => readonly string[];

type Index = ReadonlyMap<string, readonly string[]>;

/** Letters only: "Ê-đê", "ê đê" and "êđê" are one. */
const letters = (text: string): string => wordsOf(text.replace(/'/g, '')).join('');
const tone = (text: string): string => foldTone(wordsOf(text.replace(/'/g, '')).join(' ')).replace(/ /g, '');
const bare = (text: string): string => letters(fold(text));

function indexed(list: readonly (readonly [string, string])[], key: (text: string) => string): Index {
  const index = new Map<string, readonly string[]>();
  for (const [name, id] of list) {
    const known = index.get(key(name)) ?? [];
    index.set(key(name), known.includes(id) ? known : [...known, id]);
  }
  return index;
}

/** Names go before other names, and marks that agree before bare letters. */
export function finder(list: readonly Named[]): FindNamed {
  const firsts = list.map(({ id, names }) => [names[0] ?? id, id] as const);
  const others = list.flatMap(({ id, names }) => names.slice(1).map((name) => [name, id] as const));
  const marked = [indexed(firsts, tone), indexed(others, tone)];
  const plain = [indexed(firsts, bare), indexed(others, bare)];
  return (typed) => {
    const unmarked = fold(typed) === typed.toLowerCase();
    const ways = [
      ...marked.map((index) => index.get(tone(typed))),
      ...(unmarked ? plain.map((index) => index.get(bare(typed))) : []),
    ];
    return ways.find((ids) => ids !== undefined) ?? [];
  };
}

/** What was typed without the words around a name, `around` being the source of a regular expression. */
export function withoutWords(text: string, around: string): string {
  const edges = new RegExp(`^(?:(?:${around})[ :]+)+(?=\\S)|(?: (?:${around}))+$`, 'giu');
  const trim = (typed: string): string => typed.replace(/^[ ,.;:!"'()]+|[ ,.;:!"'()]+$/g, '');
  const once = trim(stripPoliteness(trim(text)).replace(edges, ''));
  return once === '' || once === text ? text : withoutWords(once, around);
}
