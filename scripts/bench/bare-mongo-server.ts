/** The yardstick on MongoDB: `node:http` and one compare-and-set of 2 KB a request, majority and journal, nothing else. Prints `ready <port>`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { processEnv } from '../../src/config';
import { connectMongo } from '../../src/drivers/mongo-store';

interface Kept {
  _id: string;
  revision: number;
  body: Buffer;
}

async function main(): Promise<void> {
  const connection = await connectMongo({ url: processEnv()['STORE_URL'] ?? '' });
  const kept = connection.collection<Kept>('kept');
  const revisions = new Map<string, number>();
  async function write(id: string, body: Buffer): Promise<void> {
    const revision = revisions.get(id) ?? 0;
    if (revision === 0) await kept.insertOne({ _id: id, revision: 1, body });
    else {
      const change = { $set: { body }, $inc: { revision: 1 } };
      const { modifiedCount } = await kept.updateOne({ _id: id, revision }, change);
      if (modifiedCount !== 1) throw new Error('somebody else wrote');
    }
    revisions.set(id, revision + 1);
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      write(request.headers.cookie ?? '', Buffer.concat(chunks)).then(
        () => response.end('{}'),
        () => response.writeHead(503).end(),
      );
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
  });
  process.once('SIGTERM', () => void connection.close().then(() => process.exit(0)));
}

void main();
