/** The tables of the house: which columns are clear (design §4). Everything else is sealed in the body. */
import type { TableSpec } from '../records';

const text = 'text';
const number = 'number';

export const TABLES = {
  conversations: {
    name: 'conversations',
    columns: {
      address: text,
      agency: text,
      helpAt: number,
      sentUpTo: number,
      doneUpTo: number,
      sendHolder: text,
      sendUntil: number,
      dueAt: number,
    },
    unique: ['address'],
    indexes: [['dueAt'], ['agency', 'helpAt']],
  },
  dossiers: {
    name: 'dossiers',
    columns: { code: text, sessionKey: text, doneUpTo: number, dueAt: number },
    unique: ['code', 'sessionKey'],
    indexes: [['dueAt']],
    entries: {
      parts: {
        columns: {
          agency: text,
          procedure: text,
          status: number,
          due: text,
          at: number,
          lookBy: text,
          replied: number,
          trouble: number,
          withdraw: number,
        },
        indexes: [
          ['agency', 'due', 'at'],
          ['agency', 'status', 'due', 'at'],
        ],
      },
      blind: { columns: { token: text }, indexes: [['token']] },
    },
  },
  deliveries: {
    name: 'deliveries',
    columns: { key: text, state: text, attempts: number, dueAt: number, createdAt: number },
    unique: ['key'],
    indexes: [['dueAt'], ['state', 'createdAt']],
  },
  drafts: { name: 'drafts', columns: { holder: text, dueAt: number }, indexes: [['holder'], ['dueAt']] },
  transcripts: {
    name: 'transcripts',
    columns: { seq: number, at: number, side: text },
    indexes: [['at']],
    small: true,
  },
  consents: {
    name: 'consents',
    columns: { conversation: text, purpose: text, agency: text, at: number },
    indexes: [['conversation', 'at']],
  },
  agencies: { name: 'agencies', columns: {} },
  officers: { name: 'officers', columns: { login: text }, unique: ['login'] },
  attachments: { name: 'attachments', columns: { owner: text, state: text }, indexes: [['owner']] },
  slips: { name: 'slips', columns: { kind: text, until: number }, indexes: [['kind'], ['until']] },
  audit: { name: 'audit', columns: { at: number, subject: text, hash: text }, indexes: [['subject']] },
  leases: { name: 'leases', columns: { holder: text, until: number } },
  meta: { name: 'meta', columns: { version: number, check: text } },
} as const satisfies Record<string, TableSpec>;

export type TableName = keyof typeof TABLES;
