/** One dossier filed at a house that runs already: `SMOKE_URL=http://localhost npx jest tests/deploy/filed.test.ts`. */
import { randomBytes, randomInt } from 'node:crypto';
import { codesIn, openCitizen, person } from '../faults/storm-citizen';
import { closeAgent, readTalk } from '../faults/storm-http';

const { SMOKE_URL: url } = process.env;
const onHouse = url === undefined ? it.skip : it;

afterAll(closeAgent);

onHouse(
  'files a dossier, and a fresh page shows its code (NOT RUN without SMOKE_URL)',
  async () => {
    const citizen = openCitizen(
      { person: person(randomInt(900_000)), presses: 1, officer: false },
      { url: () => url!, newId: () => randomBytes(16).toString('hex'), tell: () => undefined },
    );
    await citizen.file().finally(() => citizen.close());
    expect(citizen.troubles).toEqual([]);
    expect(new Set(codesIn(await readTalk(url!, citizen.cookie))).size).toBe(1);
  },
  120_000,
);
