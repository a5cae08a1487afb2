/** Status moves of a dossier: what is allowed, what the citizen is told, what the clock does. Pure functions, no desk. */
import { isOpen } from '../../src/app/dossier/dossier-moves';
import { voiceOf } from '../../src/app/dossier/dossier-tell';
import { actOnDossier, allowedActs, previewOf } from '../../src/app/dossier/track';
import type { DeskAct, DeskActType } from '../../src/app/dossier/track';
import { applyAgencyStatus, applyDelivery } from '../../src/app/dossier/track-agency';
import { applyRound, askWithdraw, createDossier } from '../../src/app/dossier/track-citizen';
import { AppError } from '../../src/errors';
import type { Dossier, NewRound, Part, Status } from '../../src/ports/documents';
import { agencyDoc, ANSWERS, newDossier, NOON, speech } from './house';

const voice = voiceOf(speech, { lang: 'vi', pair: 'ba' });
const by = { role: 'officer', id: 'o1', name: 'Ly' } as const;
const moveAt = (revision: number, more = {}) => ({ at: NOON + revision * 1000, revision, voice, ...more });
const fresh = (demo = false): Dossier =>
  createDossier(
    newDossier(agencyDoc('mau', { demo })),
    { id: 'd1', code: 'ABCDE12345', conversation: 'c1' },
    moveAt(0, { effect: 'send-1' }),
  );

const ACTS: Readonly<Record<DeskActType, DeskAct>> = {
  receive: { type: 'receive', officialCode: '000.21.45.H26-261122-0007', dueOn: '2026-11-26' },
  supplement: {
    type: 'supplement',
    items: [
      { sort: 'answer', step: 'record.copies', text: 'Số bản: ghi nhầm' },
      { sort: 'paper', text: 'Giấy uỷ quyền' },
    ],
    untilOn: '2026-12-01',
  },
  process: { type: 'process' },
  'ask-payment': { type: 'ask-payment', amount: 8000, how: 'Nộp tại quầy' },
  paid: { type: 'paid' },
  result: { type: 'result', result: { kind: 'pick-up', place: 'Quầy số 1', hours: 'giờ hành chính' } },
  deliver: { type: 'deliver' },
  refuse: { type: 'refuse', reason: 'Không thuộc xã này', law: 'Điều 4', next: 'Đến xã Khác' },
  stop: { type: 'stop', reason: 'Trùng hồ sơ', law: 'Điều 5', next: 'Dùng hồ sơ trước' },
  'confirm-withdrawal': { type: 'confirm-withdrawal' },
  keep: { type: 'keep', reason: 'đã trao đổi, làm tiếp' },
  note: { type: 'note', text: 'đã gọi điện' },
};

/** The shortest way into each status; 5 in both kinds. */
const WAYS: Readonly<Record<string, readonly DeskActType[]>> = {
  '1': [],
  '2': ['receive'],
  '3': ['refuse'],
  '4': ['receive', 'process'],
  '5 before reception': ['supplement'],
  '5 after reception': ['receive', 'supplement'],
  '6': ['receive', 'process', 'ask-payment'],
  '8': ['receive', 'process', 'stop'],
  '9': ['receive', 'process', 'result'],
  '10': ['receive', 'process', 'result', 'deliver'],
};
const inStatus = (name: string, dossier = fresh()): Dossier =>
  (WAYS[name] ?? []).reduce((at, type, n) => actOnDossier(at, '1', ACTS[type], by, moveAt(n + 1)), dossier);

/** What each act leads to from each status; what is not here is refused. */
const LEGAL: Readonly<Record<string, Partial<Record<DeskActType, Status>>>> = {
  '1': { receive: 2, supplement: 5, refuse: 3 },
  '2': { process: 4, supplement: 5 },
  '3': {},
  '4': { supplement: 5, 'ask-payment': 6, result: 9, stop: 8 },
  '5 before reception': { process: 1, stop: 8 },
  '5 after reception': { process: 4, stop: 8 },
  '6': { paid: 4, stop: 8 },
  '8': {},
  '9': { deliver: 10, process: 4 },
  '10': {},
};

const table = Object.keys(WAYS).flatMap((from) =>
  (Object.keys(ACTS) as DeskActType[])
    .filter((act) => act !== 'note')
    .map((act) => [from, act, LEGAL[from]?.[act]] as const),
);

