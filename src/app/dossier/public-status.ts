/** What a citizen with code and second factor may see of a dossier: plain, bounded, without names of officers. Pure. */
import type { AuditRow, Dossier, HistoryEntry, Part, Status } from '../../ports/documents';

export interface PublicStatus {
  readonly code: string;
  readonly procedure: string;
  readonly demo: boolean;
  /** Masked: "Nguyễn T. B." */
  readonly person: string;
  readonly parts: readonly PublicPart[];
  /** Oldest first. */
  readonly steps: readonly PublicStep[];
  /** Newest first, ≤ `MAX_VIEWS`. */
  readonly views: readonly PublicView[];
  readonly moreViews: boolean;
}

export interface PublicPart {
  readonly agency: string;
  readonly status: Status;
  readonly officialCode: string | null;
  /** yyyy-mm-dd */
  readonly dueOn: string | null;
  readonly next: PublicNext;
  readonly withdrawAsked: boolean;
}

/** The one thing to do now. Days are yyyy-mm-dd, amounts đồng. */
export type PublicNext =
  | { readonly type: 'wait'; readonly day: string }
  | { readonly type: 'working' | 'done' | 'withdrawn' | 'stopped' }
  | { readonly type: 'supplement'; readonly items: readonly string[]; readonly untilOn: string | null }
  | { readonly type: 'pay'; readonly amount: number; readonly how: string }
  | { readonly type: 'refused'; readonly reason: string; readonly law: string; readonly next: string }
  | { readonly type: 'collect'; readonly place: string | null; readonly hours: string | null }
  | { readonly type: 'download'; readonly attachment: string };

export interface PublicStep {
  /** ms epoch */
  readonly at: number;
  readonly status: Status;
  /** Said in its own words; any other event is said by the status it led to. */
  readonly event: StepEvent | null;
  /** With several parts: whose step it is. */
  readonly agency: string | null;
}

const STEP_EVENTS = [
  'sent',
  'corrected',
  'supplemented',
  'supplementedPartly',
  'withdrawAsked',
  'kept',
] as const;
export type StepEvent = (typeof STEP_EVENTS)[number];

export interface PublicView {
  /** ms epoch */
  readonly at: number;
  readonly role: 'officer' | 'citizen' | 'agency';
  readonly agency: string | null;
  readonly act: 'view' | 'download' | 'print' | 'reveal' | 'change';
}

export const MAX_VIEWS = 50;

/** `audit`: rows about this dossier, in any order. Officers' notes and names stay inside. */
export function publicStatus(dossier: Dossier, audit: readonly AuditRow[]): PublicStatus {
  const views = audit
    .toSorted((a, b) => b.seq - a.seq)
    .map((row) => viewOf(row, dossier.parts))
    .filter((view) => view !== null);
  return {
    code: dossier.code,
    procedure: dossier.procedure.name,
    demo: dossier.demo,
    person: maskName(dossier.people.applicant.name),
    parts: dossier.parts.map(partOf),
    steps: stepsOf(dossier),
    views: views.slice(0, MAX_VIEWS),
    moreViews: views.length > MAX_VIEWS,
  };
}

/** Enough for the person to know themselves: family name and initials. */
export function maskName(name: string): string {
  const [family = '', ...given] = name.trim().split(/\s+/);
  return [family, ...given.map((word) => `${Array.from(word)[0] ?? ''}.`)].join(' ');
}

function partOf(part: Part): PublicPart {
  const { agencyName, status, officialCode, dueOn, withdrawAsked } = part;
  return {
    agency: agencyName,
    status,
    officialCode,
    dueOn,
    next: nextOf(part),
    withdrawAsked: withdrawAsked !== null && status !== 7,
  };
}

function nextOf(part: Part): PublicNext {
  switch (part.status) {
    case 1:
      return { type: 'wait', day: part.lookBy };
    case 2:
    case 4:
      return { type: 'working' };
    case 3:
      return part.refusal === null ? { type: 'stopped' } : { type: 'refused', ...part.refusal };
    case 5:
      return supplementOf(part);
    case 6:
      return part.payment === null ? { type: 'working' } : { type: 'pay', ...part.payment };
    case 7:
      return { type: 'withdrawn' };
    case 8:
      return { type: 'stopped' };
    case 9:
    case 10:
      return resultOf(part);
  }
}

function supplementOf({ supplement }: Part): PublicNext {
  const open = supplement?.items.filter((item) => !item.done) ?? [];
  return { type: 'supplement', items: open.map((item) => item.text), untilOn: supplement?.untilOn ?? null };
}

/** A file stays to be had after the dossier is closed. */
function resultOf({ result, status }: Part): PublicNext {
  if (result?.kind === 'file' && result.attachment !== undefined) {
    return { type: 'download', attachment: result.attachment };
  }
  if (status === 10) return { type: 'done' };
  return { type: 'collect', place: result?.place ?? null, hours: result?.hours ?? null };
}

/** What moved the dossier, and what the citizen did. Entries that changed nothing a citizen can see are left out. */
function stepsOf({ history, parts }: Dossier): readonly PublicStep[] {
  const last = new Map<string | null, Status>();
  const steps: PublicStep[] = [];
  for (const entry of history) {
    const event = eventOf(entry);
    const moved = last.get(entry.part) !== entry.status;
    last.set(entry.part, entry.status);
    if (event === null && !moved) continue;
    const agency =
      parts.length > 1 ? (parts.find((part) => part.id === entry.part)?.agencyName ?? null) : null;
    steps.push({ at: entry.at, status: entry.status, event, agency });
  }
  return steps;
}

const eventOf = ({ event }: HistoryEntry): StepEvent | null =>
  STEP_EVENTS.find((known) => known === event) ?? null;

/** Null for what the house did by itself: nobody looked. */
function viewOf({ at, who, agency, what }: AuditRow, parts: readonly Part[]): PublicView | null {
  if (who === 'system') return null;
  const role = who === 'citizen' ? 'citizen' : who.startsWith('agency:') ? 'agency' : 'officer';
  const name = parts.find((part) => part.agency === agency)?.agencyName ?? null;
  return { at, role, agency: name, act: actOf(what) };
}

function actOf(what: string): PublicView['act'] {
  if (/^(view|look|list|search)/.test(what)) return 'view';
  if (/^(download|send-file)/.test(what)) return 'download';
  if (/^(print|export)/.test(what)) return 'print';
  return /^(reveal|show)/.test(what) ? 'reveal' : 'change';
}
