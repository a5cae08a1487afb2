/** A citizen with a phone: what they do becomes updates, what the bot does they see. */
import { isImage, photoSizes, documentOf } from './sending';
import { asLine, shownOf, talkOf, waitUntil, type Shown, type ShownButton } from './shown';
import type { Entity, Message, ReplyButton, Update, User } from './wire';
import {
  chatOf,
  emit,
  epochSeconds,
  storeFile,
  tapEnd,
  type Bot,
  type Chat,
  type Toast,
  type World,
} from './world';

/** Which button: its data, its label (also of the reply keyboard), or any data on any message, also forged or stale. */
export type Press = string | { readonly message: Shown | number; readonly data: string };

/** Where a citizen writes and reads: the talk with the bot alone, or a group. */
export interface Place {
  readonly chatId: number;
  /** @throws Error above 4,096 letters: a phone sends those in parts. */
  text(words: string): Update;
  press(button: Press): Update;
  /** The bot's messages, oldest first, as they are now. */
  shown(): readonly Shown[];
  /** Both sides. */
  talk(): readonly Shown[];
  /** Resolves with the first truthy answer of `look`. Default 5,000 ms. @throws Error with the screen's text */
  waitFor<T>(look: (shown: readonly Shown[]) => T | undefined | null | false, ms?: number): Promise<T>;
  /** The newest message of the bot that contains it (waits up to `ms`, default 5,000). */
  waitForText(part: string | RegExp, ms?: number): Promise<Shown>;
  /** The bot's next message this place has not handed out yet by `next`. */
  next(ms?: number): Promise<Shown>;
}

export interface Group extends Place {
  /** The group removes the bot. */
  kick(): Update;
}

export interface Citizen extends Place {
  readonly user: User;
  /** `/start` or `/start <payload>` of a deep link (≤ 64 of A-Za-z0-9_-). */
  start(payload?: string): Update;
  photo(bytes: Buffer, options?: { readonly caption?: string; readonly album?: string }): Update;
  /** Several updates with one media_group_id; the caption is on the first. */
  album(photos: readonly Buffer[], options?: { readonly caption?: string }): readonly Update[];
  document(
    bytes: Buffer,
    options?: {
      readonly name?: string;
      readonly mime?: string;
      readonly caption?: string;
      readonly album?: string;
    },
  ): Update;
  voice(bytes: Buffer, options?: { readonly seconds?: number }): Update;
  location(latitude: number, longitude: number): Update;
  /** `own` false: somebody else's card. Default true. */
  contact(phone: string, options?: { readonly own?: boolean }): Update;
  sticker(): Update;
  /** Rewrites a message of their own. */
  edit(message: Update | number, words: string): Update;
  block(): Update;
  unblock(): Update;
  joinGroup(title?: string): Group;
  /** Labels of the reply keyboard under the text field, or none. */
  keyboard(): readonly (readonly string[])[];
  toasts(): readonly Toast[];
  /** `typing`, … with epoch milliseconds. */
  actions(): readonly { readonly at: number; readonly action: string }[];
  /** Ids of taps that still spin. */
  spinning(): readonly string[];
}

export interface CitizenOptions {
  readonly id?: number;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly username?: string;
  /** Language of the phone. Default `vi`. */
  readonly language?: string;
}

/** Bot API: C2 "delivered as text"; a client marks commands, which libraries look for. */
const commandIn = (words: string): readonly Entity[] => {
  const command = /^\/\w{1,32}(@\w+)?/.exec(words)?.[0];
  return command === undefined ? [] : [{ type: 'bot_command', offset: 0, length: command.length }];
};

type Content = Omit<Message, 'message_id' | 'from' | 'chat' | 'date'>;

interface Phone {
  readonly world: World;
  readonly bot: Bot;
  readonly user: User;
  readonly chat: Chat;
}

function write({ world, bot, user, chat }: Phone, content: Content): Update {
  if (chat.blocked) throw new Error('this citizen blocked the bot: unblock() first');
  bot.lastMessageId += 1;
  const message: Message = {
    message_id: bot.lastMessageId,
    from: user,
    chat: chat.info,
    date: epochSeconds(),
    ...content,
  };
  if (!world.options.stub)
    chat.messages.set(message.message_id, { message, by: 'citizen', edits: 0, at: Date.now() });
  const update = emit(world, bot, { message });
  world.changed(chat);
  return update;
}

