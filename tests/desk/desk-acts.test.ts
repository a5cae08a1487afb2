/** Acts at the desk: the exact message first, then the deed; stale forms lose politely; files stay sealed. */
import { agencyDoc, browser, NOON, openHouse } from './house';
import type { Browser, House } from './house';
import { confirm, prepare } from './acting';

const HOME = agencyDoc('mau');
const OTHER = agencyDoc('khac', { communeCode: '00099', name: 'UBND xã Khác' });

let house: House;
let ly: Browser;

beforeEach(async () => {
  house = await openHouse();
  await house.store.agencies.create(HOME);
  await house.store.agencies.create(OTHER);
  await house.hire('ly', HOME);
  ly = browser(house.url);
  await ly.signIn('ly');
});
afterEach(() => house.close());

const audited = async () =>
  (await house.store.audit.last(100)).map(({ what, subject }) => `${what} ${subject ?? ''}`.trim());
const stored = async (id: string) => (await house.store.dossiers.byId(id))!.doc;

describe('an act', () => {
  it('shows the exact message, then does exactly that', async () => {
    const dossier = await house.send(HOME);
    const code = '000.21.45.H26-261122-0007';
    const preview = await prepare(ly, dossier.id, 'receive', { officialCode: code, dueOn: '2026-11-26' });
    expect(preview.status).toBe(200);
    const shown = /<p class="message">([\s\S]*?)<\/p>/.exec(preview.text)![1]!;
    expect(shown).toContain(code);
    expect(shown).toContain('26/11/2026');
    expect((await stored(dossier.id)).status).toBe(1);
    const done = await confirm(ly, dossier.id, preview);
    expect(done.status).toBe(303);
    const after = await stored(dossier.id);
    expect(after.parts[0]).toMatchObject({
      status: 2,
      officialCode: code,
      dueOn: '2026-11-26',
      receivedAt: NOON,
    });
    const told = after.acts.at(-1)!;
    expect(told).toMatchObject({ type: 'tell', text: shown, news: { status: 2 } });
    expect(house.rung).toContainEqual({ document: 'dossier', id: dossier.id, revision: 2 });
    expect(await audited()).toContain(`receive ${dossier.id}`);
    expect((await ly.get(done.headers.get('location')!)).text).toContain('Đã ghi: Tiếp nhận.');
  });

  it.each([
    [
      'receive',
      { officialCode: '<b>', dueOn: '2020-01-01' },
      ['Mã tiếp nhận chỉ gồm', 'Ngày hẹn trả phải là'],
    ],
    ['supplement', {}, ['Chọn ít nhất một mục']],
    ['supplement', { step: 'record.copies' }, ['Mỗi mục đã chọn cần một lý do']],
    ['refuse', { reason: 'Thiếu giấy' }, ['Ghi căn cứ pháp luật', 'Ghi việc dân nên làm tiếp']],
    ['note', { text: '   ' }, ['Ghi chú đang trống']],
  ])('%s says what is missing and keeps what was typed', async (act, fields, problems) => {
    const dossier = await house.send(HOME);
    const page = await prepare(ly, dossier.id, act, fields);
    expect(page.status).toBe(422);
    problems.forEach((problem) => expect(page.text).toContain(problem));
    if ('reason' in fields) expect(page.text).toContain('Thiếu giấy');
    expect((await stored(dossier.id)).status).toBe(1);
  });

  it('never sends citizens to a private account', async () => {
    const dossier = await house.send(HOME);
    await confirm(ly, dossier.id, await prepare(ly, dossier.id, 'receive', {}));
    await confirm(ly, dossier.id, await prepare(ly, dossier.id, 'process'));
    const bad = await prepare(ly, dossier.id, 'ask-payment', {
      amount: '8.000',
      way: 'counter',
      detail: 'STK 0123 4567 8901',
    });
    expect(bad.status).toBe(422);
    const good = await prepare(ly, dossier.id, 'ask-payment', {
      amount: '8.000',
      way: 'counter',
      detail: 'quầy số 2',
    });
    expect(good.text).toContain('8.000 đồng');
    await confirm(ly, dossier.id, good);
    expect((await stored(dossier.id)).parts[0]).toMatchObject({ status: 6, payment: { amount: 8000 } });
  });

  it('loses politely when somebody was faster, and keeps the words', async () => {
    const dossier = await house.send(HOME);
    const slow = await prepare(ly, dossier.id, 'refuse', {
      reason: 'Không thuộc xã này',
      law: 'Điều 4',
      next: 'Đến xã Khác',
    });
    const quick = await prepare(ly, dossier.id, 'note', { text: 'đã gọi điện' });
    expect((await confirm(ly, dossier.id, quick)).status).toBe(303);
    const lost = await confirm(ly, dossier.id, slow);
    expect(lost.status).toBe(409);
    expect(lost.text).toContain('đã gọi điện');
    expect(lost.text).toContain('Không thuộc xã này');
    expect((await stored(dossier.id)).status).toBe(1);
    const again = await prepare(ly, dossier.id, 'refuse', {
      reason: 'Không thuộc xã này',
      law: 'Điều 4',
      next: 'Đến xã Khác',
    });
    await confirm(ly, dossier.id, again);
    const twice = await confirm(ly, dossier.id, again);
    expect(twice.status).toBe(409);
    expect((await stored(dossier.id)).history.filter(({ event }) => event === 'refused')).toHaveLength(1);
  });

  it('gives the typed words back when the session ran out', async () => {
    const dossier = await house.send(HOME);
    const preview = await prepare(ly, dossier.id, 'refuse', {
      reason: 'Không thuộc xã này',
      law: 'Điều 4',
      next: 'Đến xã Khác',
    });
    house.clock.now += 3_600_000;
    const late = await confirm(ly, dossier.id, preview);
    expect(late.status).toBe(401);
    expect(late.text).toContain('Không thuộc xã này');
    expect((await stored(dossier.id)).status).toBe(1);
  });

  it('keeps a result file sealed and gives it to the own agency only', async () => {
    const dossier = await house.send(HOME);
    await confirm(ly, dossier.id, await prepare(ly, dossier.id, 'receive', {}));
    await confirm(ly, dossier.id, await prepare(ly, dossier.id, 'process'));
    const page = await ly.get(`/desk/dossiers/${dossier.id}`);
    const form = (bytes: Buffer) => {
      const data = new FormData();
      const own = {
        csrf: page.field('csrf'),
        part: '1',
        act: 'result',
        revision: page.field('revision'),
        seen: '3',
        kind: 'file',
      };
      Object.entries(own).forEach(([name, value]) => data.append(name, value));
      data.append('upload', new Blob([new Uint8Array(bytes)]), '../../kết "quả".html');
      return data;
    };
    const path = `/desk/dossiers/${dossier.id}/preview`;
    expect(await ly.post(path, form(Buffer.from('<html>')))).toMatchObject({ status: 422 });
    const pdf = Buffer.concat([
      Buffer.from('%PDF-1.7\n'),
      Buffer.alloc(5_000, 7),
      Buffer.from('\r\n--x\r\n'),
    ]);
    const preview = await ly.post(path, form(pdf));
    expect(preview.text).toContain('Bấm đường dẫn bên dưới để mở trang hồ sơ và tải về');
    expect((await confirm(ly, dossier.id, preview)).status).toBe(303);
    const { result } = (await stored(dossier.id)).parts[0]!;
    const answer = await fetch(`${house.url}/desk/attachments/${result!.attachment}`, {
      headers: { cookie: [...ly.cookies].map((pair) => pair.join('=')).join(';') },
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(pdf)).toBe(true);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment;.*\.pdf/);
    await house.hire('binh', OTHER);
    const other = browser(house.url);
    await other.signIn('binh');
    expect((await other.get(`/desk/attachments/${result!.attachment}`)).status).toBe(404);
    expect((await ly.post(path, form(Buffer.concat([pdf, Buffer.alloc(22_000_000)])))).status).toBe(413);
  });

  it('hands a stuck delivery over once more', async () => {
    const dossier = await house.send(HOME);
    const state = (await house.store.dossiers.byId(dossier.id))!;
    const parts = state.doc.parts.map((part) => ({
      ...part,
      delivery: { key: `${dossier.id}-1-1`, state: 'needs-officer' as const },
    }));
    await house.store.dossiers.save({ ...state.doc, parts }, state.revision, null);
    expect((await ly.get('/desk?view=trouble')).text).toContain(dossier.code);
    const page = await ly.get(`/desk/dossiers/${dossier.id}`);
    await ly.post(`/desk/dossiers/${dossier.id}/retry`, { csrf: page.field('csrf'), part: '1' });
    expect(house.retried).toEqual([`${dossier.id}-1-1`]);
  });
});
