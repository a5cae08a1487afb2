/** Updates as Telegram sends them, and as nobody should: what each is for the house. */
import fc from 'fast-check';
import { readUpdate } from '../../src/channels/telegram/update';
import { commandOf } from '../../src/understand/commands';

const from = { id: 7, is_bot: false, first_name: 'Lan', language_code: 'vi' };
const chat = { id: 7, type: 'private', first_name: 'Lan' };
const address = { channel: 'telegram', account: 'default', chat: '7' };

const read = (update: unknown) => readUpdate(update, { account: 'default' });
const message = (content: object, about: object = {}) => ({
  update_id: 41,
  message: { message_id: 3, from, chat, date: 1_795_000_000, ...content, ...about },
});

/** The events of a message but for their address. */
function events(content: object) {
  const found = read(message(content));
  if (found === null || 'group' in found) return found;
  return found.events.map((event) => {
    expect(event.address).toEqual(address);
    return { ...event, address: undefined };
  });
}

const file = (id: string) => ({ file_id: id, file_unique_id: `u-${id}`, file_size: 1000 });
const incoming = (ref: string, more: object = {}) => ({
  source: { type: 'remote', ref },
  print: `u-${ref}`,
  pdf: false,
  name: '',
  ...more,
});

describe('a message is read as', () => {
  it.each([
    ['words', { text: 'xin chào' }, { type: 'text', text: 'xin chào' }],
    ['words with half a letter', { text: 'a\ud83d\u0000b' }, { type: 'text', text: 'a\ufffdb' }],
    ['a first contact', { text: '/start' }, { type: 'start' }],
    ['a deep link', { text: '/start demo--khai-sinh' }, { type: 'start', link: 'demo--khai-sinh' }],
    ['a deep link with a code', { text: '/start 2-000635' }, { type: 'start', link: '2-000635' }],
    ['a link no deep link may be', { text: '/start ../etc' }, { type: 'start' }],
    ['a link too long', { text: `/start ${'a'.repeat(65)}` }, { type: 'start' }],
    ['a command with a number', { text: '/sua 3' }, { type: 'text', text: 'sửa 3' }],
    ['a command with the name of the bot', { text: '/dung@mot_cua_bot' }, { type: 'text', text: 'dừng' }],
    ['another bot’s command', { text: '/pay now' }, { type: 'text', text: '/pay now' }],
    [
      'a place',
      { location: { latitude: 21.03, longitude: 105.85 } },
      { type: 'location', latitude: 21.03, longitude: 105.85 },
    ],
    [
      'a venue, by its place',
      { venue: { title: 'UBND' }, location: { latitude: 1, longitude: 2 } },
      { type: 'location', latitude: 1, longitude: 2 },
    ],
    [
      'the own number',
      { contact: { phone_number: '84912345678', first_name: 'Lan', user_id: 7 } },
      { type: 'contact', phone: '84912345678', own: true },
    ],
    [
      'somebody’s number',
      { contact: { phone_number: '+84912345678', first_name: 'Na', user_id: 8 } },
      { type: 'contact', phone: '+84912345678', own: false },
    ],
    [
      'a number of no user',
      { contact: { phone_number: '0912345678', first_name: 'Na' } },
      { type: 'contact', phone: '0912345678', own: false },
    ],
    ['a sticker', { sticker: file('s') }, { type: 'unsupported', what: 'sticker' }],
    ['a video', { video: file('v') }, { type: 'unsupported', what: 'video' }],
    ['a round video', { video_note: file('v') }, { type: 'unsupported', what: 'video' }],
    ['a GIF', { animation: file('g'), document: file('g') }, { type: 'unsupported', what: 'video' }],
    [
      'a video as a file',
      { document: { ...file('v'), mime_type: 'video/mp4' } },
      { type: 'unsupported', what: 'video' },
    ],
    ['music', { audio: file('m') }, { type: 'unsupported' }],
    ['a poll', { poll: { id: '1' } }, { type: 'unsupported' }],
  ])('%s', (_name, content, event) => {
    expect(events(content)).toEqual([{ id: 'u41', ...event }]);
  });

  it('a photo in its largest size', () => {
    expect(events({ photo: [file('small'), file('large')] })).toEqual([
      { id: 'u41', type: 'photos', files: [incoming('large')] },
    ]);
  });

  it.each([
    [
      { file_name: 'giấy.pdf', mime_type: 'application/pdf' },
      { name: 'giấy.pdf', pdf: true },
    ],
    [{ file_name: 'GIAY.PDF' }, { name: 'GIAY.PDF', pdf: true }],
    [{ mime_type: 'application/pdf' }, { name: '', pdf: true }],
    [
      { file_name: 'IMG_1.HEIC', mime_type: 'image/heic' },
      { name: 'IMG_1.HEIC', pdf: false },
    ],
  ])('a file %j', (about, seen) => {
    expect(events({ document: { ...file('d'), ...about } })).toEqual([
      { id: 'u41', type: 'photos', files: [incoming('d', seen)] },
    ]);
  });

  it('one of an album', () => {
    expect(events({ photo: [file('a')], media_group_id: '1399' })).toEqual([
      { id: 'u41', type: 'photos', files: [incoming('a')], album: '1399' },
    ]);
  });

  it('a photo, then the words under it', () => {
    expect(events({ photo: [file('a')], caption: 'giấy chứng sinh' })).toEqual([
      { id: 'u41', type: 'photos', files: [incoming('a')] },
      { id: 'u41-caption', type: 'text', text: 'giấy chứng sinh', caption: true },
    ]);
  });

  it('a spoken note', () => {
    expect(events({ voice: { ...file('v'), duration: 12, mime_type: 'audio/ogg' } })).toEqual([
      { id: 'u41', type: 'voice', file: incoming('v'), seconds: 12 },
    ]);
  });

  it.each([
    ['a pinned message', { pinned_message: { text: 'x' } }],
    ['blank words', { text: ' \n ' }],
    ['nothing at all', {}],
  ])('nothing: %s', (_name, content) => {
    expect(read(message(content))).toBeNull();
  });

  it('nothing when a bot wrote it', () => {
    expect(read(message({ text: 'x' }, { from: { ...from, is_bot: true } }))).toBeNull();
  });

  it.each([
    '/menu',
    '/tieptuc',
    '/tiep_tuc',
    '/sua',
    '/quaylai',
    '/doclai',
    '/dung',
    '/trangthai',
    '/gapcanbo',
  ])('words that work, from %s', (slash) => {
    const found = events({ text: slash }) as readonly { readonly text: string }[];
    expect(commandOf(found[0]?.text ?? '')).not.toBeNull();
  });

  it.each(['/dulieu', '/mydata', '/xungho', '/english', '/tiengviet', '/officer', '/status', '/resume'])(
    'words that work, from %s too',
    (slash) => {
      const found = events({ text: slash }) as readonly { readonly text: string }[];
      expect(commandOf(found[0]?.text ?? '')).not.toBeNull();
    },
  );
});

