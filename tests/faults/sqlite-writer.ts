/** The child of the crash tests: saves conversations, transcript lines and audit entries for ever, and prints each number once it is durable. */
import { writeSync } from 'node:fs';
import { auditOf, conversationDoc, said } from '../contract/documents';
import { openSqlite } from './sqlite-stores';

const LANES = 10;

async function main(dir: string, round: string): Promise<void> {
  const { store } = await openSqlite(dir);
  const ack = (id: string, n: number) => writeSync(1, `${id} ${n}\n`);

  const lane = async (id: string) => {
    await store.conversations.create(conversationDoc(id), null);
    for (let n = 1; ; n += 1) {
      const doc = conversationDoc(id, { nextSeq: n, pair: String(n).repeat(500) });
      if (!(await store.conversations.save(doc, n, n))) throw new Error('a revision was lost');
      ack(id, n);
      await Promise.all([
        store.transcripts.append([said(id, 2 * n), said(id, 2 * n + 1)]),
        store.conversations.mark(id, { sentUpTo: n }, { revision: n + 1, dueAt: null }),
      ]);
      ack(`${id}/said`, 2 * n + 1);
      if (n % 3 === 1) await store.audit.append(auditOf(n));
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, i) => lane(`r${round}-${i}`)));
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
