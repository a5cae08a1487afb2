/**
 * Telegram's HTML mode, with Telegram's own strictness.
 * Bot API: C2 "HTML mode" (`&`, `<`, `>` escaped; known tags only; unbalanced markup → 400) and the official parser:
 * only lt, gt, amp, quot and numbers are entities, `;` may be missing, an unknown one stays as it is written.
 */
import { badRequest, type Entity } from './wire';

export interface Parsed {
  readonly text: string;
  readonly entities: readonly Entity[];
}

const TYPES: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  a: 'text_link',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
  blockquote: 'blockquote',
};
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

interface Open {
  readonly tag: string;
  readonly argument: string;
  readonly offset: number;
}

function refuse(html: string, what: string, at: number, rest = ''): never {
  const bytes = Buffer.byteLength(html.slice(0, at), 'utf8');
  throw badRequest(`can't parse entities: ${what} at byte offset ${bytes}${rest}`);
}

/** The character an `&…` stands for and where it ends; null: the `&` is a letter like any other. */
function entityAt(html: string, at: number): { readonly char: string; readonly end: number } | null {
  const match = /^&(?:#x([0-9a-f]*)|#(\d*)|([a-z]*))/i.exec(html.slice(at, at + 16));
  if (match === null) return null;
  const [whole, hex, decimal, name] = match;
  const end = at + whole.length + (html[at + whole.length] === ';' ? 1 : 0);
  if (name !== undefined) {
    const char = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
    return char === undefined ? null : { char, end };
  }
  const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
  if (!(code > 0 && code < 0x10ffff) || whole.length >= 10) return null;
  return { char: String.fromCodePoint(code), end };
}

function decode(text: string): string {
  let out = '';
  for (let i = 0; i < text.length;) {
    const found = entityAt(text, i);
    out += found?.char ?? text.charAt(i);
    i = found?.end ?? i + 1;
  }
  return out;
}

const ATTRIBUTE = /\s*([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]*)(?=[\s>])))?/y;

/** Reads `<tag a="b">` from `at`; what the tag means to Telegram, and where it ends. */
function startTag(html: string, at: number): { tag: string; argument: string; end: number } {
  const name = /^[^\s>]*/.exec(html.slice(at + 1))?.[0] ?? '';
  let i = at + 1 + name.length;
  if (i >= html.length) refuse(html, 'Unclosed start tag', at);
  const tag = name.toLowerCase();
  if (!Object.hasOwn(TYPES, tag)) refuse(html, `Unsupported start tag "${tag}"`, at);
  let argument = '';
  for (;;) {
    while (/\s/.test(html.charAt(i))) i += 1;
    if (html.charAt(i) === '>') break;
    if (i >= html.length) refuse(html, 'Unclosed start tag', at);
    ATTRIBUTE.lastIndex = i;
    const found = ATTRIBUTE.exec(html);
    if (found === null) refuse(html, `Empty attribute name in the tag "${tag}"`, at);
    i = ATTRIBUTE.lastIndex;
    const value = decode(found[2] ?? found[3] ?? found[4] ?? '');
    if (tag === 'a' && found[1] === 'href') argument = value;
    if (tag === 'code' && found[1] === 'class' && value.startsWith('language-')) argument = value.slice(9);
    if (tag === 'span' && found[1] === 'class') argument = value;
  }
  if (tag === 'span' && argument !== 'tg-spoiler')
    refuse(html, 'Tag "span" must have class "tg-spoiler"', at);
  return { tag, argument, end: i + 1 };
}

/** Reads `</tag>` from `at`; where it ends. */
function endTag(html: string, at: number, open: Open | undefined): number {
  if (open === undefined) refuse(html, 'Unexpected end tag', at);
  const name = /^[^\s>]*/.exec(html.slice(at + 2))?.[0] ?? '';
  const close = /^\s*>/.exec(html.slice(at + 2 + name.length));
  if (close === null) refuse(html, 'Unclosed end tag', at);
  if (name !== '' && name.toLowerCase() !== open.tag) {
    refuse(html, 'Unmatched end tag', at, `, expected "</${open.tag}>", found "</${name}>"`);
  }
  return at + 2 + name.length + close[0].length;
}

function entityOf({ tag, argument, offset }: Open, text: string): readonly Entity[] {
  const length = text.length - offset;
  if (length <= 0) return [];
  if (tag === 'a') {
    const url = argument === '' ? text.slice(offset) : argument;
    return isUrl(url) ? [{ type: 'text_link', offset, length, url }] : [];
  }
  const language = tag === 'code' && argument !== '' ? { language: argument } : {};
  return [{ type: TYPES[tag] ?? tag, offset, length, ...language }];
}

/**
 * Is it an address Telegram would link? A host without a dot (`localhost`) is none: in text the link is silently lost,
 * on a button the whole message is refused. Bot API: the official server's link check.
 */
export function isUrl(url: string): boolean {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`;
  if (/^tg:\/\/./i.test(full)) return true;
  return (
    URL.canParse(full) && /^https?:$/.test(new URL(full).protocol) && new URL(full).hostname.includes('.')
  );
}

/**
 * Text and entities a reader gets of HTML markup; nothing is trimmed or cleaned here (see `asShown`).
 * @throws ApiError 400 `Bad Request: can't parse entities: …`
 */
export function parseHtml(html: string): Parsed {
  let text = '';
  const entities: Entity[] = [];
  const open: Open[] = [];
  for (let i = 0; i < html.length;) {
    const char = html.charAt(i);
    if (char === '&') {
      const found = entityAt(html, i);
      text += found?.char ?? char;
      i = found?.end ?? i + 1;
    } else if (char !== '<') {
      text += char;
      i += 1;
    } else if (html.charAt(i + 1) === '/') {
      i = endTag(html, i, open.at(-1));
      entities.push(...entityOf(open.pop() as Open, text));
    } else {
      const { tag, argument, end } = startTag(html, i);
      open.push({ tag, argument, offset: text.length });
      i = end;
    }
  }
  const left = open.at(-1);
  if (left !== undefined) {
    throw badRequest(`can't parse entities: Can't find end tag corresponding to start tag "${left.tag}"`);
  }
  entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return { text, entities };
}

/**
 * What arrives at a reader's phone: `\r` and direction marks dropped, other control characters as blanks, both ends
 * trimmed, entities moved along. Bot API: the official client library cleans every text this way.
 */
export function asShown({ text, entities }: Parsed): Parsed {
  let out = '';
  // New position of each old one, so that entities follow.
  const moved: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    moved.push(out.length);
    if (code === 13 || (code >= 0x2028 && code <= 0x202e)) continue;
    out += code < 32 && code !== 10 ? ' ' : text.charAt(i);
  }
  moved.push(out.length);
  const head = /^[ \n]*/.exec(out)?.[0].length ?? 0;
  const shown = out.slice(head).trimEnd();
  const place = (at: number): number => Math.min(Math.max((moved[at] ?? out.length) - head, 0), shown.length);
  const kept = entities
    .map((one) => ({ ...one, offset: place(one.offset), end: place(one.offset + one.length) }))
    .map(({ end, ...one }) => ({ ...one, length: end - one.offset }))
    .filter((one) => one.length > 0);
  return { text: shown, entities: kept };
}
