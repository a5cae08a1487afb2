/** The filing that is measured: an extract of the birth record, for oneself, from the link to the button. */
export const SLUG = 'trich-luc-ho-tich';
export const ANSWERS = [
  ...[
    'Phường Mẫu',
    '1',
    '1',
    'giấy khai sinh',
    'Nguyễn Thị Hoa',
    '001185012345',
    'xã Hòa Phong, huyện Hòa Vang, Đà Nẵng',
  ],
  ...['15/6/1985', 'bỏ qua', 'hai bản', '1', '0912 345 678'],
] as const;

/** What a page posts, in order. Every message is one turn, so the button carries the number of those before it. */
export const POSTS: readonly Readonly<Record<string, string>>[] = [
  { start: SLUG },
  ...ANSWERS.map((text) => ({ text })),
  { choice: `d|send|${ANSWERS.length + 1}|`, label: 'Gửi cho cán bộ' },
];
