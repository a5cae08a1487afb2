/** What receiving systems report of a dossier: how a delivery ended, and what became of a part. Pure; each id applies once. */
import type { DeliveryState, Dossier, Part } from '../../ports/documents';
import type { AgencyReport } from '../../ports/receiver';
import { receivedKey, tell } from './dossier-tell';
import { moved, once, partOf, withHistory, withPart } from './dossier-moves';
import type { Move } from './dossier-moves';

const EVENTS: Partial<Record<DeliveryState, string>> = {
  accepted: 'deliveryAccepted',
  refused: 'deliveryRefused',
  'needs-officer': 'deliveryStuck',
  cancelled: 'deliveryCancelled',
};

/** A delivery's state as the dossier shows it. Only the newest round of a part counts; an acceptance is final. */
export function applyDelivery(
  dossier: Dossier,
  outcome: { readonly key: string; readonly state: DeliveryState; readonly officialCode: string | null },
  move: Move,
): Dossier {
  return once(dossier, move, (before) => {
    const part = before.parts.find(({ delivery }) => delivery?.key === outcome.key);
    if (part?.delivery == null || part.delivery.state === 'accepted') return before;
    const after = {
      ...part,
      delivery: { key: outcome.key, state: outcome.state },
      officialCode: part.officialCode ?? outcome.officialCode,
    };
    const event = EVENTS[outcome.state];
    const noted = withPart(before, after);
    if (event === undefined) return noted;
    return withHistory(
      noted,
      { at: move.at, by: { role: 'system' }, event, part: part.id, text: null },
      after,
    );
  });
}

/**
 * A status an agency's own system reports, told to the citizen in our words with the agency's text beneath.
 * @throws AppError `move-not-allowed` · `not-found` (no such part)
 */
export function applyAgencyStatus(
  dossier: Dossier,
  partId: string,
  report: AgencyReport,
  move: Move,
): Dossier {
  return once(dossier, { ...move, effect: move.effect ?? report.id }, (before) => {
    const part = partOf(before, partId);
    const after = { ...moved(part, report.status, move), ...detailsOf(part, report, move) };
    const say = (key: string) => move.voice.say(key, move.voice.words, move.voice.lang);
    const params = {
      text: report.text ?? '',
      received: { key: `track.tell.${receivedKey(after)}` },
      items: after.supplement?.items[0]?.text ?? say('track.asAgencySays'),
    };
    const by = { role: 'agency', id: part.agency, name: part.agencyName } as const;
    const kind = report.status === 5 ? 'supplement' : report.status === 9 ? 'result' : 'changed';
    const news = {
      key: `byAgency.${report.status}`,
      params,
      kind,
      event: `status${report.status}`,
      by,
    } as const;
    return tell(withPart(before, after), after, news, move);
  });
}

/** What the report changes beside the status. */
function detailsOf(part: Part, report: AgencyReport, move: Move): Partial<Part> {
  const text = report.text ?? move.voice.say('track.asAgencySays', move.voice.words, move.voice.lang);
  const always = {
    officialCode: report.officialCode ?? part.officialCode,
    ...(report.dueOn === undefined ? {} : { dueOn: report.dueOn }),
  };
  switch (report.status) {
    case 2:
      return { ...always, receivedAt: move.at };
    case 3:
    case 8:
      return { ...always, refusal: { reason: text, law: '', next: '' } };
    case 4:
      return { ...always, supplement: null, payment: null, result: null };
    case 5:
      return { ...always, supplement: { at: move.at, untilOn: null, items: [oneItem(text, move)] } };
    case 7:
      return { ...always, withdrawAsked: null };
    case 9:
      return { ...always, result: { kind: 'pick-up', place: part.agencyName, hours: '' } };
    default:
      return always;
  }
}

const oneItem = (text: string, move: Move) =>
  ({ id: `${move.revision + 1}-1`, sort: 'paper', text, done: false }) as const;