const codeFrom = (work: () => unknown): string => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

describe('officers', () => {
  it.each(table)('from %s, %s leads to %s', (from, type, to) => {
    const before = inStatus(from);
    expect(allowedActs(before.parts[0]!).includes(type)).toBe(to !== undefined);
    const act = () => actOnDossier(before, '1', ACTS[type], by, moveAt(9));
    if (to === undefined) {
      expect(codeFrom(act)).toBe('move-not-allowed');
      return;
    }
    const after = act();
    expect(after.status).toBe(to);
    expect(after.parts[0]!.status).toBe(to);
    const told = after.acts.at(-1)!;
    expect(told).toMatchObject({
      type: 'tell',
      conversation: 'c1',
      id: `d1-10-${told.seq}`,
      news: { status: to },
    });
    expect(told.type === 'tell' && told.text).toBe(previewOf(before, '1', ACTS[type], by, moveAt(9)));
    expect(after.history.at(-1)).toMatchObject({
      by,
      status: to,
      text: told.type === 'tell' ? told.text : '',
    });
    expect(before.acts).toHaveLength(after.acts.length - 1);
  });

  it.each(table.filter(([, , to]) => to !== undefined))(
    'from %s, %s is told in whole sentences',
    (from, type) => {
      const text = previewOf(inStatus(from), '1', ACTS[type], by, moveAt(9))!;
      expect(text).not.toMatch(/track\.|\{\{|\}\}|undefined|null|: \n|: $/);
      expect(text.length).toBeLessThan(600);
    },
  );

  it('a note tells nobody and moves nothing', () => {
    const before = inStatus('10');
    const after = actOnDossier(before, '1', ACTS.note, by, moveAt(9));
    expect(previewOf(before, '1', ACTS.note, by, moveAt(9))).toBeNull();
    expect(after.acts).toEqual(before.acts);
    expect(after.history.at(-1)).toMatchObject({ event: 'note', text: 'đã gọi điện', status: 10 });
  });

  it.each<[string, DeskAct]>([
    ['1', { type: 'refuse', reason: 'x', law: ' ', next: 'y' }],
    ['1', { type: 'receive', officialCode: '<b>', dueOn: null }],
    ['1', { type: 'receive', officialCode: null, dueOn: '2026-02-30' }],
    ['1', { type: 'supplement', items: [], untilOn: null }],
    ['1', { type: 'supplement', items: [{ sort: 'answer', text: 'x' }], untilOn: null }],
    ['4', { type: 'ask-payment', amount: 0, how: 'x' }],
    ['4', { type: 'result', result: { kind: 'pick-up', place: '', hours: 'x' } }],
    ['4', { type: 'result', result: { kind: 'file' } }],
  ])('from %s refuses %j', (from, act) => {
    expect(codeFrom(() => actOnDossier(inStatus(from), '1', act, by, moveAt(9)))).toBe('bad-request');
  });

  it('says THỬ first in a demo', () => {
    expect(previewOf(fresh(true), '1', ACTS.receive, by, moveAt(1))).toMatch(/^THỬ – /);
  });

  it('stops the clock in 5 and 6 and promises anew when it runs again', () => {
    const asked = inStatus('6');
    expect(asked.parts[0]!.pauses).toEqual([{ from: moveAt(3).at, to: null }]);
    const redue = (part: Part) => (part.pauses.every(({ to }) => to !== null) ? '2026-12-09' : null);
    const paid = actOnDossier(asked, '1', ACTS.paid, by, moveAt(9, { redue }));
    expect(paid.parts[0]).toMatchObject({
      dueOn: '2026-12-09',
      payment: null,
      pauses: [{ from: moveAt(3).at, to: moveAt(9).at }],
    });
    expect(actOnDossier(asked, '1', ACTS.paid, by, moveAt(9)).parts[0]!.dueOn).toBe('2026-11-26');
  });
});

const round = (kind: NewRound['kind'], more: Partial<NewRound> = {}): NewRound => ({
  kind,
  answers: ANSWERS.map((one) => (one.step === 'record.copies' ? { ...one, display: '5', value: 5 } : one)),
  people: newDossier(agencyDoc('mau')).people,
  replies: [],
  at: NOON + 50,
  ...more,
});

