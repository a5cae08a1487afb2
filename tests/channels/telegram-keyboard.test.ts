/** Buttons under a message, and what they look like once pressed. */
import { choicesInText, markupOf } from '../../src/channels/telegram/keyboard';
import { wordsOf } from '../../src/channels/telegram/render';
import { markedKeyboard } from '../../src/channels/telegram/tap';
import { codeOf } from '../../src/errors';
import type { OutButton } from '../../src/ports/channel';

const answer = (label: string, step = 'child.sex'): OutButton => ({ id: `a|${step}|${label}`, label });
const answers = (...labels: readonly string[]) => labels.map((label) => answer(label));
const shown = (buttons: readonly OutButton[]): unknown => {
  const markup = markupOf({ buttons }) as { inline_keyboard: { text: string }[][] };
  return markup.inline_keyboard.map((row) => row.map(({ text }) => text));
};

test.each([
  ['two short ones share a row', answers('Nam', 'Nữ'), [['1 · Nam', '2 · Nữ']]],
  ['three short ones', answers('Một', 'Hai', 'Ba'), [['1 · Một', '2 · Hai'], ['3 · Ba']]],
  [
    'a long one has its own',
    answers('Nam', 'Chưa biết được', 'Nữ'),
    [['1 · Nam'], ['2 · Chưa biết được'], ['3 · Nữ']],
  ],
  ['one alone has no number', answers('Đúng rồi'), [['Đúng rồi']]],
  [
    'a typed number in the review is a line of it',
    [
      { id: 'd|send|4|', label: 'GỬI' },
      { id: 'c|edit|', label: 'Sửa' },
    ],
    [['GỬI', 'Sửa']],
  ],
  [
    'where a filing stops, numbers pick',
    [
      { id: 'c|edit|opening.commune', label: 'Sửa' },
      { id: 'c|send-anyway|', label: 'Vẫn gửi' },
    ],
    [['1 · Sửa', '2 · Vẫn gửi']],
  ],
  [
    'offers outside a flow are picked by number',
    [
      { id: 'l|flow|khai-sinh', label: 'Khai sinh' },
      { id: 'l|menu|', label: 'Khác' },
    ],
    [['1 · Khai sinh', '2 · Khác']],
  ],
])('%s', (_, buttons, rows) => {
  expect(shown(buttons)).toEqual(rows);
});

test('the id of a button is what comes back', () => {
  const [first] = answers('Nam');
  expect(markupOf({ buttons: [first!] })).toEqual({
    inline_keyboard: [[{ text: 'Nam', callback_data: 'a|child.sex|Nam' }]],
  });
});

test('an id over 64 bytes is a fault of ours', () => {
  const long = { id: `a|x|${'ữ'.repeat(21)}`, label: 'x' };
  let code = '';
  try {
    markupOf({ buttons: [long] });
  } catch (error) {
    code = codeOf(error);
  }
  expect(code).toBe('engine-bound');
});

test('a phone number can be shared with one press, in the words given', () => {
  const asks = { type: 'phone', label: 'Gửi số điện thoại của tôi' } as const;
  expect(markupOf({ buttons: [], asks })).toMatchObject({
    keyboard: [[{ text: 'Gửi số điện thoại của tôi', request_contact: true }]],
    one_time_keyboard: true,
  });
  expect(markupOf({ buttons: answers('Giữ nguyên'), asks })).toHaveProperty('inline_keyboard');
  expect(markupOf({ buttons: [] })).toEqual({ remove_keyboard: true });
});

describe('choices in the text', () => {
  const many = Array.from({ length: 9 }, (_, i) => answer(`Tháng ${i + 1}`));

  test('up to eight short ones are on the buttons alone', () => {
    expect(choicesInText(many.slice(0, 8))).toEqual([]);
  });

  test('more are listed', () => {
    expect(choicesInText(many).slice(0, 2)).toEqual(['1. Tháng 1', '2. Tháng 2']);
    const text = wordsOf({ text: 'Tháng mấy?', buttons: many });
    expect(text).toMatch(/^Tháng mấy\?\n\n1\. Tháng 1\n.*\n9\. Tháng 9$/su);
  });

  test('so are those a phone would cut; what has no number gets none', () => {
    const long = { id: 'c|back|', label: 'Quay lại câu hỏi trước về nơi cư trú' };
    expect(choicesInText([...answers('Nam'), long])).toEqual(['1. Nam', `• ${long.label}`]);
  });
});

test('links are shown whole, each with its name', () => {
  const links = [
    { label: 'Tra cứu', url: 'https://x.vn/tra-cuu' },
    { label: 'Quyền riêng tư', url: 'https://x.vn/quyen-rieng-tu' },
  ];
  expect(wordsOf({ text: 'Đã gửi.', buttons: [], links })).toBe(
    'Đã gửi.\n\nTra cứu: https://x.vn/tra-cuu\nQuyền riêng tư: https://x.vn/quyen-rieng-tu',
  );
});

describe('a pressed button', () => {
  const row = (...labels: readonly string[]) =>
    labels.map((text, i) => ({ text, callback_data: `a|sex|${i}` }));
  const rows = { inline_keyboard: [row('1 · Nam', '2 · Nữ')] };

  test('is marked, the others stay', () => {
    expect(markedKeyboard(rows, 'a|sex|1')).toEqual({ inline_keyboard: [row('1 · Nam', '✅ 2 · Nữ')] });
  });

  test('takes the mark from the one before', () => {
    const before = { inline_keyboard: [row('✅ 1 · Nam', '2 · Nữ')] };
    expect(markedKeyboard(before, 'a|sex|1')).toEqual({ inline_keyboard: [row('1 · Nam', '✅ 2 · Nữ')] });
  });

  test('pressed again changes nothing, and neither does one that is not there', () => {
    const before = { inline_keyboard: [row('✅ 1 · Nam', '2 · Nữ')] };
    expect(markedKeyboard(before, 'a|sex|0')).toEqual(before);
    expect(markedKeyboard(before, 'a|sex|7')).toBeNull();
  });

  test('of a deed stays alone: it works once', () => {
    const deed = { text: 'GỬI', callback_data: 'd|send|4|' };
    const other = { text: 'Sửa', callback_data: 'c|edit|' };
    const both = { inline_keyboard: [[deed], [other]] };
    expect(markedKeyboard(both, 'd|send|4|')).toEqual({ inline_keyboard: [[{ ...deed, text: '✅ GỬI' }]] });
    expect(markedKeyboard(both, 'c|edit|')).toEqual({
      inline_keyboard: [[deed], [{ ...other, text: '✅ Sửa' }]],
    });
  });
});
