/**
 * The audit: rows numbered without a gap, each hash covering the row before it, so that a changed, removed or inserted row
 * shows. The hash is an HMAC under the index key: who can write the file but has no key cannot mend the chain.
 * What the chain cannot show is that its newest rows were cut off: whoever watches keeps the last seq and hash elsewhere.
 */
import type { Vault } from '../../crypto/vault';
import { AppError, codeOf } from '../../errors';
import type { AuditEntry, AuditRow } from '../../ports/documents';
import type { Audit } from '../../ports/store';
import type { NewRow, Row, Table } from '../records';
import { codec } from './codec';

const SEQ_DIGITS = 12;
const PAGE = 1_000;
/** Rounds that lost against another process before giving up. */
const ROUNDS = 50;

interface Link {
  readonly seq: number;
  readonly hash: string;
}
const START: Link = { seq: 0, hash: '' };

const idOf = (seq: number) => String(seq).padStart(SEQ_DIGITS, '0');

interface Waiting {
  readonly entry: AuditEntry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Chain {
  /** The row that follows: its number and its hash come from the row before. */
  readonly next: (entry: AuditEntry, before: Link) => AuditRow;
  readonly toRow: (row: AuditRow) => NewRow;
  readonly open: (row: Row) => AuditRow;
}

function auditChain(vault: Vault): Chain {
  const { seal, open } = codec<AuditRow>('audit', vault);
  return {
    next({ at, who, agency, what, subject }, before) {
      const seq = before.seq + 1;
      const hash = vault.blind('audit', JSON.stringify([before.hash, seq, at, who, agency, what, subject]));
      return { at, who, agency, what, subject, seq, hash };
    },
    toRow: (row) => seal(idOf(row.seq), row, { clear: { at: row.at, subject: row.subject, hash: row.hash } }),
    open,
  };
}

/** Writes entries behind the tail, one batch at a time; what comes meanwhile forms the next. */
function appender(table: Table, { next, toRow, open }: Chain): Audit['append'] {
  let tail: Link | null = null;
  const waiting: Waiting[] = [];
  let writing = false;

  const readTail = async (): Promise<Link> => {
    const [row] = await table.find({ order: ['id'], descending: true, limit: 1 });
    return row ? open(row) : START;
  };

  /** How many of the batch were written. */
  const round = async (batch: readonly Waiting[]): Promise<number> => {
    let link = tail ?? (await readTail());
    const rows = batch.map(({ entry }) => {
      const row = next(entry, link);
      link = row;
      return row;
    });
    const created = await table.insertAll(rows.map(toRow), 'stop');
    // Fewer than all: another process continued the chain, read where it stands now.
    tail = created === rows.length ? link : null;
    return created;
  };

  const writeBatch = async (batch: readonly Waiting[]) => {
    let left = batch;
    for (let tries = 0; left.length > 0 && tries < ROUNDS; tries += 1) {
      const created = await round(left);
      left.slice(0, created).forEach((one) => one.resolve());
      left = left.slice(created);
    }
    left.forEach((one) => one.reject(new AppError('conflict', 'The audit chain is too busy.')));
  };

  const drain = async () => {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, PAGE);
      await writeBatch(batch).catch((error: unknown) => {
        tail = null;
        batch.forEach((one) => one.reject(error));
      });
    }
    writing = false;
  };

  return (entry) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      if (!writing) void drain();
    });
}

/** The row that must stand after `before`, or null when this is not it. */
function following(row: Row, before: Link, { next, open }: Chain): AuditRow | null {
  try {
    const wanted = next(open(row), before);
    return row.id === idOf(wanted.seq) && row.clear['hash'] === wanted.hash ? wanted : null;
  } catch (error) {
    if (codeOf(error) === 'document-unreadable') return null;
    throw error;
  }
}

export function audit(table: Table, vault: Vault): Audit {
  const chain = auditChain(vault);
  const newestFirst = { order: ['id'], descending: true };
  return {
    append: appender(table, chain),
    ofSubject: async (subject, limit) =>
      (await table.find({ where: { subject }, ...newestFirst, limit })).map(chain.open),
    last: async (limit) => (await table.find({ ...newestFirst, limit })).map(chain.open),
    async verify() {
      let link = START;
      for (;;) {
        const rows = await table.find({ where: { id: { gt: idOf(link.seq) } }, order: ['id'], limit: PAGE });
        if (rows.length === 0) return null;
        for (const row of rows) {
          const wanted = following(row, link, chain);
          if (!wanted) return link.seq + 1;
          link = wanted;
        }
      }
    },
  };
}
