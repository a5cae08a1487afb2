/** What every process does each minute, by its role: agencies and officers changed elsewhere are seen, and only workers erase. */
import { openHouse, type House } from '../../src/house/house';
import { startHousekeeping, type Rounds } from '../../src/house/housekeeping';
import { loadConfig } from '../../src/config';
import { realUniverse as universe } from '../../src/house/universe';
import { agencyDoc } from '../desk/house';
import { newDataKeys } from '../servers/fleet';
import {
  dropDatabase,
  mongoHere,
  newDatabase,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { root } from './rig';

const onMongo = mongoHere ? describe : describe.skip;
const fail = (event: string, error: unknown): never => {
  throw new Error(event, { cause: error });
};
const log = { info: () => undefined, warn: () => undefined, error: fail };
const meter = { count: () => undefined, seconds: () => undefined };

async function until(what: () => boolean | Promise<boolean>, ms = 15_000): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await what()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

onMongo('housekeeping, with processes of their own roles on one store', () => {
  let server: MongoServer;
  const database = newDatabase();
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    server = await openMongoServer();
  }, 180_000);
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(async () => {
    await dropDatabase(server.url, database);
    await server.close();
  });

  const dataKeys = newDataKeys();
  async function houseOf(role: 'web' | 'worker'): Promise<House> {
    const env = { STORE_URL: `${server.url}/${database}`, DATA_KEYS: dataKeys, ROLE: role };
    const config = loadConfig(env, root);
    const house = await openHouse({ config, root, universe, log, meter });
    ends.push(() => house.close());
    return house;
  }
  const keep = (house: House, rounds: Rounds) =>
    ends.push(startHousekeeping(house, universe, log, { everyMs: 50, ...rounds }));

  it.each(['web', 'worker'] as const)('a %s sees what another process changed', async (role) => {
    const [here, elsewhere] = [await houseOf(role), await houseOf('web')];
    keep(here, { role });
    const id = `xa-${role}`;
    await elsewhere.store.agencies.create(agencyDoc(id, { communeCode: `9${role.length}` }));
    expect(await until(() => here.directory.byId(id) !== undefined)).toBe(true);
    const before = (await elsewhere.store.agencies.byId(id))!;
    const { revision, doc } = before;
    await elsewhere.store.agencies.save({ ...doc, name: 'UBND xã Tên Mới' }, revision);
    expect(await until(() => here.directory.byId(id)?.name === 'UBND xã Tên Mới')).toBe(true);
  });

  it('leaves the erasing to workers', async () => {
    const [web, worker] = [await houseOf('web'), await houseOf('worker')];
    const past = universe.now() - 1_000;
    await web.store.slips.put('session', 'over', {}, past);
    const left = async () => (await web.store.slips.expired('session', universe.now(), 10)).length;
    keep(web, { role: 'web' });
    expect(await until(async () => (await left()) === 0, 400)).toBe(false);
    keep(worker, { role: 'worker' });
    expect(await until(async () => (await left()) === 0)).toBe(true);
  });
});
