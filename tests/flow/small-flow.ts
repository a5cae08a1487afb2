/** A small flow with one of everything, and a citizen to talk with it: what the flow tests share. */
import { advance, startSession } from '../../src/flow/engine';
import type { NewSession } from '../../src/flow/engine';
import { KINDS } from '../../src/flow/kinds';
import { loadFlow } from '../../src/flow/load/load';
import type { AgencyView, Button, Command, Context, Flow, FlowEffect, FlowEvent } from '../../src/flow/types';
import type { Message, Phrase, Session } from '../../src/flow/types';
import { flatten } from '../../src/flow/load/texts';

export const SMALL = `
id: small
code: "2.000635"
handover: file
agencyFrom: place
people:
  filer: [{ name: applicant.name, birth: applicant.birth }]
  applicant: [{ name: applicant.name }]
  subject: [{ name: subject.name }, { name: applicant.name }]
steps:
  - { id: place, kind: commune }
  - { id: agree, kind: consent, note: true, hidden: true }
  - { id: forWhom, kind: choice, choices: [self, other] }
  - { use: person, as: applicant }
  - { id: tooYoung, kind: stop, when: "years(applicant.birth, today) < 18" }
  - { id: never, kind: stop, final: true, when: "years(applicant.birth, today) > 150" }
  - { use: person, as: subject, only: [name], when: "forWhom == 'other'" }
  - { id: copies, kind: integer, min: 1, max: 20, check: [{ when: copies > 10, warn: many }] }
  - { id: remark, kind: text, optional: true }
`;

export const PERSON = `
id: person
steps:
  - { id: name, kind: person-name, personal: { retentionDays: 365 } }
  - id: birth
    kind: date
    check: [{ when: birth > today, error: future }]
`;

export const FAMILY = `
id: family
code: "1.001193"
handover: file
agencyFrom: place
people: { filer: [{ name: head }], applicant: [{ name: head }], subject: [{ name: head }] }
steps:
  - { id: place, kind: commune }
  - { id: head, kind: person-name }
  - repeat: members
    max: 3
    item:
      - { id: name, kind: person-name }
      - { id: school, kind: yes-no, when: "item.name != 'Trần Văn Ba'" }
  - { id: big, kind: yes-no, when: "size(members) > 1" }
  - { id: copies, kind: integer, min: 1, max: 20 }
`;

const CHOICES = { small: { forWhom: { choice: { self: 'Cho tôi', other: 'Làm giúp người khác' } } } };

export function load(text: string, blocks: readonly string[] = [PERSON]): Flow {
  const files = blocks.map((block, i) => ({ file: `flows/blocks/b${i}.yaml`, text: block }));
  const factTypes = { fee: 'double' } as const;
  return loadFlow({
    file: 'flows/f.yaml',
    text,
    blocks: files,
    registry: KINDS,
    factTypes,
    labels: [flatten(CHOICES)],
  });
}

const agencies: Readonly<Record<string, AgencyView>> = {
  '00001': { id: 'tay-ho', name: 'Phường Tây Hồ', receives: true, demo: false },
  '00002': { id: 'ba-dinh', name: 'Phường Ba Đình', receives: true, demo: false },
};

export const TAY_HO = { code: '00001', name: 'Phường Tây Hồ', provinceCode: '01', provinceName: 'Hà Nội' };
export const BA_DINH = { code: '00002', name: 'Phường Ba Đình', provinceCode: '01', provinceName: 'Hà Nội' };
const HOA_BINH = ['00003', '00004'].map((code) => ({ ...TAY_HO, code, name: `Xã Hòa Bình ${code}` }));

export const context: Context = {
  at: '2026-11-22T03:00:00.000Z',
  today: '2026-11-22',
  findCommunes: (typed) => [TAY_HO, BA_DINH, ...HOA_BINH].filter(({ name }) => name.includes(typed)),
  agencyOf: (code) => (Object.hasOwn(agencies, code) ? (agencies[code] ?? null) : null),
  factsOf: (agency) => ({ fee: agency === null ? null : 8000 }),
  paramsOf: (agency) => ({ agency: agency?.name ?? '' }),
};

/** The first key of a phrase with the values it names, enough to know what is said. */
export function words(phrase: Phrase): string {
  if ('text' in phrase) return phrase.text;
  const key = typeof phrase.key === 'string' ? phrase.key : (phrase.key[0] ?? '');
  const told = ['value', 'from', 'to', 'n', 'total', 'max', 'title', 'label'];
  const params = Object.entries(phrase.params ?? {}).filter(([name]) => told.includes(name));
  const shown = params.map(([name, value]) => `${name}=${typeof value === 'object' ? words(value) : value}`);
  return shown.length === 0 ? key : `${key}(${shown.join(' ')})`;
}

const button = ({ does }: Button): string =>
  does.type === 'choice' ? `${does.step}:${does.choice}` : `/${does.command}`;

export const spoken = ({ lines, buttons }: Message): string =>
  [...lines.map(words), ...(buttons.length > 0 ? [`[${buttons.map(button).join(' ')}]`] : [])].join('\n');

export interface Citizen {
  session: Session;
  effects: readonly FlowEffect[];
  /** Each does one turn and gives back what was said, one string a message. */
  says(text: string): string[];
  taps(step: string, choice: string): string[];
  does(command: Command, step?: string): string[];
  all(...texts: readonly string[]): string[];
}

/** Somebody who talks with a flow; the session goes through JSON between turns, as it does in the store. */
export function citizen(flow: Flow, start: Partial<NewSession> = {}, at: Context = context): Citizen {
  const turn = (event: FlowEvent): string[] => {
    const { session, effects } = advance(flow, JSON.parse(JSON.stringify(me.session)) as Session, event, at);
    me.session = session;
    me.effects = effects;
    return effects.flatMap((effect) => (effect.type === 'say' ? [spoken(effect.message)] : []));
  };
  const me: Citizen = {
    session: startSession({ flow, key: 'k1', purpose: 'file', ...start }),
    effects: [],
    says: (text) => turn({ type: 'text', text }),
    taps: (step, choice) => turn({ type: 'choice', step, choice }),
    does: (command, step) => turn({ type: 'command', command, ...(step === undefined ? {} : { step }) }),
    all: (...texts) => texts.reduce<string[]>((_, text) => me.says(text), []),
  };
  return me;
}