describe('citizens', () => {
  it('a sent session becomes a dossier that can be delivered and told of', () => {
    const dossier = fresh();
    expect(dossier).toMatchObject({ status: 1, applied: ['send-1'], nextSeq: 3 });
    expect(dossier.acts.map(({ type }) => type)).toEqual(['create-delivery', 'tell']);
    expect(dossier.parts[0]!.delivery).toEqual({ key: 'd1-1-1', state: 'waiting' });
    const told = dossier.acts[1]!;
    expect(told).toMatchObject({ kind: 'created', news: { code: 'ABCDE12345', status: 1 } });
    expect(told.type === 'tell' && told.text).toMatch(
      /^Đã gửi cho cán bộ[\s\S]*ABCDE12345[\s\S]*24\/11\/2026/,
    );
    expect(told.type === 'tell' && told.text).not.toMatch(/đã nộp/i);
  });

  it('corrects while 1, with the differences, and each effect once', () => {
    const before = fresh();
    const after = applyRound(before, round('correction'), moveAt(1, { effect: 'r1' }));
    expect(after.parts[0]!.rounds.at(-1)).toMatchObject({
      n: 2,
      kind: 'correction',
      changed: [{ step: 'record.copies', before: '2' }],
    });
    expect(after.acts.slice(2).map(({ type }) => type)).toEqual(['create-delivery', 'tell']);
    expect(applyRound(after, round('correction'), moveAt(2, { effect: 'r1' }))).toBe(after);
  });

  it('notes answers that are new and answers that are gone', () => {
    const [name, ...others] = ANSWERS;
    const answers = [...others, { ...name!, step: 'applicant.alias', display: 'Bà Dụ' }];
    const after = applyRound(fresh(), round('correction', { answers }), moveAt(1));
    expect(after.parts[0]!.rounds.at(-1)!.changed).toEqual([
      { step: 'applicant.alias', before: null },
      { step: 'applicant.name', before: 'Nguyễn Thị Ví Dụ' },
    ]);
  });

  it.each(['2', '4', '5 before reception', '6', '9', '10', '3'])('cannot correct in %s', (from) => {
    expect(codeFrom(() => applyRound(inStatus(from), round('correction'), moveAt(9)))).toBe(
      'move-not-allowed',
    );
  });

  it.each(['1', '4', '9'])('cannot supplement in %s when nothing was asked', (from) => {
    expect(codeFrom(() => applyRound(inStatus(from), round('supplement'), moveAt(9)))).toBe(
      'move-not-allowed',
    );
  });

  it.each([
    ['5 before reception', 1],
    ['5 after reception', 4],
  ])('completes a supplement: %s → %s', (from, to) => {
    const asked = inStatus(from);
    const paper = asked.parts[0]!.supplement!.items[1]!.id;
    const partly = applyRound(asked, round('supplement'), moveAt(8, { effect: 's1' }));
    expect(partly.status).toBe(5);
    expect(partly.parts[0]!.supplement!.items.map(({ done }) => done)).toEqual([true, false]);
    const whole = applyRound(
      partly,
      round('supplement', { replies: [{ item: paper, reply: 'đã gửi ảnh' }] }),
      moveAt(9, { effect: 's2' }),
    );
    expect(whole.status).toBe(to);
    expect(whole.parts[0]!.pauses.at(-1)!.to).toBe(moveAt(9).at);
    expect(whole.extra).toEqual([{ text: 'Giấy uỷ quyền', reply: 'đã gửi ảnh' }]);
    expect(whole.parts[0]!.supplement!.items[1]).toMatchObject({ done: true, reply: 'đã gửi ảnh' });
    expect(applyRound(whole, round('supplement'), moveAt(10, { effect: 's2' }))).toBe(whole);
  });

  it('withdraws at once while 1, taking the delivery back', () => {
    const after = askWithdraw(fresh(), 'đổi ý', moveAt(1, { effect: 'w1' }));
    expect(after.status).toBe(7);
    expect(after.acts).toContainEqual(expect.objectContaining({ type: 'cancel-delivery', key: 'd1-1-1' }));
    expect(after.parts.some(isOpen)).toBe(false);
  });

  it.each(['2', '4', '5 after reception', '5 before reception', '6'])(
    'in %s asks, and an officer answers',
    (from) => {
      const asked = askWithdraw(inStatus(from), 'đổi ý', moveAt(8, { effect: 'w1' }));
      expect(asked.status).not.toBe(7);
      expect(asked.parts[0]!.withdrawAsked).toEqual({ at: moveAt(8).at, reason: 'đổi ý' });
      expect(actOnDossier(asked, '1', ACTS['confirm-withdrawal'], by, moveAt(9)).status).toBe(7);
      const kept = actOnDossier(asked, '1', ACTS.keep, by, moveAt(9));
      expect(kept).toMatchObject({ status: asked.status, parts: [{ withdrawAsked: null }] });
    },
  );

  it.each(['9', '10', '3', '8'])('in %s it is too late, which is said', (from) => {
    const before = inStatus(from);
    const after = askWithdraw(before, 'đổi ý', moveAt(9));
    expect(after.parts).toEqual(before.parts);
    expect(after.history.at(-1)!.text).toContain('không rút được nữa');
  });
});