describe('another update', () => {
  it('names the agency of its account', () => {
    const found = readUpdate(message({ text: 'chào' }), { account: 'phuong-a', agency: 'a' });
    expect(found).toEqual({
      chat: '7',
      events: [
        {
          id: 'u41',
          type: 'text',
          text: 'chào',
          agency: 'a',
          address: { ...address, account: 'phuong-a' },
        },
      ],
    });
  });

  it('is an edited message', () => {
    const edited = { update_id: 5, edited_message: message({ text: 'b' }).message };
    expect(read(edited)).toMatchObject({ events: [{ id: 'u5', type: 'unsupported', what: 'edited' }] });
  });

  it('is not a place that moves', () => {
    const live = { location: { latitude: 1, longitude: 2 }, edit_date: 9 };
    expect(read({ update_id: 5, edited_message: message(live).message })).toBeNull();
  });

  it.each([
    ['kicked', 'left'],
    ['member', 'joined'],
  ])('says that the bot is %s: %s', (status, type) => {
    const change = { chat, from, date: 1, new_chat_member: { user: { id: 1 }, status } };
    expect(read({ update_id: 6, my_chat_member: change })).toEqual({
      chat: '7',
      events: [{ id: 'u6', type, address }],
    });
  });

  it.each([
    ['words in a group', message({ text: 'x', chat: { id: -100, type: 'supergroup' } })],
    [
      'an invitation',
      {
        update_id: 6,
        my_chat_member: { chat: { id: -100, type: 'group' }, new_chat_member: { status: 'member' } },
      },
    ],
  ])('is a group: %s', (_name, update) => {
    expect(read(update)).toEqual({ group: '-100' });
  });

  it('is nothing when it tells that the bot has left a group', () => {
    const change = { chat: { id: -100, type: 'group' }, new_chat_member: { status: 'left' } };
    expect(read({ update_id: 6, my_chat_member: change })).toBeNull();
  });
});