function tap({ world, bot, user, chat }: Phone, messageId: number, data: string): Update {
  const id = String(BigInt(user.id) * 4_294_967_296n + BigInt(bot.taps.size + 1));
  bot.taps.set(id, { user: user.id, chat: chat.info.id, until: tapEnd(world), answered: false });
  const known = chat.messages.get(messageId)?.message;
  const message = known ?? { message_id: messageId, chat: chat.info, date: 0 };
  return emit(world, bot, {
    callback_query: { id, from: user, message, chat_instance: `${chat.info.id}`, data },
  });
}

const flat = (message: Shown): readonly ShownButton[] => message.buttons.flat();

function pressOn(phone: Phone, place: Place, contact: (button: ReplyButton) => Update, press: Press): Update {
  if (typeof press !== 'string') {
    return tap(
      phone,
      typeof press.message === 'number' ? press.message : press.message.messageId,
      press.data,
    );
  }
  const newest = [...place.shown()].reverse();
  for (const message of newest) {
    const button = flat(message).find(({ data, label }) => data === press || label === press);
    if (button?.data !== undefined) return tap(phone, message.messageId, button.data);
    if (button !== undefined) throw new Error(`"${press}" opens a page: no tap reaches the bot`);
  }
  const key = keyboardOf(phone.chat).find((button) => button.text === press);
  if (key !== undefined) return contact(key);
  const there = newest.flatMap(flat).map(({ label, data }) => `${label} (${data ?? 'link'})`);
  throw new Error(`no button "${press}"; there are: ${there.join(', ') || 'none'}`);
}

/** The keyboard that stands now: the last one brought and not removed since. */
function keyboardOf(chat: Chat): readonly ReplyButton[] {
  return keyboardRows(chat).flat();
}

function keyboardRows(chat: Chat): readonly (readonly ReplyButton[])[] {
  const markups = [...chat.messages.values()].map(({ message }) => message.reply_markup);
  const last = markups.findLast(
    (markup) => markup?.keyboard !== undefined || markup?.remove_keyboard === true,
  );
  return (last?.keyboard ?? []).map((row) =>
    row.map((button) => (typeof button === 'string' ? { text: button } : button)),
  );
}

function makePlace(phone: Phone, onKey: (button: ReplyButton) => Update): Place {
  const { world, bot, chat } = phone;
  const handedOut = new Set<number>();
  const screen = (): string => talkOf(bot, chat).map(asLine).join('\n');
  const byBot = (): readonly Shown[] =>
    [...chat.messages.values()].filter(({ by }) => by === 'bot').map((kept) => shownOf(bot, kept));
  const place: Place = {
    chatId: chat.info.id,
    text(words) {
      if (words.length > 4096) throw new Error('a phone sends at most 4,096 letters in one message');
      const entities = commandIn(words);
      return write(phone, { text: words, ...(entities.length > 0 ? { entities } : {}) });
    },
    press: (button) => pressOn(phone, place, onKey, button),
    shown: byBot,
    talk: () => talkOf(bot, chat),
    waitFor: (look, ms = 5000) => waitUntil(world, chat, () => look(byBot()), ms, screen),
    waitForText(part, ms = 5000) {
      const fits = (text: string): boolean =>
        typeof part === 'string' ? text.includes(part) : part.test(text);
      return waitUntil(world, chat, () => byBot().findLast(({ text }) => fits(text)), ms, screen);
    },
    async next(ms = 5000) {
      const fresh = (): Shown | undefined => byBot().find(({ messageId }) => !handedOut.has(messageId));
      const message = await waitUntil(world, chat, fresh, ms, screen);
      handedOut.add(message.messageId);
      return message;
    },
  };
  return place;
}

/** `my_chat_member`: what became of the bot in this chat. */
function memberChange({ world, bot, user, chat }: Phone, was: string, is: string): Update {
  const member = (status: string): { user: User; status: string } => ({ user: bot.user, status });
  return emit(world, bot, {
    my_chat_member: {
      chat: chat.info,
      from: user,
      date: epochSeconds(),
      old_chat_member: member(was),
      new_chat_member: member(is),
    },
  });
}

function joinGroup({ world, bot, user }: Phone, title: string): Group {
  const id = -1_000_000 - bot.chats.size;
  const chat = chatOf(bot, { id, type: 'group', title });
  const phone = { world, bot, user, chat };
  memberChange(phone, 'left', 'member');
  write(phone, { new_chat_members: [bot.user] });
  return {
    ...makePlace(phone, (button) => write(phone, { text: button.text })),
    kick() {
      chat.left = true;
      return memberChange(phone, 'member', 'kicked');
    },
  };
}

type Files = Pick<Citizen, 'photo' | 'album' | 'document' | 'voice' | 'sticker'>;

