/** What of a dossier can be found: its parts by agency, and blind tokens of its people and code. */
import { foldName, foldedWords } from '../../crypto/blind-index';
import type { Vault } from '../../crypto/vault';
import type { Dossier, Part, Person } from '../../ports/documents';
import type { DossierQuery, SubjectKeys } from '../../ports/store';
import type { ClearColumns, Conditions, NewRow } from '../records';

/** Sorts after every promised date. */
const NO_DATE = '9999-12-31';
const TROUBLE = ['refused', 'unknown', 'needs-officer'];

const bit = (is: boolean) => (is ? 1 : 0);

/** The citizen's last round came after everything an officer or the agency did to this part. */
function citizenReplied(doc: Dossier, part: Part): boolean {
  const last = part.rounds.at(-1);
  if (!last || last.kind === 'first') return false;
  const answered = (role: string) => role === 'officer' || role === 'agency';
  return !doc.history.some(
    (entry) => entry.part === part.id && answered(entry.by.role) && entry.at >= last.at,
  );
}

function partEntry(doc: Dossier, part: Part): ClearColumns {
  return {
    agency: part.agency,
    procedure: part.procedure,
    status: part.status,
    due: part.dueOn ?? NO_DATE,
    at: doc.createdAt,
    lookBy: part.status === 1 ? part.lookBy : null,
    replied: bit(citizenReplied(doc, part)),
    trouble: bit(TROUBLE.includes(part.delivery?.state ?? '')),
    withdraw: bit(part.withdrawAsked !== null && part.status !== 7),
  };
}

/** The parts as they are found by. */
export const partEntries = (doc: Dossier): readonly ClearColumns[] =>
  doc.parts.map((part) => partEntry(doc, part));

/** A code as people type it: any case, with spaces or hyphens, O for 0, I or L for 1. */
export function codeKey(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

/** Digits of a national ID or a phone as typed; +84 becomes 0. Null when there is anything else. */
function digitsOf(text: string): string | null {
  const bare = text.replace(/[\s.()-]/g, '').replace(/^\+84/, '0');
  return /^\d{6,15}$/.test(bare) ? bare : null;
}

const wholeName = (name: string) => foldedWords(name).join(' ');

function personTokens(vault: Vault, person: Person): string[] {
  const numbers = [person.nationalId, person.phone]
    .map((value) => digitsOf(value ?? ''))
    .filter((value) => value !== null);
  return [
    ...numbers.map((value) => vault.blind('number', value)),
    vault.blind('name', wholeName(person.name)),
    ...foldedWords(person.name).map((word) => vault.blind('word', word)),
  ];
}

/** The token of a code together with the last four digits of a number of one of its people. */
export function secondFactor(vault: Vault, code: string, lastFour: string): string {
  return vault.blind('code-four', `${codeKey(code)}/${lastFour}`);
}

function secondFactors(vault: Vault, doc: Dossier, people: readonly Person[]): string[] {
  const numbers = people.flatMap((person) => [person.nationalId, person.phone]);
  return numbers.flatMap((value) => {
    const lastFour = /\d{4}$/.exec(value ?? '')?.[0];
    return lastFour ? [secondFactor(vault, doc.code, lastFour)] : [];
  });
}

/** The same procedure for the same person: by national ID, by name and birth, by birth and the number of somebody near. */
export function subjectTokens(
  vault: Vault,
  procedure: string,
  { name, nationalId, birth, kin }: SubjectKeys,
): string[] {
  const known = [
    ...(nationalId === undefined ? [] : [nationalId]),
    ...(birth === undefined ? [] : [wholeName(name), ...kin].map((who) => `${who}/${birth}`)),
  ];
  return known.map((who) => vault.blind('subject', `${procedure}/${who}`));
}

const NATIONAL_ID = /^\d{12}$/;

/** National IDs among the answers that are not the subject's own. */
function kinOf({ answers, people }: Dossier): string[] {
  return answers.flatMap(({ value }) =>
    typeof value === 'string' && NATIONAL_ID.test(value) && value !== people.subject.nationalId
      ? [value]
      : [],
  );
}

/** Everything clear about a dossier but its due time and watermark. */
export function dossierIndex(vault: Vault, doc: Dossier): Required<Pick<NewRow, 'clear' | 'entries'>> {
  const people = Object.values(doc.people).filter((person): person is Person => person !== null);
  const tokens = [
    vault.blind('code', codeKey(doc.code)),
    ...people.flatMap((person) => personTokens(vault, person)),
    ...secondFactors(vault, doc, people),
    ...subjectTokens(vault, doc.procedure.id, { ...doc.people.subject, kin: kinOf(doc) }),
  ];
  return {
    clear: { code: codeKey(doc.code), sessionKey: doc.sessionKey },
    entries: {
      parts: partEntries(doc),
      blind: [...new Set(tokens)].map((token) => ({ token })),
    },
  };
}

/** What a search may mean, each meaning a list of tokens that must all be held: a number, a code, "a whole name", words. */
export function searchTokens(vault: Vault, find: string): string[][] {
  const number = digitsOf(find);
  const quoted = /^["“](.+)["”]$/u.exec(find.trim())?.[1];
  if (quoted !== undefined) return [[vault.blind('name', wholeName(quoted))]];
  return [
    ...(number ? [[vault.blind('number', number)]] : []),
    [vault.blind('code', codeKey(foldName(find).trim()))],
    foldedWords(find).map((word) => vault.blind('word', word)),
  ];
}

const FLAGS = {
  'citizen-replied': () => ({ replied: 1 }),
  'delivery-trouble': () => ({ trouble: 1 }),
  'withdraw-asked': () => ({ withdraw: 1 }),
  'late-look': (today: string) => ({ lookBy: { lt: today } }),
} as const;

/** The conditions that one part must meet. Always bounded by its agency. */
export function partConditions(query: Omit<DossierQuery, 'limit' | 'after'>): Conditions {
  const { agency, statuses, dueUpTo, dueOn, flag, today = '' } = query;
  const due = dueOn ?? (dueUpTo === undefined ? undefined : { lte: dueUpTo });
  return {
    agency,
    ...(statuses ? { status: { in: statuses } } : {}),
    ...(due === undefined ? {} : { due }),
    ...(flag ? FLAGS[flag](today) : {}),
  };
}
