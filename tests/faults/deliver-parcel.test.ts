import { readFileSync } from 'node:fs';
import { deliveryFor, frozenParcel } from '../../src/app/dossier/parcel';
import type { Dossier, DossierAnswer, Part } from '../../src/ports/documents';

const answer = (
  step: string,
  label: string,
  display: string,
  value: DossierAnswer['value'],
): DossierAnswer => {
  return {
    step,
    section: 'Người yêu cầu',
    label,
    display,
    value,
    source: 'typed',
    by: 'citizen',
    rev: 1,
    flags: [],
  };
};

const part: Part = {
  id: 'p1',
  agency: 'xa-mau',
  agencyName: 'UBND xã Mẫu',
  procedure: 'trich-luc-ho-tich',
  status: 1,
  dueOn: null,
  lookBy: '2026-11-24',
  officialCode: null,
  receivedAt: null,
  rounds: [
    { n: 1, kind: 'first', at: Date.UTC(2026, 10, 23, 1, 30), changed: [] },
    {
      n: 2,
      kind: 'supplement',
      at: Date.UTC(2026, 10, 24, 2),
      changed: [{ step: 'applicant.phone', before: '0912 345 679' }],
    },
  ],
  supplement: {
    at: Date.UTC(2026, 10, 23, 9),
    untilOn: null,
    items: [{ id: 'i1', sort: 'question', text: 'Xin cho biết nơi đăng ký cũ', done: true, reply: 'Xã Thử' }],
  },
  payment: null,
  result: null,
  withdrawAsked: null,
  refusal: null,
  delivery: null,
  pauses: [],
};

const dossier: Dossier = {
  id: 'q7w2e9r4t6',
  code: 'ABCDE-FGHJK-0',
  sessionKey: 's',
  conversation: 'c',
  demo: true,
  procedure: { id: 'trich-luc-ho-tich', code: '2.000635', name: 'Cấp bản sao trích lục hộ tịch' },
  people: {
    filer: null,
    applicant: { name: 'Nguyễn Thị Ví Dụ', nationalId: '001190000123', phone: '0912345678' },
    subject: { name: 'Trần Văn Thử', birth: '1952' },
  },
  answers: [
    answer('applicant.phone', 'Số điện thoại', '0912 345 678', '0912345678'),
    answer('applicant.home', 'Nơi ở', 'Thôn 1, xã Mẫu', {
      typed: 'Thôn 1',
      detail: 'Thôn 1',
      commune: { name: 'Mẫu', code: '00070' },
    }),
    answer('copies', 'Số bản', '2 bản', 2),
  ],
  extra: [],
  facts: [{ id: 'fee', text: '8.000 đồng một bản', source: 'TT 281/2016/TT-BTC', verifiedOn: '2026-11-20' }],
  parts: [part],
  history: [],
  status: 1,
  createdAt: 0,
  retentionDays: 30,
  applied: [],
  acts: [],
  nextSeq: 0,
};

type Parcel = Record<string, unknown> & { answers: { step: string }[]; round: unknown; replies: unknown };
const read = (text: string) => JSON.parse(text) as Parcel;

/** The same dossier as another engine might give it back: every object's keys in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

test('the same dossier gives the same bytes, whatever order a store keeps keys in', () => {
  const delivery = deliveryFor(dossier, part, 1);
  expect(delivery).toMatchObject({
    key: 'q7w2e9r4t6-p1-1',
    dossierId: 'q7w2e9r4t6',
    part: 'p1',
    round: 1,
    agency: 'xa-mau',
  });
  const turned = reversed(dossier) as Dossier;
  expect(deliveryFor(turned, turned.parts[0]!, 1).body).toBe(delivery.body);
  expect(delivery.body).toBe(delivery.body.normalize('NFC'));
});

test('answers keep the order of the form and carry what people read beside the value', () => {
  const parcel = read(deliveryFor(dossier, part, 1).body);
  expect(parcel.answers.map(({ step }) => step)).toEqual(['applicant.phone', 'applicant.home', 'copies']);
  expect(parcel).toMatchObject({
    schema: 'mot-cua/parcel/1',
    demo: true,
    sentAt: '2026-11-23T01:30:00.000Z',
    people: { filer: null, subject: { name: 'Trần Văn Thử', nationalId: null, phone: null, birth: '1952' } },
    replies: [],
    round: { n: 1, kind: 'first', changed: [] },
  });
});

test('a supplement says what changed and what was replied', () => {
  const parcel = read(deliveryFor(dossier, part, 2).body);
  expect(parcel.round).toEqual({
    n: 2,
    kind: 'supplement',
    changed: [{ step: 'applicant.phone', before: '0912 345 679' }],
  });
  expect(parcel.replies).toEqual([
    { id: 'i1', text: 'Xin cho biết nơi đăng ký cũ', done: true, reply: 'Xã Thử' },
  ]);
});

test('nothing of the house goes out: no conversation, session, history or officer', () => {
  const parcel = read(
    deliveryFor({ ...dossier, conversation: 'SECRET-C', sessionKey: 'SECRET-S' }, part, 1).body,
  );
  expect(JSON.stringify(parcel)).not.toContain('SECRET');
  expect(parcel.answers[0]).not.toHaveProperty('by');
});

test('a round that is not there is a fault', () => {
  expect(() => deliveryFor(dossier, part, 3)).toThrow('no such round');
});

test('the example that agencies read is a real parcel', () => {
  const example = /```json parcel\n([\s\S]*?)```/.exec(readFileSync('docs/agency-api.md', 'utf8'))?.[1];
  expect(JSON.parse(example!)).toEqual(JSON.parse(frozenParcel(dossier, part, part.rounds[1]!)));
});
