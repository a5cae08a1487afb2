/** ĐỌC LẠI: the answers in numbered lines, page by page, and the same lines frozen for sending. */
import { command } from './ask';
import type { Lead, Talk } from './ask';
import type { Message, Phrase, ViewLine } from './types';
import { LIMITS } from './types';
import type { Spot } from './view';
import { display, labelOf, own, sectionOf, textOf } from './words';

/** Longest label or title: the linter holds texts to it, so that a page's length is known without any language. */
export const LABEL_CHARS = 40;
/** Longest choice, or other words that stand for a value. */
export const CHOICE_CHARS = 60;
/** A number of three digits, ". ", ": " and the line's end. */
const MARKS = 8;
/** A longer answer is shown with "…" here; the dossier holds all of it. */
const SHOWN = 400;

interface Line {
  readonly phrase: Phrase;
  readonly chars: number;
  /** A heading: never the last on its page. */
  readonly title?: boolean;
}

/** Lines a citizen can see and edit by number. */
export const numbered = ({ walk }: Talk): readonly Spot[] =>
  walk.lines.filter(({ step }) => !step.hidden && step.kind !== 'stop');

function charsOf(phrase: Phrase): number {
  if ('text' in phrase) return phrase.text.length;
  const params = Object.values(phrase.params ?? {});
  const inside = params.map((param) => (typeof param === 'object' ? charsOf(param) : String(param).length));
  return inside.reduce((sum, chars) => sum + chars, CHOICE_CHARS);
}

/** Not in the middle of a letter. */
const cut = (text: string): string => text.slice(0, SHOWN).replace(/\p{Surrogate}$/u, '');

const clipped = (phrase: Phrase): Phrase =>
  'text' in phrase && phrase.text.length > SHOWN ? { text: `${cut(phrase.text)}…` } : phrase;

/** "5. Ngày sinh: 10/08/2026". */
export const numberedLine = (talk: Talk, spot: Spot, n: number): Phrase =>
  own('review.line', {
    n,
    label: labelOf(talk.walk, spot),
    value: clipped(display(spot, spot.answer?.value ?? null)),
  });

function lineOf(talk: Talk, spot: Spot, n: number): Line {
  const value = clipped(display(spot, spot.answer?.value ?? null));
  return { phrase: numberedLine(talk, spot, n), chars: charsOf(value) + LABEL_CHARS + MARKS };
}

/** Items of a repeat are groups of their own. */
const sectionKey = ({ step, n }: Spot): string => `${step.section.join(' ')} ${step.list === null ? 0 : n}`;

/** Lines with a heading wherever the group changes. */
function linesOf(talk: Talk): readonly Line[] {
  let before = '';
  return numbered(talk).flatMap((spot, index) => {
    const key = sectionKey(spot);
    const title = {
      phrase: own('review.title', { title: sectionOf(talk.walk, spot) }),
      chars: LABEL_CHARS + MARKS,
      title: true,
    };
    const line = lineOf(talk, spot, index + 1);
    const lines = key === before ? [line] : [title, line];
    before = key;
    return lines;
  });
}

function pagesOf(lines: readonly Line[]): readonly (readonly Phrase[])[] {
  const pages: Phrase[][] = [];
  let left = 0;
  for (const [at, { phrase, chars, title = false }] of lines.entries()) {
    const page = pages.at(-1);
    const needed = chars + (title ? (lines[at + 1]?.chars ?? 0) : 0);
    if (page === undefined || needed > left) {
      pages.push([phrase]);
      left = LIMITS.reviewPageChars - chars;
    } else {
      page.push(phrase);
      left -= chars;
    }
  }
  return pages;
}

export const sendButtons = () => [command('send', own('review.send')), command('edit', own('review.edit'))];

/** What comes last when all is answered: what sending means, and the act itself. */
export function readyMessage({ session, walk }: Talk, before: Lead): Message {
  const ready = own(`review.ready.${session.purpose}`, walk.params);
  const buttons = [...before.buttons, command('review', own('review.again')), ...sendButtons()];
  return { lines: [...before.lines, ready], buttons };
}

/** All lines in pages of at most `LIMITS.reviewPageChars`; the last message says what can be done. */
export function reviewMessages(talk: Talk, before: Lead): readonly Message[] {
  const pages = pagesOf(linesOf(talk)).map((lines) => ({ lines, buttons: [], list: true }) as const);
  const head = before.lines.length === 0 ? [] : [before];
  const last =
    talk.walk.next === null
      ? {
          lines: [own('review.how'), own(`review.ready.${talk.session.purpose}`, talk.walk.params)],
          buttons: sendButtons(),
        }
      : {
          lines: [own(pages.length === 0 ? 'review.empty' : 'review.how')],
          buttons: [command('resume', own('review.goOn'))],
        };
  return [...head, ...pages, last];
}

/** The lines in flow order as they go to the agency; flags are the `warn` checks that hold now. */
export function frozenLines({ walk }: Talk): readonly ViewLine[] {
  return walk.lines.flatMap((spot): ViewLine[] => {
    if (spot.answer === null) return [];
    const { value, source, rev, at, by } = spot.answer;
    const flags = spot.warns.length === 0 ? {} : { flags: spot.warns };
    const answer = { value, source, rev, at, by, ...flags };
    const texts = {
      label: labelOf(walk, spot),
      section: sectionOf(walk, spot),
      display: display(spot, answer.value),
      warnings: spot.warns.map((id) => textOf(walk, spot, `warn.${id}`)),
    };
    return [{ step: spot.path, ...texts, answer }];
  });
}
