/** Buttons as Telegram shows them. */
import { AppError } from '../../errors';
import type { OutButton, OutMessage } from '../../ports/channel';
import { wellFormed } from './html';

export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}
export interface InlineKeyboard {
  readonly inline_keyboard: readonly (readonly InlineButton[])[];
}
export type ReplyMarkup = InlineKeyboard | Readonly<Record<string, unknown>>;

/** Telegram's bound of `callback_data`. */
const MAX_ID_BYTES = 64;
/** Two of these fit side by side on a small phone with large letters. */
const SHORT = 12;
/** A phone cuts longer labels. */
const WHOLE = 30;
/** More than these are hard to keep in sight. */
const AT_A_GLANCE = 8;

/**
 * Inline buttons where there are choices, else a button that shares the phone number, else whatever keyboard stood there
 * goes. A message has room for one sort: choices beside a question for a number ("Giữ nguyên") mean that one is known, and
 * an older person should not have to look for buttons in two places; the number can still be typed.
 */
export function markupOf({ buttons, asks }: Pick<OutMessage, 'buttons' | 'asks'>): ReplyMarkup {
  if (buttons.length > 0) return { inline_keyboard: rowsOf(buttons) };
  if (asks === undefined) return { remove_keyboard: true };
  const share = { text: wellFormed(asks.label), request_contact: true };
  // Folds away once pressed; the next message without buttons takes it off for those who typed.
  return { keyboard: [[share]], resize_keyboard: true, one_time_keyboard: true };
}

/** Choices to read in the text too: there are many, or a phone would not show a label whole. Empty when the buttons do. */
export function choicesInText(buttons: readonly OutButton[]): readonly string[] {
  const fit = buttons.length <= AT_A_GLANCE && buttons.every(({ label }) => label.length <= WHOLE);
  if (fit) return [];
  return buttons.map(
    (button, index) => `${numberOf(button, index, buttons)?.concat('.') ?? '•'} ${button.label}`,
  );
}

/** One a row; two short neighbours share one. */
function rowsOf(buttons: readonly OutButton[]): readonly (readonly InlineButton[])[] {
  const rows: InlineButton[][] = [];
  let open = false;
  buttons.forEach((button, index) => {
    const shown = inlineOf(button, index, buttons);
    const short = button.label.length <= SHORT;
    if (open && short) rows.at(-1)?.push(shown);
    else rows.push([shown]);
    open = short && !open;
  });
  return rows;
}

function inlineOf(button: OutButton, index: number, all: readonly OutButton[]): InlineButton {
  const { id, label } = button;
  if (Buffer.byteLength(id) > MAX_ID_BYTES || id === '')
    throw new AppError('engine-bound', 'a button id of 0 or over 64 bytes');
  const number = numberOf(button, index, all);
  const words = wellFormed(label);
  return { text: number === null ? words : `${number} · ${words}`, callback_data: id };
}

/**
 * The number that picks a button when it is typed. Where a typed number is something else (a line of the review), none: it
 * would mislead. The same rule as on the web page.
 */
function numberOf({ id }: OutButton, index: number, all: readonly OutButton[]): string | null {
  if (all.length < 2) return null;
  const offered = all.every((one) => /^[ld]\|(?!send)/.test(one.id));
  // Where a filing stops nothing else is asked.
  const stop = all.some((one) => one.id.startsWith('c|send-anyway'));
  return offered || stop || /^a\|[^|]*\|(?!-)/.test(id) ? String(index + 1) : null;
}