function sendsFiles(phone: Phone): Files {
  const { bot } = phone;
  const photo: Citizen['photo'] = (bytes, { caption, album } = {}) => {
    const mime = isImage(bytes) && bytes[0] === 0x89 ? 'image/png' : 'image/jpeg';
    const file = storeFile(bot, { type: 'Photo', bytes, name: 'photo.jpg', mime });
    return write(phone, {
      photo: photoSizes(bot, file),
      ...(caption === undefined ? {} : { caption }),
      ...(album === undefined ? {} : { media_group_id: album }),
    });
  };
  return {
    photo,
    album(photos, { caption } = {}) {
      const album = `1300${bot.user.id}${bot.lastMessageId}`;
      return photos.map((bytes, index) =>
        photo(bytes, { album, ...(index === 0 && caption !== undefined ? { caption } : {}) }),
      );
    },
    document(bytes, { name = 'giay-to.pdf', mime = 'application/pdf', caption, album } = {}) {
      const file = storeFile(bot, { type: 'Document', bytes, name, mime });
      return write(phone, {
        document: documentOf(file),
        ...(caption === undefined ? {} : { caption }),
        ...(album === undefined ? {} : { media_group_id: album }),
      });
    },
    voice(bytes, { seconds = 3 } = {}) {
      // Bot API: C2 "Voice … OGG/Opus".
      const { ref, mime } = storeFile(bot, { type: 'Voice', bytes, name: 'voice.oga', mime: 'audio/ogg' });
      return write(phone, { voice: { ...ref, duration: seconds, mime_type: mime } });
    },
    sticker() {
      const bytes = Buffer.from('RIFF....WEBPsticker');
      const { ref } = storeFile(bot, { type: 'Sticker', bytes, name: 'sticker.webp', mime: 'image/webp' });
      return write(phone, { sticker: { ...ref, type: 'regular', width: 512, height: 512, emoji: '🙏' } });
    },
  };
}

function edit(phone: Phone, which: Update | number, words: string): Update {
  const { world, bot, chat } = phone;
  const id = typeof which === 'number' ? which : (which.message?.message_id ?? 0);
  const kept = chat.messages.get(id);
  if (kept?.by !== 'citizen') throw new Error(`message ${id} is not one of this citizen's`);
  const message: Message = { ...kept.message, text: words, edit_date: epochSeconds() };
  chat.messages.set(id, { ...kept, message, edits: kept.edits + 1 });
  return emit(world, bot, { edited_message: message });
}

/** A citizen of one bot. The chat begins to exist (for the bot) with their first message. */
export function makeCitizen(world: World, bot: Bot, options: CitizenOptions): Citizen {
  const { id = 7_000_001 + bot.chats.size, firstName = 'Lan', lastName, username, language = 'vi' } = options;
  const user: User = {
    id,
    is_bot: false,
    first_name: firstName,
    ...(lastName === undefined ? {} : { last_name: lastName }),
    ...(username === undefined ? {} : { username }),
    language_code: language,
  };
  const chat = chatOf(bot, { id, type: 'private', first_name: firstName });
  const phone: Phone = { world, bot, user, chat };
  const contact: Citizen['contact'] = (phoneNumber, { own = true } = {}) =>
    write(phone, {
      contact: { phone_number: phoneNumber, first_name: firstName, user_id: own ? id : id + 1 },
    });
  const location: Citizen['location'] = (latitude, longitude) =>
    write(phone, { location: { latitude, longitude } });
  const onKey = (key: ReplyButton): Update => {
    if (key.request_contact) return contact('84912345678');
    return key.request_location ? location(21.0285, 105.8542) : place.text(key.text);
  };
  const place = makePlace(phone, onKey);
  return {
    ...place,
    ...sendsFiles(phone),
    user,
    start: (payload) => place.text(payload === undefined ? '/start' : `/start ${payload}`),
    location,
    contact,
    edit: (which, words) => edit(phone, which, words),
    block() {
      chat.blocked = true;
      return memberChange(phone, 'member', 'kicked');
    },
    unblock() {
      chat.blocked = false;
      return memberChange(phone, 'kicked', 'member');
    },
    joinGroup: (title = 'Tổ dân phố 5') => joinGroup(phone, title),
    keyboard: () => keyboardRows(chat).map((row) => row.map(({ text }) => text)),
    toasts: () => chat.toasts,
    actions: () => chat.actions,
    spinning: () =>
      [...bot.taps].filter(([, one]) => one.user === id && !one.answered).map(([tapId]) => tapId),
  };
}