describe('two offices', () => {
  it('keep their own status; the dossier has the worst open one', () => {
    const one = newDossier(agencyDoc('mau'));
    const parts = [one.parts[0]!, { ...one.parts[0]!, agency: 'khac', agencyName: 'UBND xã Khác' }];
    const dossier = createDossier({ ...one, parts }, { id: 'd2', code: 'X', conversation: 'c' }, moveAt(0));
    const received = actOnDossier(dossier, '2', ACTS.receive, by, moveAt(1));
    expect(received.status).toBe(1);
    const asked = actOnDossier(received, '2', ACTS.supplement, by, moveAt(2));
    expect(asked.status).toBe(5);
    const refused = actOnDossier(asked, '1', ACTS.refuse, by, moveAt(3));
    expect(refused.parts.map(({ status }) => status)).toEqual([3, 5]);
    expect(refused.status).toBe(5);
  });
});

describe('agencies', () => {
  it('an acceptance is final, only the newest round counts', () => {
    const accepted = applyDelivery(
      fresh(),
      { key: 'd1-1-1', state: 'accepted', officialCode: 'H26-1' },
      moveAt(1, { effect: 'a' }),
    );
    expect(accepted.parts[0]).toMatchObject({
      delivery: { state: 'accepted' },
      officialCode: 'H26-1',
      status: 1,
    });
    const late = applyDelivery(
      accepted,
      { key: 'd1-1-1', state: 'needs-officer', officialCode: null },
      moveAt(2, { effect: 'b' }),
    );
    expect(late.parts).toEqual(accepted.parts);
    const other = applyDelivery(
      fresh(),
      { key: 'd1-1-9', state: 'refused', officialCode: null },
      moveAt(1, { effect: 'c' }),
    );
    expect(other.parts[0]!.delivery!.state).toBe('waiting');
  });

  it('report a status once, in our words with theirs', () => {
    const report = {
      id: 'rep-1',
      code: 'ABCDE12345',
      status: 2,
      officialCode: 'H26-7',
      dueOn: '2026-11-27',
      text: 'Hẹn tại quầy 3.',
    } as const;
    const after = applyAgencyStatus(fresh(), '1', report, moveAt(1));
    expect(after.parts[0]).toMatchObject({
      status: 2,
      officialCode: 'H26-7',
      dueOn: '2026-11-27',
      receivedAt: moveAt(1).at,
    });
    expect(after.history.at(-1)).toMatchObject({ by: { role: 'agency', id: 'mau' }, event: 'status2' });
    expect(after.history.at(-1)!.text).toContain('Hẹn tại quầy 3.');
    expect(applyAgencyStatus(after, '1', report, moveAt(2))).toBe(after);
    const asks = applyAgencyStatus(
      after,
      '1',
      { id: 'rep-2', code: 'X', status: 5, text: 'Nộp thêm giấy uỷ quyền' },
      moveAt(2),
    );
    expect(asks.parts[0]!.supplement!.items).toMatchObject([
      { sort: 'paper', text: 'Nộp thêm giấy uỷ quyền', done: false },
    ]);
    expect(
      codeFrom(() => applyAgencyStatus(after, '1', { id: 'rep-3', code: 'X', status: 10 }, moveAt(2))),
    ).toBe('move-not-allowed');
  });
});
