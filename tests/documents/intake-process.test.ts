/** The process that reads files: its limits, its deaths, its life. Whatever happens to it, the house goes on and the next file is read. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { sleep, until } from '../contract/queue-contract';
import { blackPng, closeAll, fileOf, open, twoHalves, type Opened } from './samples';

afterEach(closeAll);

const MB = 1024 * 1024;
const small = twoHalves(64, 64).jpeg().toBuffer();
/** Takes a second or more: every pixel of a large interlaced PNG stands in memory seven times over. */
const heavy = sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#888' } })
  .png({ progressive: true })
  .toBuffer();

const photo = (house: Opened, bytes: Buffer) => house.intake.take(bytes, { pdf: true });
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a file that harms its reader', () => {
  it('is broken when the process is killed; the next file is read by a fresh one', async () => {
    const house = open();
    await photo(house, await small);
    const [first = 0] = house.pids();
    const killed = photo(house, await heavy);
    const next = photo(house, await small);
    await sleep(100);
    process.kill(first, 'SIGKILL');
    expect(await killed).toEqual({ ok: false, problem: 'broken' });
    expect(await next).toMatchObject({ ok: true });
    expect(house.pids()).toHaveLength(2);
    expect(isAlive(first)).toBe(false);
  });

  it('is too slow past its time, however busy the process is', async () => {
    const house = open({ wallMs: 150 });
    const bytes = await heavy;
    const from = performance.now();
    expect(await photo(house, bytes)).toEqual({ ok: false, problem: 'too-slow' });
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(house.logged.at(-1)).toMatchObject({
      event: 'photo-reader-died',
      ids: { limit: 'time', sort: 'png' },
    });
  });

  it('holds up nobody else when it never ends', async () => {
    const house = open({ wallMs: 1_500 });
    await photo(house, await small);
    // A stopped process is what a loop looks like from outside: no answer, no end.
    process.kill(house.pids()[0] ?? 0, 'SIGSTOP');
    const both = await Promise.all([photo(house, await small), photo(house, await small)]);
    expect(both).toMatchObject([{ ok: false, problem: 'too-slow' }, { ok: true }]);
  });

  it('is too slow past its memory', async () => {
    const house = open({ memory: 120 * MB });
    expect(await photo(house, await heavy)).toEqual({ ok: false, problem: 'too-slow' });
    expect(house.logged.at(-1)).toMatchObject({ event: 'photo-reader-died', ids: { limit: 'memory' } });
    expect(await photo(house, await small)).toMatchObject({ ok: true });
  });

  it('is not blamed for a process that died before it came', async () => {
    const house = open();
    await photo(house, await small);
    process.kill(house.pids()[0] ?? 0, 'SIGKILL');
    await until(() => !isAlive(house.pids()[0] ?? 0));
    await sleep(50);
    expect(await photo(house, await small)).toMatchObject({ ok: true });
    expect(house.pids()).toHaveLength(2);
  });
});

describe('the process', () => {
  it('knows nothing of the house: no environment, no open files but its pipes, and a lower priority', async () => {
    const house = open();
    await photo(house, await small);
    const [pid = 0] = house.pids();
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    expect(environment).toEqual(['MALLOC_ARENA_MAX=1', 'UV_THREADPOOL_SIZE=1']);
    const nice = Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[16],
    );
    expect(nice).toBeGreaterThan(0);
  });

  it('stays warm for the next photo, and is replaced after so many, and after a PDF', async () => {
    const house = open({ files: 3 });
    for (let n = 0; n < 4; n += 1) await photo(house, await small);
    expect(house.pids()).toHaveLength(2);
    await photo(house, Buffer.from('%PDF-1.7 garbage'));
    await photo(house, await small);
    expect(house.pids()).toHaveLength(3);
  });

  it('is replaced when it keeps too much memory', async () => {
    const house = open({ wornMemory: 1 * MB });
    for (let n = 0; n < 2; n += 1) await photo(house, await small);
    expect(house.pids()).toHaveLength(2);
  });

  it('ends when there is nothing to do, and comes back', async () => {
    const house = open({ idleMs: 50 });
    await photo(house, await small);
    await until(() => !isAlive(house.pids()[0] ?? 0));
    expect(await photo(house, await small)).toMatchObject({ ok: true });
    expect(house.pids()).toHaveLength(2);
  });

  it('takes files first come first served, one at a time', async () => {
    const house = open();
    const done: number[] = [];
    const files = [await heavy, await small, await heavy, await small];
    await Promise.all(files.map((bytes, n) => photo(house, bytes).then(() => done.push(n))));
    expect(done).toEqual([0, 1, 2, 3]);
    expect(house.pids()).toHaveLength(1);
  });
});

describe('closing', () => {
  it('ends the process; what is being read, waits or comes later is told that the house stops', async () => {
    const house = open();
    await photo(house, await small);
    const [pid = 0] = house.pids();
    const told = [photo(house, await heavy), photo(house, await small)].map((one) =>
      one.then(
        () => 'taken',
        (error: unknown) => (error as { code: string }).code,
      ),
    );
    await sleep(50);
    await house.intake.close();
    expect(isAlive(pid)).toBe(false);
    expect(await Promise.all(told)).toEqual(['stopping', 'stopping']);
    await expect(photo(house, await small)).rejects.toMatchObject({ code: 'stopping' });
    expect(house.pids()).toHaveLength(1);
  });

  it('also while the process is only starting', async () => {
    const house = open();
    const told = photo(house, await small);
    const refusal = expect(told).rejects.toMatchObject({ code: 'stopping' });
    await house.intake.close();
    await refusal;
    expect(house.pids().filter(isAlive)).toEqual([]);
  });

  it('without ever having read anything is at once', async () => {
    await open().intake.close();
    expect(fileOf(await photo(open(), blackPng(8, 8))).type).toBe('image/jpeg');
  });
});
