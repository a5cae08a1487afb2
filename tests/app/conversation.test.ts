/** One citizen and one house, from first word to result: what they are told at each turn of the way. */
import { EXTRACT, fileExtract, officerActs, openRig, sendLabel, type Chat, type Rig } from './rig';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const settle = (chat: Chat) => chat.say('hồ sơ của tôi đến đâu rồi');

describe('filing', () => {
  it('asks one question after another and gives a code that is there', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    const found = await rig.house.store.dossiers.byCode(code);
    expect(found?.doc.answers.map((one) => [one.label, one.display])).toEqual(
      expect.arrayContaining([
        ['Họ và tên', 'Nguyễn Văn An'],
        ['Số bản', '2'],
      ]),
    );
    expect(found?.doc.people.applicant).toEqual({
      name: 'Nguyễn Văn An',
      nationalId: '001190000123',
      phone: '0912345678',
    });
    expect(found?.doc.demo).toBe(true);
    expect(chat.last().text).toMatch(/Đã gửi cho cán bộ/);
    expect(chat.last().text).not.toMatch(/Đã nộp/);
    expect(chat.last().qr).toBe(`https://mot-cua.example/tra-cuu?ma=${code}`);
    const consents = await rig.house.store.consents.ofConversation(found!.doc.conversation);
    expect(consents).toEqual([
      expect.objectContaining({
        agency: 'demo',
        agreed: true,
        textHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      }),
    ]);
  });

  it('says what it will cost before the review, with who pays nothing', async () => {
    const chat = rig.chat();
    let said = '';
    for (const words of EXTRACT) said = await chat.say(words);
    const [fee = ''] = said.split('---').filter((one) => one.includes('8.000đ × 2 bản = 16.000đ'));
    expect(fee).toMatch(/hộ nghèo, người khuyết tật, gia đình có công/);
    expect(said.indexOf(fee)).toBeLessThan(said.indexOf('Gửi cho cán bộ'));
    await chat.say('sửa 1');
    expect(await chat.say('giữ nguyên')).not.toMatch(/16\.000đ/);
  });

  it.each(['sửa đi', 'ừ sửa đi', 'đúng rồi sửa giúp'])('takes %p as a yes to a correction', async (yes) => {
    const chat = rig.chat();
    for (const words of EXTRACT) await chat.say(words);
    expect(await chat.say('3 bản chứ không phải 2 bản')).toContain('Sửa Số bản từ “2” thành “3”');
    expect(await chat.say('alo')).toContain('Sửa Số bản từ “2” thành “3”');
    expect(await chat.say(yes)).toContain('Số bản: đã đổi “2” thành “3”');
  });

  it('makes one dossier of two presses of "send"', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT) await chat.say(words);
    const send = chat.last().buttons.find((one) => one.label === sendLabel(chat))!;
    await Promise.all([
      chat.take({ type: 'choice', choice: send.id, label: send.label }),
      chat.take({ type: 'choice', choice: send.id, label: send.label }),
    ]);
    await chat.press(send.label).catch(() => '');
    const codes = new Set(
      chat.heard.flatMap((one) => one.text.match(/[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/g) ?? []),
    );
    expect(codes.size).toBe(1);
  });

  it('applies each of 60 parallel events once, in the order of its commits', async () => {
    const chat = rig.chat();
    await chat.take({ type: 'start' });
    const ids = Array.from({ length: 30 }, (_, index) => `same-${index}`);
    const outcomes = await Promise.all(
      [...ids, ...ids].map((id) => chat.take({ type: 'text', id, text: `xin chào ${id}` })),
    );
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(30);
    await chat.say('menu');
    const lines = await rig.house.talk.read(chat.address, 0, 1000);
    expect(lines.map((one) => one.seq)).toEqual(lines.map((_, index) => index + 1));
    expect(lines.filter((one) => one.side === 'citizen' && one.text.startsWith('xin chào'))).toHaveLength(30);
  });

  it('says where to go at once when the commune does not take dossiers', async () => {
    const chat = rig.chat();
    await chat.say('xin trích lục khai sinh');
    await chat.press('Bản sao khai sinh, kết hôn, khai tử');
    const said = await chat.say('phường Ba Đình, Hà Nội');
    expect(said).toMatch(/dichvucong\.gov\.vn/);
    expect(chat.last().buttons.map((one) => one.label)).not.toContain('Gửi cho cán bộ');
  });

  it('keeps nothing without consent', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 4)) await chat.say(words);
    await chat.say('không đồng ý');
    const state = await rig.house.store.conversations.find(chat.address);
    expect(state?.doc.session).toBeNull();
  });
});

