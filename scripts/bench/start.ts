/** From nothing to the first words a citizen reads: `src/main` started, a page opened, the link followed, the bot's line come. */
import { request } from 'node:http';
import { join } from 'node:path';
import { startChild } from './child';
import { rate } from './client';
import { postsOf } from './filing';

const MAIN = join(__dirname, '../../src/main.js');
const LISTENING = /http:\/\/localhost:(\d+)\/desk$/m;

/** ms until the first line of the bot stands on the stream. */
export async function measureStart(dataDir: string): Promise<number> {
  const from = performance.now();
  const server = await startChild([MAIN], { DATA_DIR: dataDir }, LISTENING);
  const chat = `chat=bench-${String(Math.round(from)).padStart(16, '0')}-${process.pid}`;
  const spoken = firstLine(server.port, chat);
  const start = {
    path: '/chat/say',
    header: `Cookie: ${chat}`,
    body: JSON.stringify({ id: 'bench-start', ...postsOf(0)[0] }),
  };
  await rate(server, { lanes: 1, ms: 0, lane: () => () => start });
  await spoken;
  const ms = performance.now() - from;
  await server.stop();
  return ms;
}

function firstLine(port: number, cookie: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const page = request({ port, path: '/chat/stream', headers: { cookie } }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (!chunk.includes('event: line')) return;
        resolve();
        page.destroy();
      });
      response.on('error', () => undefined);
    });
    page.on('error', reject);
    page.end();
  });
}
