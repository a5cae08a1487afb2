/** What a session becomes when it is sent: frozen words that nobody needs the flow to read. And back again, to correct it. */
import { startSession } from '../../flow/engine';
import { photoIds } from '../dossier/photos-of';
import type {
  AgencyView,
  Answer,
  AnswerValue,
  Flow,
  PersonSource,
  Session,
  ViewLine,
} from '../../flow/types';
import type {
  Dossier,
  DossierAnswer,
  NewDossier,
  NewRound,
  Person,
  SupplementItem,
} from '../../ports/documents';
import type { Params } from '../speech';
import type { Talk } from './talk';

/** Paths of an officer's extra questions start so; they are replies, not answers of the form. */
const EXTRA = 'extra.';
/** Older than any flow's rev: the engine asks such a step again. */
const STALE = -1;
/** Where no fact says how long. */
const RETENTION_DAYS = 30;

export function newDossier(
  talk: Talk,
  flow: Flow,
  session: Session,
  agency: AgencyView,
  lines: readonly ViewLine[],
): NewDossier {
  const card = talk.world.procedures.bySlug(flow.id);
  const briefing = talk.world.briefing(flow.id, agency);
  const days = briefing.facts['retentionDays'];
  return {
    sessionKey: session.key,
    demo: agency.demo,
    procedure: { id: flow.id, code: flow.code, name: card?.name ?? flow.id },
    people: peopleOf(flow, lines),
    answers: answersOf(talk, lines, briefing.params),
    facts: briefing.shown,
    parts: [{ agency: agency.id, agencyName: agency.name, procedure: flow.id, lookBy: talk.world.lookBy }],
    at: talk.world.at,
    retentionDays: typeof days === 'number' ? days : RETENTION_DAYS,
  };
}

export function newRound(talk: Talk, flow: Flow, session: Session, lines: readonly ViewLine[]): NewRound {
  const textOf = documentSpeech(talk, {});
  const replies = lines
    .filter((line) => line.step.startsWith(EXTRA))
    .map((line) => ({
      item: line.step.slice(EXTRA.length),
      reply: textOf(line.display),
      photos: photoIds(line.answer.value),
    }));
  return {
    kind: session.purpose === 'supplement' ? 'supplement' : 'correction',
    answers: answersOf(talk, lines, talk.world.briefing(flow.id, null).params),
    people: peopleOf(flow, lines),
    replies,
    at: talk.world.at,
  };
}

/** Documents and the desk read Vietnamese, whatever language the chat is in, and are addressed formally. */
function documentSpeech({ world: { speech } }: Talk, params: Params): (phrase: ViewLine['label']) => string {
  const known = { ...params, ...speech.pair('formal', 'vi') };
  return (phrase) => speech.phrase(phrase, known, 'vi');
}

function answersOf(talk: Talk, lines: readonly ViewLine[], params: Params): readonly DossierAnswer[] {
  const textOf = documentSpeech(talk, params);
  return lines
    .filter((line) => !line.step.startsWith(EXTRA))
    .map((line) => ({
      step: line.step,
      section: textOf(line.section),
      label: textOf(line.label),
      display: textOf(line.display),
      value: line.answer.value,
      source: line.answer.source,
      by: line.answer.by,
      rev: line.answer.rev,
      flags: line.answer.flags ?? [],
      warnings: line.warnings.map(textOf),
    }));
}

/** Who takes part, from the first source whose name was answered. */
export function peopleOf(flow: Flow, lines: readonly Pick<ViewLine, 'step' | 'answer'>[]): Dossier['people'] {
  const values = new Map<string, AnswerValue>(lines.map((line) => [line.step, line.answer.value]));
  const nobody: Person = { name: '' };
  const applicant = personFrom(flow.people.applicant, values) ?? nobody;
  return {
    filer: personFrom(flow.people.filer, values),
    applicant,
    subject: personFrom(flow.people.subject, values) ?? applicant,
  };
}

function personFrom(
  sources: readonly PersonSource[],
  values: ReadonlyMap<string, AnswerValue>,
): Person | null {
  const words = (path: string | undefined): string | null => {
    const value = path === undefined ? null : values.get(path);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const source = sources.find((one) => words(one.name) !== null);
  if (source === undefined) return null;
  const optional = {
    nationalId: words(source.nationalId),
    phone: words(source.phone),
    birth: words(source.birth),
  };
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null));
  return { name: words(source.name) ?? '', ...known };
}

/** A dossier opened again by its citizen: the same answers, those an officer asked for marked to be given again. */
export function sessionOf(
  flow: Flow,
  dossier: Dossier,
  purpose: 'correct' | 'supplement',
  key: string,
): Session {
  const items = purpose === 'supplement' ? openItems(dossier) : [];
  const again = new Set(items.map((item) => item.step));
  const at = new Date(dossier.createdAt).toISOString();
  const answers = dossier.answers.map((frozen): [string, Answer] => {
    const { value, source, by } = frozen;
    return [frozen.step, { value, source, by, at, rev: again.has(frozen.step) ? STALE : frozen.rev }];
  });
  const extra = items.flatMap((item) =>
    item.sort === 'answer' ? [] : [{ id: item.id, sort: item.sort, text: item.text }],
  );
  return startSession({
    flow,
    key,
    purpose,
    dossier: dossier.code,
    answers: Object.fromEntries(answers),
    extra,
  });
}

const openItems = (dossier: Dossier): readonly SupplementItem[] =>
  dossier.parts.flatMap((part) => part.supplement?.items.filter((item) => !item.done) ?? []);
