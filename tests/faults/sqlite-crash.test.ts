import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { sleep, until } from '../contract/queue-contract';
import { openSqlite, cleanUp, startWriter, tempFolder, type SqliteStore } from './sqlite-stores';

const KILLS = 20;

afterEach(cleanUp);

/** Every acknowledged write is there, and what is there is whole. */
async function checkAcked({ store }: SqliteStore, acked: Map<string, number>): Promise<void> {
  for (const [id, n] of acked) {
    if (id.endsWith('/said')) {
      const [last] = await store.transcripts.last(id.slice(0, -'/said'.length), 1);
      expect(last?.seq).toBeGreaterThanOrEqual(n);
      continue;
    }
    const state = await store.conversations.byId(id);
    expect(state?.doc.nextSeq).toBeGreaterThanOrEqual(n);
    expect(state?.doc.pair).toBe(String(state?.doc.nextSeq).repeat(500));
    expect(state?.revision).toBe(state!.doc.nextSeq + 1);
  }
}

it(`keeps every acknowledged write through ${KILLS} kills, whole`, async () => {
  const dir = tempFolder();
  let acks = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const writer = startWriter(dir, round);
    await until(() => writer.lines() > 50, 20_000);
    await sleep((round * 37) % 200);
    await writer.kill();
    const opened = await openSqlite(dir);
    await checkAcked(opened, writer.acked);
    expect(await opened.store.audit.verify()).toBeNull();
    await opened.store.close();
    acks += writer.lines();
  }
  const db = new DatabaseSync(join(dir, 'store.db'));
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  db.close();
  console.log(`${KILLS} kills, ${acks} acknowledged writes, none lost`);
}, 180_000);

describe('the lock', () => {
  it('refuses a second server by name while the first lives, and no longer once it is killed', async () => {
    const dir = tempFolder();
    const writer = startWriter(dir, 0);
    await until(() => writer.lines() > 0, 20_000);
    await expect(openSqlite(dir)).rejects.toMatchObject({
      code: 'store-locked',
      message: expect.stringContaining('Another server process uses') as string,
    });
    await writer.kill();
    const { store } = await openSqlite(dir);
    expect(await store.conversations.byId('r0-0')).not.toBeNull();
    await store.close();
  });

  it('refuses a second server in the same process too, and frees it on close', async () => {
    const dir = tempFolder();
    const first = await openSqlite(dir);
    await expect(openSqlite(dir)).rejects.toMatchObject({ code: 'store-locked' });
    await first.store.close();
    await (await openSqlite(dir)).store.close();
  });

  it('is not asked of a command beside the server: both write, and the audit stays one chain', async () => {
    const dir = tempFolder();
    const writer = startWriter(dir, 0);
    await until(() => writer.lines() > 50, 20_000);
    const { store } = await openSqlite(dir, undefined, false);
    const entry = { at: 1, who: 'system', agency: null, what: 'command', subject: 'command' };
    for (let n = 0; n < 60; n += 1)
      await Promise.all(Array.from({ length: 20 }, () => store.audit.append(entry)));
    await writer.kill();
    expect(await store.audit.verify()).toBeNull();
    expect(await store.audit.ofSubject('command', 2_000)).toHaveLength(1_200);
    expect((await store.audit.last(5_000)).length).toBeGreaterThan(1_200);
    await store.close();
  });
});