describe('a tap', () => {
  const keyboard = {
    inline_keyboard: [
      [{ text: '✅ 1 · Nam', callback_data: 'c:sex:0' }],
      [{ text: '2 · Nữ', callback_data: 'c:sex:1' }],
      [{ text: 'Trang', url: 'https://xa.vn/' }],
    ],
  };
  const tapped = (
    data: string,
    about: object = { message_id: 9, chat, date: 1, reply_markup: keyboard },
  ) => ({
    update_id: 8,
    callback_query: { id: '555', from, message: about, chat_instance: 'x', data },
  });

  it.each([
    ['c:sex:0', 'Nam'],
    ['c:sex:1', 'Nữ'],
  ])('says %s and its label', (data, label) => {
    expect(read(tapped(data))).toEqual({
      chat: '7',
      events: [{ id: 'u8', type: 'choice', choice: data, label, address }],
      tap: { id: '555', chat: '7', messageId: 9, keyboard, data },
    });
  });

  it('on a message that is gone has no label', () => {
    const gone = tapped('c:sex:0', { message_id: 9, chat, date: 0 });
    expect(read(gone)).toMatchObject({
      events: [{ type: 'choice', choice: 'c:sex:0' }],
      tap: { messageId: 9, keyboard: null },
    });
    expect(JSON.stringify(read(gone))).not.toContain('label');
  });

  it.each([
    ['no chat', tapped('c', {})],
    ['data over 64 bytes', tapped('ế'.repeat(22))],
    ['a group', tapped('c', { message_id: 9, chat: { id: -1, type: 'group' }, date: 1 })],
  ])('with %s is nothing', (_name, update) => {
    expect(read(update)).toBeNull();
  });
});

describe('whatever else comes', () => {
  it.each([
    ['null', null],
    ['a list', [message({ text: 'x' })]],
    ['words', 'update'],
    ['no id', { message: message({ text: 'x' }).message }],
    ['an id that is no number', { ...message({ text: 'x' }), update_id: '41' }],
    ['an id no number can hold', { ...message({ text: 'x' }), update_id: 1e300 }],
    ['a chat id no number can hold', message({ text: 'x', chat: { id: 2 ** 60, type: 'private' } })],
    ['a chat without a sort', message({ text: 'x', chat: { id: 7 } })],
    ['text that is an object', message({ text: { toString: 'x' } })],
    ['a message that is words', { update_id: 1, message: 'x' }],
    ['photos that are words', message({ photo: 'x' })],
    ['an unknown kind', { update_id: 1, inline_query: { id: '1', from, query: 'x' } }],
    ['a prototype', JSON.parse('{"update_id":1,"__proto__":{"message":{"text":"x"}}}')],
  ])('%s says nothing and breaks nothing', (_name, update) => {
    const found = read(update);
    expect(found === null || !('events' in found) || found.events[0]?.type === 'unsupported').toBe(true);
  });

  it('however deep, it is not carried on', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const update = JSON.parse(
      `{"update_id":1,"callback_query":{"id":"1","data":"c","from":${JSON.stringify(from)},"message":{"message_id":1,"chat":${JSON.stringify(chat)},"reply_markup":{"inline_keyboard":[[${deep}]]}}}}`,
    ) as unknown;
    expect(JSON.stringify(read(update))).toContain('"choice":"c"');
  });

  it('never throws, and says nothing an event may not hold', () => {
    const keys = [
      'update_id',
      'message',
      'callback_query',
      'my_chat_member',
      'edited_message',
      'chat',
      'from',
    ];
    const more = [
      'id',
      'type',
      'text',
      'photo',
      'document',
      'voice',
      'contact',
      'location',
      'data',
      'caption',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium' },
        fc.jsonValue(),
        fc.constantFrom(7, 'private', 'group', '/start x', 'x'.repeat(5_000), 2 ** 53, -0.5),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys, ...more), tie('tree'), { maxKeys: 9 }),
      ),
    }));
    fc.assert(
      fc.property(tree, tree, tree, (whole, inner, chatLike) => {
        const shaped = {
          update_id: 1,
          message: { chat, from, ...(inner as object), photo: chatLike, text: whole },
        };
        for (const update of [whole, shaped, { update_id: 1, callback_query: inner, message: whole }]) {
          const found = read(update);
          if (found === null || 'group' in found) continue;
          expect(found.events.length).toBeGreaterThan(0);
          for (const event of found.events) {
            expect(event.id.length).toBeLessThanOrEqual(128);
            expect(event.address.chat).toMatch(/^\d+$/);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
