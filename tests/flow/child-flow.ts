/** A longer flow about a child and its mother, and a citizen some way into it. */
import { KINDS } from '../../src/flow/kinds';
import { loadFlow } from '../../src/flow/load/load';
import { flatten } from '../../src/flow/load/texts';
import type { Flow } from '../../src/flow/types';
import { present, walk } from '../../src/flow/view';
import { citizen, context } from './small-flow';
import type { Citizen } from './small-flow';
import { contextOf, openFlow } from './talk-runner';

const CHILD = `
id: child
code: "1.001193"
handover: file
agencyFrom: place
people: { filer: [{ name: mother.name }], applicant: [{ name: mother.name }], subject: [{ name: child.name }] }
steps:
  - { id: place, kind: commune }
  - { use: person, as: child, only: [name, birth, sex] }
  - { use: person, as: mother, only: [name, birth, nationalId] }
  - { id: home, kind: address }
  - { id: relation, kind: choice, choices: [parent, other] }
  - { id: firstTime, kind: yes-no }
  - { id: remark, kind: text, optional: true }
  - { id: copies, kind: integer, min: 1, max: 20, check: [{ when: copies > 10, warn: many }] }
  - { id: delivery, kind: choice, choices: [counter, post] }
  - { id: phone, kind: phone }
`;
const PERSON = `
id: person
steps:
  - { id: name, kind: person-name }
  - { id: birth, kind: date, past: true, check: [{ when: "birth < '1930-01-01'", error: old }] }
  - { id: sex, kind: sex }
  - { id: nationalId, kind: national-id, personal: { retentionDays: 30 } }
`;
const LABELS = {
  child: {
    relation: { choice: { parent: 'Cha mẹ của trẻ', other: 'Người thân khác' } },
    delivery: { choice: { counter: 'Nhận tại quầy', post: 'Gửi bưu điện' } },
  },
};

const childFlow: Flow = loadFlow({
  file: 'flows/child.yaml',
  text: CHILD,
  blocks: [{ file: 'flows/blocks/person.yaml', text: PERSON }],
  registry: KINDS,
  factTypes: {},
  labels: [flatten(LABELS)],
});

const CHILD_ANSWERS = {
  place: 'Phường Tây Hồ',
  'child.name': 'Nguyễn Minh Hòa',
  'child.birth': '5/3/2025',
  'child.sex': 'con trai',
  'mother.name': 'Trần Thị Lan',
  'mother.birth': '12/03/1985',
  'mother.nationalId': '001185012345',
  home: 'Số 21 ngõ 7, Phường Tây Hồ',
  relation: '1',
  firstTime: 'có',
  remark: 'bỏ qua',
  copies: '3 bản',
  delivery: 'gửi bưu điện',
  phone: '0912345678',
} as const;

const extractFlow = openFlow('trich-luc-ho-tich');
const EXTRACT_ANSWERS = {
  'opening.commune': 'phường Ba Đình, Hà Nội',
  'opening.forWhom': 'xin giúp người khác',
  'opening.consent': 'đồng ý',
  record: 'giấy khai sinh',
  'applicant.name': 'Nguyễn Thị Hoa',
  'applicant.nationalId': '001185012345',
  relation: '1',
  authorisation: 'chưa có',
  'subject.name': 'Trần Thị Mận',
  'subject.nationalId': 'bỏ qua',
  'subject.birth': '5/3/1955',
  'subject.sex': 'nữ',
  registeredAt: 'xã Hòa Phong, huyện Hòa Vang, Đà Nẵng',
  registeredOn: 'bỏ qua',
  registerNumber: 'bỏ qua',
  copies: '2',
  delivery: 'bưu điện',
  postAddress: 'số 5 ngõ 12, phường Ba Đình, Hà Nội',
  'reach.phone': '0912345678',
} as const;

export type Where = 'child' | 'extract';

const SAID: Readonly<Record<Where, Readonly<Record<string, string>>>> = {
  child: CHILD_ANSWERS,
  extract: EXTRACT_ANSWERS,
};

/** Somebody who is asked `step` now, all before it answered; at the review when there is no such step. */
export function askedAt(where: Where, step: string): Citizen {
  const flow = flowOf(where);
  const at = where === 'extract' ? contextOf(flow) : context;
  const me = citizen(flow, {}, at);
  me.does('start');
  for (let turns = 0; turns < 40; turns += 1) {
    const asked = present(walk(flow, me.session, at), me.session)?.path;
    if (asked === undefined || asked === step) break;
    me.says(SAID[where][asked] ?? 'bỏ qua');
  }
  return me;
}

export const flowOf = (where: Where): Flow => (where === 'extract' ? extractFlow : childFlow);

/** Values by path. */
export const valuesOf = (me: Citizen): Record<string, unknown> =>
  Object.fromEntries(Object.entries(me.session.answers).map(([path, { value }]) => [path, value]));
