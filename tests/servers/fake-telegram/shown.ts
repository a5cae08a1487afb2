/** What a person sees in a chat: no markup, no ids of the API, in the order of the screen. */
import type { Entity, Markup } from './wire';
import type { Bot, Chat, Kept, World } from './world';

export interface ShownButton {
  readonly label: string;
  /** `callback_data` of the button. */
  readonly data?: string;
  readonly url?: string;
}

export interface ShownFile {
  readonly name: string;
  readonly mime: string;
  readonly bytes: Buffer;
}

export interface Shown {
  readonly messageId: number;
  readonly by: 'bot' | 'citizen';
  /** Text or caption as read: markup stripped, ends trimmed. */
  readonly text: string;
  readonly entities: readonly Entity[];
  /** Inline buttons, row by row; empty without. */
  readonly buttons: readonly (readonly ShownButton[])[];
  /** Labels of the keyboard this message brought, row by row. */
  readonly replyKeyboard?: readonly (readonly string[])[];
  readonly removeKeyboard?: true;
  readonly photo?: ShownFile;
  readonly document?: ShownFile;
  readonly voice?: ShownFile;
  /** Same for all of one album. */
  readonly album?: string;
  /** How many times it was edited. */
  readonly edits: number;
  /** ms epoch it appeared. */
  readonly at: number;
}

const labelOf = (button: string | { readonly text: string }): string =>
  typeof button === 'string' ? button : button.text;

function shownMarkup(
  markup: Markup | undefined,
): Pick<Shown, 'buttons' | 'replyKeyboard' | 'removeKeyboard'> {
  const buttons = (markup?.inline_keyboard ?? []).map((row) =>
    row.map(({ text, callback_data: data, url }) => ({
      label: text,
      ...(data === undefined ? {} : { data }),
      ...(url === undefined ? {} : { url }),
    })),
  );
  return {
    buttons,
    ...(markup?.keyboard === undefined
      ? {}
      : { replyKeyboard: markup.keyboard.map((row) => row.map(labelOf)) }),
    ...(markup?.remove_keyboard === true ? { removeKeyboard: true as const } : {}),
  };
}

function fileShown(bot: Bot, id: string | undefined): ShownFile | undefined {
  const file = id === undefined ? undefined : bot.files.get(id);
  return file === undefined ? undefined : { name: file.name, mime: file.mime, bytes: file.bytes };
}

export function shownOf(bot: Bot, { message, by, edits, at }: Kept): Shown {
  const photo = fileShown(bot, message.photo?.at(-1)?.file_id);
  const document = fileShown(bot, message.document?.file_id);
  const voice = fileShown(bot, message.voice?.file_id);
  return {
    messageId: message.message_id,
    by,
    text: message.text ?? message.caption ?? '',
    entities: message.entities ?? message.caption_entities ?? [],
    ...shownMarkup(message.reply_markup),
    ...(photo === undefined ? {} : { photo }),
    ...(document === undefined ? {} : { document }),
    ...(voice === undefined ? {} : { voice }),
    ...(message.media_group_id === undefined ? {} : { album: message.media_group_id }),
    edits,
    at,
  };
}

/** Both sides, oldest first. */
export const talkOf = (bot: Bot, chat: Chat): readonly Shown[] =>
  [...chat.messages.values()].map((kept) => shownOf(bot, kept));

/**
 * Resolves with the first truthy thing `look` says, asked now and after each change.
 * @throws Error after `ms`, with what the screen showed last
 */
export function waitUntil<T>(
  world: World,
  place: object,
  look: () => T | undefined | null | false,
  ms: number,
  screen: () => string,
): Promise<T> {
  return new Promise((done, failed) => {
    const check = (): void => {
      try {
        const found = look();
        if (found === undefined || found === null || found === false) return;
        end();
        done(found);
      } catch (error) {
        end();
        failed(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const timer = setTimeout(() => {
      end();
      failed(new Error(`not seen within ${ms} ms; the chat shows:\n${screen()}`));
    }, ms);
    const stop = world.onChange(place, check);
    const end = (): void => {
      clearTimeout(timer);
      stop();
    };
    check();
  });
}

/** For people and failure messages: one line a message, buttons in brackets. */
export const asLine = ({ by, text, buttons, photo, document, replyKeyboard }: Shown): string =>
  [
    by === 'bot' ? '<' : '>',
    ...(photo === undefined ? [] : ['[photo]']),
    ...(document === undefined ? [] : [`[${document.name}]`]),
    text,
    ...buttons.flat().map(({ label }, index) => `[#${index + 1} ${label}]`),
    ...(replyKeyboard ?? []).flat().map((label) => `{${label}}`),
  ].join(' ');