describe('while it is filled in', () => {
  it('a greeting resets nothing', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 7)) await chat.say(words);
    const said = await chat.say('alo');
    expect(said).toMatch(/vẫn còn nguyên/);
    expect(said).toMatch(/căn cước/);
  });

  it('stops, and goes on days later where it was', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 7)) await chat.say(words);
    expect(await chat.say('dừng')).toMatch(/30 ngày/);
    rig.later(5 * 86_400_000);
    const said = await chat.say('tiếp tục');
    expect(said).toMatch(/căn cước/);
    expect(await chat.say('001190000123')).toMatch(/001 190 000 123/);
  });

  it('erases an unfinished filing after its days', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 7)) await chat.say(words);
    rig.later(31 * 86_400_000);
    const state = (await rig.house.store.conversations.find(chat.address))!;
    expect((await rig.house.store.due(rig.universe.now(), 100)).map((job) => job.id)).toContain(state.doc.id);
    await rig.house.converse.tell(state.doc.id, { id: 'due-1', type: 'due' });
    expect((await rig.house.store.conversations.find(chat.address))?.doc.session).toBeNull();
  });

  it('a defect loses one message, not the talk', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 7)) await chat.say(words);
    await chat.take({ type: 'text', text: null as unknown as string });
    expect(await rig.house.store.slips.count('set-aside')).toBeGreaterThan(0);
    expect(await chat.say('001190000123')).toMatch(/001 190 000 123/);
    expect(chat.heard.some((one) => one.text.includes('trục trặc'))).toBe(true);
  });
});

describe('after sending', () => {
  it('tells each change, and answers a supplement in the chat', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    await officerActs(rig, code, {
      type: 'supplement',
      items: [
        { sort: 'answer', step: 'copies', text: 'Số bản: xin ghi đúng số bản cần' },
        { sort: 'paper', text: 'Giấy khai sinh cũ' },
        { sort: 'question', text: 'Trước đây có đổi tên không?' },
      ],
      untilOn: null,
    });
    await settle(chat);
    await chat.press('Gửi bổ sung');
    expect(chat.last().text).toMatch(/bản/);
    await chat.say('3');
    expect(chat.last().text).toMatch(/Giấy khai sinh cũ/);
    await chat.say('tôi mang đến sau');
    expect(chat.last().text).toMatch(/đổi tên/);
    await chat.say('không đổi');
    await chat.press('Gửi cho cán bộ');
    const dossier = (await rig.house.store.dossiers.byCode(code))!.doc;
    expect(dossier.status).toBe(1);
    expect(dossier.answers.find((one) => one.step === 'copies')?.display).toBe('3');
    expect(dossier.parts[0]?.supplement?.items.map((one) => one.done)).toEqual([true, true, true]);
    expect(dossier.parts[0]?.rounds.at(-1)?.changed).toEqual([{ step: 'copies', before: '2' }]);
  });

  it('corrects what nobody has received, and not what somebody has', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    await chat.press('Sửa hồ sơ');
    await chat.say('sửa 4');
    await chat.say('nguyễn văn ân');
    await chat.press('Gửi cho cán bộ');
    const corrected = (await rig.house.store.dossiers.byCode(code))!.doc;
    expect(corrected.people.applicant.name).toBe('Nguyễn Văn Ân');
    expect(corrected.parts[0]?.rounds.map((one) => one.kind)).toEqual(['first', 'correction']);
    await officerActs(rig, code, {
      type: 'receive',
      officialCode: 'H26.45-261123-0007',
      dueOn: '2026-11-25',
    });
    expect(await settle(chat)).toMatch(/H26\.45-261123-0007/);
    expect(chat.last().buttons.map((one) => one.label)).toEqual(['Rút hồ sơ']);
    expect(await chat.say('rút hồ sơ')).toMatch(/Vì sao/);
  });

  it('withdraws at once while nobody has it, and asks the officer afterwards', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    await chat.say('tôi muốn rút hồ sơ');
    await chat.say('nộp nhầm');
    const said = await chat.press('Rút hồ sơ này');
    expect(said).toMatch(/đã được rút/);
    expect((await rig.house.store.dossiers.byCode(code))?.doc.status).toBe(7);
    const chat2 = rig.chat();
    const second = await fileExtract(chat2);
    await officerActs(rig, second, { type: 'receive', officialCode: null, dueOn: null });
    await settle(chat2);
    await chat2.say('tôi muốn rút hồ sơ');
    await chat2.say('đổi ý');
    await chat2.press('Rút hồ sơ này');
    const asked = (await rig.house.store.dossiers.byCode(second))!.doc;
    expect(asked.status).toBe(2);
    expect(asked.parts[0]?.withdrawAsked?.reason).toBe('đổi ý');
  });

  it('shows another chat the dossier only with both factors, five tries in 15 minutes', async () => {
    const code = await fileExtract(rig.chat());
    const stranger = rig.chat();
    expect(await stranger.say(`mã hồ sơ ${code}`)).toMatch(/4 số cuối/);
    expect(await stranger.say('5678')).toMatch(/đang chờ xem/);
    const wrong: string[] = [];
    for (let tries = 0; tries < 6; tries++) {
      await stranger.say(code);
      wrong.push(await stranger.say('0000'));
    }
    expect(wrong.slice(0, 5).every((said) => said.includes('Không mở được'))).toBe(true);
    expect(stranger.last().text).not.toMatch(/Không mở được/);
    expect(stranger.heard.some((one) => one.text.includes('15 phút'))).toBe(true);
  });
});

