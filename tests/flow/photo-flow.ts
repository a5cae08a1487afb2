/** A flow with steps that gather photos, and a citizen who sends some. */
import { advance, startSession } from '../../src/flow/engine';
import { KINDS } from '../../src/flow/kinds';
import { loadFlow } from '../../src/flow/load/load';
import { flatten } from '../../src/flow/load/texts';
import { asPhotos } from '../../src/flow/photos/photo-value';
import type { Flow, FlowEffect, FlowEvent, PhotoProblem, Session } from '../../src/flow/types';
import { present, walk } from '../../src/flow/view';
import { context, spoken } from './small-flow';

const PAPERS = `
id: papers
code: "1.001193"
handover: file
agencyFrom: place
people: { filer: [{ name: name }], applicant: [{ name: name }], subject: [{ name: name }] }
steps:
  - { id: place, kind: commune }
  - { id: birthPaper, kind: photo, max: 3, bring: true }
  - { id: name, kind: person-name }
  - { id: idCard, kind: photo, min: 2, max: 2, when: "!birthPaper.bring" }
  - { id: letter, kind: file, optional: true, max: 1 }
  - { id: copies, kind: integer, min: 1, max: 20 }
`;
const LABELS = {
  papers: {
    birthPaper: { label: 'Giấy chứng sinh' },
    idCard: { label: 'Thẻ căn cước' },
    letter: { label: 'Văn bản ủy quyền' },
  },
};
const PLAIN = `
id: plain
code: "1.001193"
handover: file
agencyFrom: place
people: { filer: [{ name: name }], applicant: [{ name: name }], subject: [{ name: name }] }
steps:
  - { id: place, kind: commune }
  - { id: name, kind: person-name }
`;

const load = (text: string): Flow =>
  loadFlow({
    ...{ file: 'flows/f.yaml', text, blocks: [], registry: KINDS, factTypes: {} },
    labels: [flatten(LABELS)],
  });

/** Conditions over what was gathered. */
export const conditional = load(
  PLAIN.replace(
    '- { id: name, kind: person-name }',
    `- { id: proof, kind: photo, bring: true, max: 3 }
  - { id: several, kind: yes-no, when: "size(proof.photos) > 1" }
  - { id: later, kind: yes-no, when: "has(proof) && proof.bring" }
  - { id: name, kind: person-name }`,
  ),
);
/** A photo is the last question. */
export const last = load(`${PLAIN}  - { id: proof, kind: photo, max: 3 }\n`);
/** Steps that want photos, one after another. */
export const pages = load(
  PLAIN.replace('id: plain', 'id: pages').replace(
    '- { id: name, kind: person-name }',
    `- { id: front, kind: photo, bring: true, max: 3 }
  - { id: back, kind: photo, bring: true, max: 1 }
  - { id: letter, kind: photo, optional: true, min: 2, max: 4 }
  - { id: name, kind: person-name }`,
  ),
);
export const papers = load(PAPERS);
export const plain = load(PLAIN);

export interface Sender {
  session: Session;
  effects: readonly FlowEffect[];
  says(text: string): string[];
  taps(step: string, choice: string): string[];
  does(command: Extract<FlowEvent, { type: 'command' }>['command'], step?: string): string[];
  /** Ids; "a=b" is photo a with the print of b; a name in ".pdf" is a PDF. */
  sends(...ids: string[]): string[];
  ready(id: string, ...flags: string[]): string[];
  refused(id: string, problem: PhotoProblem): string[];
  /** Ids at a step. */
  at(step: string): string[];
  asked(): string | null;
  /** Effects of the last turn that are about photos, "+a" taken, "-a" dropped. */
  moved(): string[];
}

export const photoEvent = (ids: readonly string[]): FlowEvent => ({
  type: 'photos',
  photos: ids.map((one) => {
    const [id = '', print = id] = one.split('=');
    return { id, print, sort: id.endsWith('.pdf') ? 'pdf' : 'photo' };
  }),
});

const movedIn = (effects: readonly FlowEffect[]): string[] =>
  effects.flatMap((one) =>
    one.type === 'take-photo' ? [`+${one.photo}`] : one.type === 'drop-photo' ? [`-${one.photo}`] : [],
  );

export function sender(flow: Flow = papers, start: Partial<Session> = {}): Sender {
  const turn = (event: FlowEvent): string[] => {
    const before = JSON.parse(JSON.stringify(me.session)) as Session;
    const { session, effects } = advance(flow, before, event, context);
    me.session = session;
    me.effects = effects;
    return effects.flatMap((effect) => (effect.type === 'say' ? [spoken(effect.message)] : []));
  };
  const me: Sender = {
    session: { ...startSession({ flow, key: 'k1', purpose: 'file' }), ...start },
    effects: [],
    says: (text) => turn({ type: 'text', text }),
    taps: (step, choice) => turn({ type: 'choice', step, choice }),
    does: (command, step) => turn({ type: 'command', command, ...(step === undefined ? {} : { step }) }),
    sends: (...ids) => turn(photoEvent(ids)),
    ready: (photo, ...flags) =>
      turn({
        ...{ type: 'photo-ready', photo, flags },
        ...(photo.endsWith('.pdf') ? { sort: 'pdf', pages: 3 } : { sort: 'photo', pages: 1 }),
      }),
    refused: (photo, problem) => turn({ type: 'photo-refused', photo, problem }),
    at: (step) => asPhotos(me.session.answers[step]?.value).photos.map(({ id }) => id),
    asked: () => present(walk(flow, me.session, context), me.session)?.path ?? null,
    moved: () => movedIn(me.effects),
  };
  me.does('start');
  return me;
}

/** At the first photo step; at the name after it; at the review with everything ready. */
export function atPaper(): Sender {
  const me = sender();
  me.says('Phường Tây Hồ');
  return me;
}
export function atName(...ids: string[]): Sender {
  const me = atPaper();
  me.sends(...ids);
  me.says('đủ rồi');
  return me;
}
export function atReview(...ready: string[]): Sender {
  const me = atName('a');
  me.says('Nguyễn Văn An');
  me.sends('b', 'c');
  me.says('bỏ qua');
  me.says('2');
  for (const id of ready) me.ready(id);
  return me;
}
