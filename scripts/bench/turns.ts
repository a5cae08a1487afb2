/** Durable turns a second of the house beside durable writes a second of a bare server, measured by turns in one run. */
import { DatabaseSync } from '@photostructure/sqlite';
import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { rate, type Next, type Rate } from './client';
import { nodeFlags, startChild } from './child';
import { postsOf } from './filing';

const BARE = join(__dirname, 'bare-server.js');
export const HOUSE = join(__dirname, '../../tests/servers/server-child.js');
const BODY_BYTES = 2_048;
/** So long until the compiler is done with what is hot. */
const WARM_MS = 6_000;

const newId = () => randomBytes(18).toString('base64url');

/** A chat files, then another citizen begins: whole filings, fresh chats. */
export function citizens(): () => Next {
  let cookie = '';
  let step = 0;
  let posts = postsOf(0);
  return () => {
    const at = step % posts.length;
    if (at === 0) [cookie, posts] = [`chat=${newId()}`, postsOf(randomInt(1_000_000))];
    step += 1;
    return {
      path: '/chat/say',
      header: `Cookie: ${cookie}`,
      body: JSON.stringify({ id: `m-${step}-bench`, ...posts[at] }),
    };
  };
}

export function writers(n: number): () => Next {
  const body = randomBytes(BODY_BYTES / 2).toString('hex');
  return () => ({ path: '/', header: `Cookie: chat=${n}`, body });
}

export interface TurnsOptions {
  readonly dir: string;
  readonly chats: number;
  readonly rounds: number;
  readonly roundMs: number;
}

export interface Turns {
  readonly house: readonly Rate[];
  readonly bare: readonly Rate[];
  readonly dossiers: number;
  /** MB, before and after the load. */
  readonly idleRss: number;
  readonly loadedRss: number;
}

export async function measureTurns({ dir, chats, rounds, roundMs }: TurnsOptions): Promise<Turns> {
  const house = await startChild([...nodeFlags(), HOUSE], { DATA_DIR: dir });
  const bare = await startChild([BARE, dir], {});
  const idleRss = house.rss();
  const turns = (ms: number) => rate(house, { lanes: chats, ms, lane: citizens });
  const writes = (ms: number) => rate(bare, { lanes: chats, ms, lane: writers });
  await turns(Math.max(roundMs, WARM_MS));
  await writes(roundMs / 2);
  const figures = { house: [] as Rate[], bare: [] as Rate[] };
  for (let round = 0; round < rounds; round += 1) {
    figures.house.push(await turns(roundMs));
    figures.bare.push(await writes(roundMs));
  }
  const loadedRss = house.rss();
  await Promise.all([house.stop(), bare.stop()]);
  return { ...figures, dossiers: dossiersIn(dir), idleRss, loadedRss };
}

function dossiersIn(dir: string): number {
  const db = new DatabaseSync(join(dir, 'mot-cua.sqlite'));
  const { n } = db.prepare('SELECT COUNT(*) AS n FROM dossiers').get() as { n: number };
  db.close();
  return n;
}
