/** The filing that is measured: an extract of the birth record, for oneself, from the link to the button. */
export const SLUG = 'trich-luc-ho-tich';

/** What is typed. Each `n` is another person: the same one twice would be asked whether that is meant. */
export function answersOf(n: number): readonly string[] {
  const digits = String(n % 1_000_000).padStart(6, '0');
  return [
    ...['Phường Mẫu', '1', '1', 'giấy khai sinh', 'Nguyễn Thị Hoa', `001185${digits}`, 'bỏ qua'],
    ...['xã Hòa Phong, huyện Hòa Vang, Đà Nẵng', '15/6/1985', 'bỏ qua', 'hai bản', '1', `0912${digits}`],
  ];
}

type Post = Readonly<Record<string, string>>;

/** What a page posts, in order. Every message is one turn, so the button carries the number of those before it. */
export function postsOf(n: number): readonly Post[] {
  const answers = answersOf(n);
  return [
    { start: SLUG },
    ...answers.map((text) => ({ text })),
    { choice: `d|send|${answers.length + 1}|`, label: 'Gửi cho cán bộ' },
  ];
}
