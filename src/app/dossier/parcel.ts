/** What an agency receives of one round of one part, frozen as text. @see docs/agency-api.md */
import { AppError } from '../../errors';
import type { AnswerValue } from '../../flow/types';
import type { Dossier, NewDelivery, Part, Person, Round } from '../../ports/documents';

/** Raised when the meaning of a field changes; new fields alone do not raise it. */
export const PARCEL_SCHEMA = 'mot-cua/parcel/1';

/** The unique key of a delivery, on our side and at the agency. */
export function deliveryKey(dossierId: string, part: string, round: number): string {
  return `${dossierId}-${part}-${round}`;
}

/**
 * The parcel as canonical JSON (object keys in code-unit order, no spaces): the same dossier gives the same bytes.
 * Answers keep the order of the form; all times are ISO instants in UTC.
 */
export function frozenParcel(dossier: Dossier, part: Part, round: Round): string {
  return canonical({
    schema: PARCEL_SCHEMA,
    key: deliveryKey(dossier.id, part.id, round.n),
    code: dossier.code,
    demo: dossier.demo,
    procedure: { ...dossier.procedure },
    part: { id: part.id, procedure: part.procedure, agency: part.agency, agencyName: part.agencyName },
    people: {
      filer: dossier.people.filer === null ? null : person(dossier.people.filer),
      applicant: person(dossier.people.applicant),
      subject: person(dossier.people.subject),
    },
    answers: dossier.answers.map(({ step, section, label, display, value, source, flags }) => {
      return { step, section, label, display, value, source, flags };
    }),
    extra: dossier.extra.map(({ text, reply, photos = [] }) => ({ text, reply, photos })),
    replies: repliesOf(part, round),
    facts: dossier.facts.map(({ id, text, source, verifiedOn }) => ({ id, text, source, verifiedOn })),
    round: {
      n: round.n,
      kind: round.kind,
      changed: round.changed.map(({ step, before }) => ({ step, before })),
    },
    lookBy: part.lookBy,
    sentAt: new Date(round.at).toISOString(),
  });
}

/** The delivery of a part's round, ready to be created. @throws AppError `internal` when the part has no such round. */
export function deliveryFor(dossier: Dossier, part: Part, roundNumber: number): NewDelivery {
  const round = part.rounds.find(({ n }) => n === roundNumber);
  if (round === undefined) {
    throw new AppError('internal', 'no such round', { details: { part: part.id, round: roundNumber } });
  }
  return {
    key: deliveryKey(dossier.id, part.id, round.n),
    dossierId: dossier.id,
    part: part.id,
    round: round.n,
    agency: part.agency,
    body: frozenParcel(dossier, part, round),
  };
}

function person({ name, nationalId, phone, birth }: Person): AnswerValue {
  return { name, nationalId: nationalId ?? null, phone: phone ?? null, birth: birth ?? null };
}

/** What the citizen answered to the checklist; only a supplement carries it. */
function repliesOf(part: Part, round: Round): AnswerValue {
  if (round.kind !== 'supplement') return [];
  const items = part.supplement?.items ?? [];
  return items.map(({ id, text, done, reply }) => ({ id, text, done, reply: reply ?? null }));
}

function canonical(value: AnswerValue): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
