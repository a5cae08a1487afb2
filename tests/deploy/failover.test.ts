/**
 * A real replica set whose primary gives way and is killed under load: nothing that was acknowledged is lost, nothing is written
 * twice, and the first write after a new primary comes within 15 s. `.ci/mongo-replica-set up` prints what to set.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { mongoRecords } from '../../src/drivers/mongo-store';
import { openSealedStore } from '../../src/drivers/sealed-store';
import type { Store } from '../../src/ports/store';
import { conversationDoc } from '../contract/documents';
import { dropDatabase, newDatabase } from '../servers/mongo-server';

const { MONGO_FAILOVER_URL: url } = process.env;
const onReplicaSet = url === undefined ? describe.skip : describe;
const CHATS = 50;
const BACK_MS = 15_000;
const script = (...args: string[]) =>
  execFileSync(join(__dirname, '../../.ci/mongo-replica-set'), args, { stdio: 'inherit' });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Load {
  /** ms epoch of the last acknowledged write. */
  readonly last: () => number;
  /** Ends it; what each chat was told at last. */
  stop(): Promise<readonly number[]>;
}

/** Every chat saves turn after turn; an unknown outcome is read back, as the house does. */
function startLoad(store: Store): Load {
  let [going, last] = [true, Date.now()];
  const chat = async (n: number): Promise<number> => {
    let acked = 0;
    while (going) {
      try {
        const state = await store.conversations.byId(`c${n}`);
        if (state === null) await store.conversations.create(conversationDoc(`c${n}`, { nextSeq: 1 }), null);
        else if (state.doc.nextSeq < acked) throw new Error(`c${n} lost what was acknowledged`);
        else if (
          await store.conversations.save(
            { ...state.doc, nextSeq: state.doc.nextSeq + 1 },
            state.revision,
            null,
          )
        ) {
          acked = state.doc.nextSeq + 1;
          last = Date.now();
        }
      } catch (error) {
        if (error instanceof Error && /lost/.test(error.message)) throw error;
        await pause(100);
      }
    }
    return acked;
  };
  const chats = Promise.all(Array.from({ length: CHATS }, (_, n) => chat(n)));
  return {
    last: () => last,
    stop() {
      going = false;
      return chats;
    },
  };
}

onReplicaSet('a replica set that fails (NOT RUN without MONGO_FAILOVER_URL)', () => {
  it.each(['step-down', 'kill-primary'])(
    'survives %s',
    async (deed) => {
      const database = newDatabase();
      const records = await mongoRecords({ url: url!, database });
      const store = await openSealedStore({ records, vault: openVault(parseDataKeys(newKeys(randomBytes))) });
      const load = startLoad(store);
      await pause(3_000);
      script(deed);
      script('heal'); // returns once there is a primary again
      const back = Date.now();
      while (load.last() < back && Date.now() - back < BACK_MS) await pause(50);
      expect(load.last()).toBeGreaterThanOrEqual(back);
      await pause(3_000);
      const acked = await load.stop();
      for (const [n, told] of acked.entries()) {
        const state = await store.conversations.byId(`c${n}`);
        // One turn raises both by one: were a write done twice, they would differ.
        expect(state!.doc.nextSeq).toBe(state!.revision);
        expect(state!.doc.nextSeq).toBeGreaterThanOrEqual(told);
      }
      await store.close();
      await dropDatabase(url!, database);
    },
    180_000,
  );
});
