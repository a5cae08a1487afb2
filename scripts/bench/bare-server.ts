/** The yardstick: `node:http` and one durable row a request on the engine's own settings, nothing else. Prints `ready <port>`. */
import { DatabaseSync } from '@photostructure/sqlite';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const db = new DatabaseSync(join(process.argv[2] ?? '', 'bare.sqlite'));
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
db.exec('CREATE TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY, body BLOB NOT NULL)');
const write = db.prepare('INSERT OR REPLACE INTO kept (id, body) VALUES (?, ?)');

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    write.run(request.headers.cookie ?? '', Buffer.concat(chunks));
    response.end('{}');
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
});

// Also keeps the database referenced: its statements do not, and must not outlive it.
process.once('SIGTERM', () => {
  db.close();
  process.exit(0);
});
