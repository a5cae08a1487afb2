import { randomBytes } from 'node:crypto';
import { createConnection, mongo, type Connection } from 'mongoose';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { gridFsFiles } from '../../src/drivers/gridfs-files';
import { commandOf, cutting } from '../faults/mongo-cuts';
import {
  dropDatabase,
  mongoHere,
  newDatabase,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { openTcpProxy } from '../servers/tcp-proxy';
import { fileKey, filesContract } from './files-contract';

const vault = openVault(parseDataKeys(newKeys(randomBytes)));
const onMongo = mongoHere ? describe : describe.skip;

onMongo('on MongoDB', () => {
  let server: MongoServer;
  beforeAll(async () => {
    server = await openMongoServer();
  }, 180_000);
  afterAll(() => server.close());

  filesContract('gridfs', async () => {
    const database = newDatabase();
    const files = await gridFsFiles({ url: server.url, database, vault, clock: Date.now });
    return {
      files,
      async close() {
        await files.close();
        await dropDatabase(server.url, database);
      },
    };
  });

  describe('what lies there', () => {
    let database: string;
    let side: Connection;
    beforeEach(async () => {
      database = newDatabase();
      side = await createConnection(server.url, { dbName: database }).asPromise();
    });
    afterEach(async () => {
      await side.dropDatabase();
      await side.close();
    });
    const open = (port?: number, more: { readonly leftOverMs?: number } = {}) => {
      const url = port === undefined ? server.url : `mongodb://127.0.0.1:${port}/?directConnection=true`;
      return gridFsFiles({ url, database, vault, clock: Date.now, ...more });
    };
    const pieces = () => side.db!.collection('files.chunks');
    const entries = () => side.db!.collection('files.files');
    const begun = () => side.db!.collection('files.begun');

    it('is sealed, and nothing lies about after writing the same key many times, or after removing', async () => {
      const files = await open();
      const key = fileKey();
      const bytes = Buffer.from('Nguyễn Thị Ví Dụ '.repeat(200_000));
      await Promise.all(Array.from({ length: 5 }, () => files.put(key, bytes)));
      expect((await files.get(key)).equals(bytes)).toBe(true);
      expect(await entries().countDocuments()).toBe(1);
      const stored = await pieces().find().toArray();
      expect(stored.length).toBe(Math.ceil(bytes.length / 1024 / 1024));
      for (const one of stored)
        expect(Buffer.from((one['data'] as mongo.Binary).buffer).includes('Nguy')).toBe(false);
      expect(await begun().countDocuments()).toBe(0);
      await files.remove(key);
      expect(await pieces().countDocuments()).toBe(0);
      expect(await begun().countDocuments()).toBe(0);
      await files.close();
    });

    it('does not open when a byte changed, a piece is missing, or under the name of another', async () => {
      const files = await open();
      const [changed, cut, moved] = [fileKey(), fileKey(), fileKey()];
      for (const key of [changed, cut, moved]) await files.put(key, Buffer.from('bytes of a photo'));
      const idOf = async (key: string) => (await entries().findOne({ filename: key }))!._id;
      const piece = await pieces().findOne({ files_id: await idOf(changed) });
      const data = Buffer.from((piece!['data'] as mongo.Binary).buffer);
      data[20]! ^= 1;
      await pieces().updateOne({ _id: piece!._id }, { $set: { data } });
      await pieces().deleteMany({ files_id: await idOf(cut) });
      const other = fileKey();
      await entries().updateOne({ filename: moved }, { $set: { filename: other } });
      for (const key of [changed, cut, other])
        await expect(files.get(key)).rejects.toMatchObject({ code: 'document-unreadable' });
      await files.close();
    });

    it('is swept after an hour when its writer was killed, and left when it is fresh or whole', async () => {
      const first = await open();
      const whole = fileKey();
      await first.put(whole, Buffer.from('whole'));
      const { _id: wholeId } = (await entries().findOne({ filename: whole }))!;
      const [old, fresh] = [new mongo.ObjectId(), new mongo.ObjectId()];
      for (const id of [old, fresh])
        await pieces().insertOne({ files_id: id, n: 0, data: new mongo.Binary(Buffer.from('half')) });
      const hours = (n: number) => Date.now() - n * 3_600_000;
      await begun().insertMany([
        { _id: old, at: hours(1.1) },
        { _id: fresh, at: hours(0.1) },
        { _id: wholeId, at: hours(2) },
      ]);
      const second = await open();
      expect(await pieces().countDocuments({ files_id: old })).toBe(0);
      expect(await pieces().countDocuments({ files_id: fresh })).toBe(1);
      expect((await second.get(whole)).toString()).toBe('whole');
      expect(await begun().countDocuments()).toBe(1);
      await Promise.all([first.close(), second.close()]);
    });

    it('is gone to the last piece although nobody heard that its entry was removed', async () => {
      const proxy = await openTcpProxy(server.port!);
      const files = await open(proxy.port);
      const key = fileKey();
      await files.put(key, Buffer.from('photo'));
      let cuts = 0;
      proxy.decide = (piece) => {
        const first = commandOf(piece) === 'delete' && cuts === 0;
        if (first) cuts += 1;
        return first ? 'cut-after' : 'pass';
      };
      await files.remove(key);
      expect(cuts).toBe(1);
      expect([await entries().countDocuments(), await pieces().countDocuments()]).toEqual([0, 0]);
      expect(await begun().countDocuments()).toBe(0);
      await files.close();
      await proxy.close();
    });

    it('is swept again and again while the process runs', async () => {
      const files = await open(undefined, { leftOverMs: 100 });
      const old = new mongo.ObjectId();
      await pieces().insertOne({ files_id: old, n: 0, data: new mongo.Binary(Buffer.from('half')) });
      await begun().insertOne({ _id: old, at: Date.now() });
      const end = Date.now() + 5_000;
      while ((await begun().countDocuments()) > 0 && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await pieces().countDocuments()).toBe(0);
      await files.close();
    });

    it('is whole although the wire breaks: what was answered is there, and each key once', async () => {
      const proxy = await openTcpProxy(server.port!);
      const files = await open(proxy.port);
      proxy.decide = cutting(0.08, 5).decide;
      const keys = Array.from({ length: 40 }, fileKey);
      const stored = await Promise.all(
        keys.map((key) =>
          files.put(key, Buffer.from(key)).then(
            () => true,
            () => false,
          ),
        ),
      );
      proxy.decide = () => 'pass';
      for (const [i, key] of keys.entries())
        if (stored[i]) expect((await files.get(key)).toString()).toBe(key);
      expect(stored.filter(Boolean).length).toBeGreaterThan(30);
      await files.close();
      await proxy.close();
    }, 60_000);
  });
});
