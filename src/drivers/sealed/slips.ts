/** Small things with an end: slips (sealed, found by a blind id, because the id may be a secret) and leases (clear). */
import type { Vault } from '../../crypto/vault';
import type { Leases, Slips } from '../../ports/store';
import type { Row, Table } from '../records';
import { codec, SCHEMA } from './codec';

export function slips(table: Table, vault: Vault): Slips {
  const { seal, open } = codec<{ readonly value: unknown }>('slips', vault);
  const keyOf = (kind: string, id: string) => vault.blind('slip', JSON.stringify([kind, id]));
  const valueOf = (row: Row | null, now: number): unknown =>
    row && Number(row.clear['until']) > now ? open(row).value : null;

  return {
    put: async (kind, id, value, expiresAt) =>
      table.put(seal(keyOf(kind, id), { value }, { clear: { kind, until: expiresAt } })),
    get: async <T>(kind: string, id: string, now: number) =>
      valueOf(await table.get('id', keyOf(kind, id)), now) as T | null,
    take: async <T>(kind: string, id: string, now: number) =>
      valueOf(await table.take(keyOf(kind, id)), now) as T | null,
    async remove(kind, id) {
      await table.remove({ id: keyOf(kind, id) });
    },
    count: (kind) => table.count({ kind }),
    async expired<T>(kind: string, now: number, limit: number) {
      const rows = await table.find({ where: { kind, until: { lte: now } }, limit });
      return rows.map((row) => open(row).value as T);
    },
    removeExpired: (now) => table.remove({ until: { lte: now } }),
  };
}

export function leases(table: Table): Leases {
  return {
    async take(name, holder, now, until) {
      const set = { holder, until };
      if (await table.patch(name, { set, when: { holder } })) return true;
      if (await table.patch(name, { set, when: { until: { lte: now } } })) return true;
      const row = { id: name, v: SCHEMA, kid: '', body: Buffer.alloc(0), clear: set };
      return (await table.insert(row)) === null;
    },
    async release(name, holder) {
      await table.patch(name, { set: { holder: null, until: 0 }, when: { holder } });
    },
  };
}
