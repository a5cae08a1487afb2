/** Documents as the app would make them, for every engine's contract. Names and numbers are invented. */
import type {
  AuditEntry,
  Conversation,
  Delivery,
  Dossier,
  Officer,
  Part,
  Person,
  TranscriptRow,
} from '../../src/ports/documents';

export const AN: Person = { name: 'Nguyễn Thị Ví Dụ', nationalId: '001190000123', phone: '0912345678' };
export const BINH: Person = { name: 'Đặng Văn Thử Nghiệm', nationalId: '079204000456', phone: '0987654321' };

export function conversationDoc(id: string, more: Partial<Conversation> = {}): Conversation {
  return {
    id,
    address: { channel: 'web', account: 'default', chat: `chat-${id}` },
    lang: 'vi',
    pair: 'co-chau',
    mode: 'bot',
    helpAt: null,
    agency: null,
    commune: null,
    session: null,
    drafts: [],
    lobby: null,
    offered: [],
    dossiers: [],
    wrongCodes: [],
    seen: [],
    says: [],
    acts: [],
    nextSeq: 1,
    startedAt: 1_000,
    lastAt: 1_000,
    ...more,
  };
}

export function partDoc(id: string, more: Partial<Part> = {}): Part {
  return {
    id,
    agency: 'xa-mau',
    agencyName: 'UBND xã Mẫu',
    procedure: 'khai-sinh',
    status: 1,
    dueOn: '2026-12-01',
    lookBy: '2026-11-24',
    officialCode: null,
    receivedAt: null,
    rounds: [{ n: 1, kind: 'first', at: 1_000, changed: [] }],
    supplement: null,
    payment: null,
    result: null,
    withdrawAsked: null,
    refusal: null,
    delivery: null,
    pauses: [],
    ...more,
  };
}

export function dossierDoc(id: string, code: string, more: Partial<Dossier> = {}): Dossier {
  return {
    id,
    code,
    sessionKey: `session-${id}`,
    conversation: 'c1',
    demo: false,
    procedure: { id: 'khai-sinh', code: '2.000635', name: 'Đăng ký khai sinh' },
    people: { filer: BINH, applicant: AN, subject: AN },
    answers: [],
    extra: [],
    facts: [],
    parts: [partDoc('p1')],
    history: [],
    status: 1,
    createdAt: 1_000,
    retentionDays: 30,
    applied: [],
    acts: [],
    nextSeq: 1,
    ...more,
  };
}

export function deliveryDoc(id: string, more: Partial<Delivery> = {}): Delivery {
  return {
    id,
    key: `${id}-p1-1`,
    dossierId: 'd1',
    part: 'p1',
    round: 1,
    agency: 'xa-mau',
    body: '{"hồ sơ":1}',
    state: 'waiting',
    attempts: 0,
    officialCode: null,
    lastReason: null,
    dueAt: 1_000,
    createdAt: 1_000,
    ...more,
  };
}

export function said(
  conversation: string,
  seq: number,
  text = `câu ${seq}`,
  at = seq * 1_000,
): TranscriptRow {
  return { conversation, seq, at, side: seq % 2 === 0 ? 'bot' : 'citizen', message: { text, buttons: [] } };
}

export function officerDoc(id: string, login: string): Officer {
  return {
    id,
    login,
    name: 'Trần Cán Bộ',
    agency: 'xa-mau',
    role: 'officer',
    passwordHash: '$argon2id$…',
    active: true,
    createdAt: 1_000,
    epoch: 1,
  };
}

export function auditOf(n: number): AuditEntry {
  return { at: n, who: 'o1', agency: 'xa-mau', what: 'view-dossier', subject: `d${n % 3}` };
}
