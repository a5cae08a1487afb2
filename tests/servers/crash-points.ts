/**
 * Named moments worth dying at, as `DIE_AT=<point>:<pass>`: the process kills itself at that pass of that point, after it
 * has said so on its standard output. They stand around the ports, so that the product knows nothing of them.
 */
import { writeSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { Records, Row, Table } from '../../src/drivers/records';
import type { House } from '../../src/house/house';

export const POINTS = [
  /** A turn was taken, and nothing of it is written. */
  'turn-unsaved',
  /** It is durable, and the messenger has no answer. */
  'turn-saved',
  /** The messenger has its 2xx. */
  'turn-answered',
  /** What is to be said is claimed, nothing is sent. */
  'words-claimed',
  /** The messenger took it, and nobody wrote that down. */
  'words-sent',
  /** The dossier is durable before anybody knows. */
  'dossier-made',
  /** The bell rang, nobody came yet. */
  'bell-rung',
  /** The messenger gave the bytes of a photo, nothing of them is kept. */
  'photo-fetched',
  /** The clean copy is durable, no attachment names it. */
  'copy-kept',
  /** The attachment is durable, the talk does not know. */
  'photo-kept',
  /** The bytes of a photo are erased, its attachment still stands. */
  'photo-erasing',
  /** A delivery is claimed, nothing is on the wire. */
  'delivery-claimed',
  /** The agency answered, and nobody wrote that down. */
  'delivery-answered',
  /** The answer is durable, the dossier does not know. */
  'delivery-known',
] as const;
export type Point = (typeof POINTS)[number];

const OF_WEBS: readonly Point[] = ['turn-unsaved', 'turn-saved', 'turn-answered', 'bell-rung'];

/** Which of them a process of each ROLE passes: messengers call webs, and all that comes of it is done by workers. */
export const POINTS_OF: Readonly<Record<'all' | 'web' | 'worker', readonly Point[]>> = {
  all: POINTS,
  web: OF_WEBS,
  worker: POINTS.filter((point) => point !== 'turn-answered'),
};

/** Told at each pass of a point; may not return. */
export type Pass = (point: Point) => void;

/** What `passed` prints before it dies. */
export const DIED = 'died at ';

/** `wish`: `DIE_AT`. @throws Error for a point that is none */
export function passes(wish: string | undefined): Pass {
  if (wish === undefined) return () => undefined;
  const [point = '', at = '1'] = wish.split(':');
  if (!POINTS.some((one) => one === point)) throw new Error(`no crash point ${point}`);
  let left = Number(at);
  return (passed) => {
    if (passed !== point || (left -= 1) > 0) return;
    writeSync(1, `${DIED}${point}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
}

type Wrap = (table: Table, pass: Pass) => Table;

/** Only what a citizen's or the house's turn writes; the first of a talk is an insert. */
const conversations: Wrap = (table, pass) => ({
  ...table,
  async insert(row) {
    pass('turn-unsaved');
    const conflict = await table.insert(row);
    pass('turn-saved');
    return conflict;
  },
  async replace(row, revision) {
    pass('turn-unsaved');
    const done = await table.replace(row, revision);
    pass('turn-saved');
    return done;
  },
});

const dossiers: Wrap = (table, pass) => ({
  ...table,
  async insert(row) {
    const conflict = await table.insert(row);
    if (conflict === null) pass('dossier-made');
    return conflict;
  },
});

const attachments: Wrap = (table, pass) => ({
  ...table,
  async insert(row) {
    pass('copy-kept');
    const conflict = await table.insert(row);
    if (conflict === null) pass('photo-kept');
    return conflict;
  },
  async remove(where) {
    pass('photo-erasing');
    return table.remove(where);
  },
});

const deliveries: Wrap = (table, pass) => ({
  ...table,
  async replace(row, revision) {
    const state = row.clear['state'];
    const before: Row | null = await table.get('id', row.id);
    const ends = state === 'accepted' && before?.clear['state'] === 'sending';
    if (ends) pass('delivery-answered');
    const done = await table.replace(row, revision);
    if (done && state === 'sending') pass('delivery-claimed');
    if (done && ends) pass('delivery-known');
    return done;
  },
});

const WRAPS: Readonly<Record<string, Wrap>> = { conversations, dossiers, attachments, deliveries };

export function crashingRecords(records: Records, pass: Pass): Records {
  return {
    ...records,
    async table(spec) {
      const table = await records.table(spec);
      return WRAPS[spec.name]?.(table, pass) ?? table;
    },
  };
}

/** The bell and the messengers of a house that is open already, before it starts. */
export function crashingHouse(house: House, pass: Pass): void {
  const { queue, channels } = house;
  const { ring } = queue;
  Object.assign(queue, {
    ring(...job: Parameters<typeof ring>) {
      ring(...job);
      pass('bell-rung');
    },
  });
  for (const [name, channel] of channels) {
    const { fetch } = channel;
    channels.set(name, {
      ...channel,
      async send(...words) {
        pass('words-claimed');
        const outcome = await channel.send(...words);
        pass('words-sent');
        return outcome;
      },
      ...(fetch === undefined
        ? {}
        : {
            async fetch(...file: Parameters<typeof fetch>) {
              const bytes = await fetch(...file);
              pass('photo-fetched');
              return bytes;
            },
          }),
    });
  }
}

/** What a messenger was answered is on its way when it is told of. */
export const crashingDoor =
  (door: RequestListener, pass: Pass): RequestListener =>
  (request, response) => {
    if (request.url?.startsWith('/webhooks/') === true)
      response.on('finish', () => {
        if (response.statusCode < 300) pass('turn-answered');
      });
    door(request, response);
  };
