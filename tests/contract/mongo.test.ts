import { randomBytes } from 'node:crypto';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { mongoRecords } from '../../src/drivers/mongo-store';
import { openSealedStore } from '../../src/drivers/sealed-store';
import {
  dropDatabase,
  newDatabase,
  mongoHere,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { recordsContract } from './records-contract';
import { storeContract } from './store-contract';

const onMongo = mongoHere ? describe : describe.skip;

onMongo('on MongoDB', () => {
  let server: MongoServer;
  beforeAll(async () => {
    server = await openMongoServer();
  }, 180_000);
  afterAll(() => server.close());

  recordsContract('mongo', async () => {
    const database = newDatabase();
    const records = await mongoRecords({ url: server.url, database });
    const close = () => records.close().then(() => dropDatabase(server.url, database));
    return { records, close };
  });

  storeContract('mongo', async () => {
    const database = newDatabase();
    const records = await mongoRecords({ url: server.url, database });
    const store = await openSealedStore({ records, vault: openVault(parseDataKeys(newKeys(randomBytes))) });
    return {
      store,
      async close() {
        await store.close();
        await dropDatabase(server.url, database);
      },
    };
  });
});