describe('a person', () => {
  it('is silent while an officer writes, and comes back', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 7)) await chat.say(words);
    expect(await chat.say('gặp cán bộ')).toMatch(/đã báo cán bộ/);
    const state = (await rig.house.store.conversations.find(chat.address))!;
    expect((await rig.house.store.conversations.waitingForPerson('demo', 50)).map((one) => one.id)).toContain(
      state.doc.id,
    );
    await rig.house.converse.tell(state.doc.id, {
      id: 'say-1',
      type: 'officer-says',
      text: 'Chào bà, cháu là Lan.',
      name: 'Lan',
    });
    expect(await chat.say('cháu ơi bà hỏi chút')).not.toMatch(/căn cước/);
    await rig.house.converse.tell(state.doc.id, { id: 'say-2', type: 'officer-released' });
    expect(await chat.say('đọc lại')).toMatch(/căn cước/);
    const lines = await rig.house.talk.read(chat.address, 0, 1000);
    expect(lines.find((one) => one.side === 'officer')?.text).toBe('Chào bà, cháu là Lan.');
  });

  it('tells what is held and erases what is not sent', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 7)) await chat.say(words);
    expect(await chat.say('dữ liệu của tôi')).toMatch(/1 hồ sơ làm dở/);
    await chat.press('Xóa hồ sơ dở và tin nhắn');
    expect((await rig.house.store.conversations.find(chat.address))?.doc.session).not.toBeNull();
    await chat.press('Xóa hết');
    const state = (await rig.house.store.conversations.find(chat.address))!;
    expect(state.doc.session).toBeNull();
    expect(JSON.stringify(state.doc)).not.toMatch(/Nguyễn Văn An/i);
    expect((await rig.house.talk.read(chat.address, 0, 1000)).map((one) => one.text).join(' ')).not.toMatch(
      /nguyễn văn an/i,
    );
  });
});

