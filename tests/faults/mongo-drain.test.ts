/**
 * Connections that break all at once, in the midst of requests: the server is found again, and none of them stays in use. The
 * driver looks at the server over a connection of its own, its first. Of sockets that end together the last one says so
 * first, and whoever then asks again at once makes the driver write to that one, which is gone.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { connectMongo } from '../../src/drivers/mongo-store';
import { dropDatabase, mongoHere, newDatabase, openMongoServer } from '../servers/mongo-server';
import { pause } from './storm-http';

const LANES = 10;
/** The driver itself needs a few hundred ms. */
const FOUND_MS = 5_000;

/** Sockets that are opened from now on, the oldest first. */
function openedSockets() {
  const sockets: Socket[] = [];
  const keep = (message: unknown) => void sockets.push((message as { readonly socket: Socket }).socket);
  subscribe('net.client.socket', keep);
  return {
    breakAll: () => sockets.forEach((socket) => socket.destroy()),
    stop: () => unsubscribe('net.client.socket', keep),
  };
}

async function connect(url: string) {
  const connection = await connectMongo({ url });
  const used = new Set<unknown>();
  const client = connection.getClient();
  client.on('connectionCheckedOut', ({ connectionId }) => void used.add(connectionId));
  client.on('connectionCheckedIn', ({ connectionId }) => void used.delete(connectionId));
  return { connection, used };
}

(mongoHere ? test : test.skip)(
  'a process finds its server again, as often as all its connections break',
  async () => {
    const server = await openMongoServer();
    const { breakAll, stop } = openedSockets();
    const url = `${server.url}/${newDatabase()}`;
    const { connection, used } = await connect(url);
    let [going, answered] = [true, 0];
    const ask = () =>
      connection
        .collection('rows')
        .findOne({})
        .then(() => (answered += 1));
    const lane = async () => {
      while (going) await Promise.race([ask(), pause(1_000)]).catch(() => undefined);
    };
    const running = Promise.all(Array.from({ length: LANES }, lane));
    for (let round = 1; round <= 3; round += 1) {
      await pause(300);
      breakAll();
      await pause(100);
      const [before, from] = [answered, Date.now()];
      while (answered <= before + LANES && Date.now() - from < FOUND_MS) await pause(20);
      expect([round, answered > before + LANES]).toEqual([round, true]);
    }
    going = false;
    await running;
    expect(used.size).toBe(0);
    await connection.close();
    await dropDatabase(server.url, new URL(url).pathname.slice(1));
    await server.close();
    stop();
  },
  120_000,
);