describe('retention', () => {
  it('erases a closed dossier after its days, with all that hangs on it', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    await chat.say('tôi muốn rút hồ sơ');
    await chat.say('nộp nhầm');
    await chat.press('Rút hồ sơ này');
    const { doc } = (await rig.house.store.dossiers.byCode(code))!;
    const look = () => rig.house.queue.ring({ document: 'dossier', id: doc.id, revision: 1 });
    rig.later(29 * 86_400_000);
    look();
    await chat.say('menu');
    expect(await rig.house.store.dossiers.byCode(code)).not.toBeNull();
    expect(
      (await rig.house.store.due(rig.universe.now() + 2 * 86_400_000, 500)).map((job) => job.id),
    ).toContain(doc.id);
    rig.later(2 * 86_400_000);
    look();
    await chat.say('menu');
    expect(await rig.house.store.dossiers.byCode(code)).toBeNull();
    expect(await rig.house.store.deliveries.byKey(`${doc.id}-1-1`)).toBeNull();
    const search = await rig.house.store.dossiers.list({ agency: 'demo', find: '001190000123', limit: 50 });
    expect(search.map((row) => row.state.doc.code)).not.toContain(code);
    expect((await rig.house.store.conversations.find(chat.address))?.doc.dossiers).toEqual([]);
    const said = await rig.house.talk.read(chat.address, 0, 500);
    expect(said.map((line) => line.text).join(' ')).not.toMatch(/001190000123|001 190 000 123/);
    expect((await rig.house.store.audit.ofSubject(doc.id, 50)).map((row) => row.what)).toContain(
      'erase-dossier',
    );
  });

  it('sets a message aside that makes the conversation too large', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 8)) await chat.say(words);
    const state = (await rig.house.store.conversations.find(chat.address))!;
    const filler = Array.from({ length: 410 }, (_, index) => ({
      id: `${index}-${'f'.repeat(110)}`,
      at: rig.universe.now(),
    }));
    await rig.house.store.conversations.save({ ...state.doc, seen: filler }, state.revision, null);
    expect(await chat.take({ type: 'text', text: 'x'.repeat(9_000) })).toBe('done');
    expect(rig.logged.some((one) => one.event === 'event-set-aside')).toBe(true);
  });
});

describe('questions amid a flow', () => {
  const asked = [
    'hồ sơ của tôi đến đâu rồi',
    'hồ sơ làm tới đâu rồi hả cháu',
    'bao giờ có kết quả',
    'trễ hẹn rồi mà chưa thấy trả',
    'sao lâu thế vẫn chưa có',
    'tôi muốn rút hồ sơ',
    'nộp nhầm rồi muốn rút',
    'cán bộ báo thiếu ảnh giấy chứng sinh',
    'xem dữ liệu đã lưu',
    'lệ phí online có rẻ hơn k',
  ];
  it.each(asked)('"%s" is answered, not taken as a name', async (words) => {
    const chat = rig.chat();
    for (const line of EXTRACT.slice(0, 6)) await chat.say(line);
    const said = await chat.say(words);
    expect(said).not.toMatch(/đã ghi/i);
    expect(chat.last().text).toMatch(/Họ và tên/i);
    expect((await rig.house.store.conversations.find(chat.address))?.doc.session?.misses).toBe(0);
  });

  it('tells where a sent dossier is, and goes on', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    await chat.say('menu');
    for (const line of EXTRACT.slice(0, 6)) await chat.say(line);
    expect(await chat.say('hồ sơ của tôi đến đâu rồi')).toContain(code);
    expect(chat.last().text).toMatch(/Họ và tên/i);
  });

  it('answers what the bot itself asked before it goes on', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    for (const line of EXTRACT.slice(0, 6)) await chat.say(line);
    await chat.press('Rút hồ sơ');
    await chat.say('tôi nộp nhầm');
    expect(await chat.say('vâng')).toMatch(/đã được rút/);
    expect((await rig.house.store.dossiers.byCode(code))?.doc.status).toBe(7);
    expect(
      (await rig.house.store.conversations.find(chat.address))?.doc.session?.answers['applicant.name'],
    ).toBeUndefined();
  });
});

describe('consent', () => {
  it('works once: an old button agrees to nothing and throws nothing away', async () => {
    const chat = rig.chat();
    for (const words of EXTRACT.slice(0, 4)) await chat.say(words);
    const no = chat.last().buttons.find((one) => one.label === 'Không đồng ý')!;
    await chat.say('đồng ý');
    await chat.say('giấy khai sinh');
    await chat.take({ type: 'choice', choice: no.id, label: no.label });
    const state = (await rig.house.store.conversations.find(chat.address))!;
    expect(state.doc.session?.answers['record']?.value).toBe('birth');
    expect(state.doc.session?.answers['opening.consent']?.value).toMatchObject({ agreed: true });
  });

  it('a correction stays with the agency that has the dossier', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    await chat.press('Sửa hồ sơ');
    await chat.say('sửa 1');
    expect(await chat.say('phường Ba Đình, Hà Nội')).toMatch(/không đổi nơi nhận/);
    await chat.press('Gửi cho cán bộ');
    const { doc } = (await rig.house.store.dossiers.byCode(code))!;
    expect(doc.answers.find((one) => one.step === 'opening.commune')?.display).toMatch(/Mẫu/);
    const consents = await rig.house.store.consents.ofConversation(doc.conversation);
    expect(consents.map((one) => one.agency)).toEqual(['demo']);
  });
});
