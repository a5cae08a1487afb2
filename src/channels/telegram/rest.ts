/** Waits `ms`, or until the signal: never rejects, and holds no process open. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

const RETRY = { firstMs: 1_000, mostMs: 60_000 };

/** ms to wait after so many failures in a row, from 1. */
export const pauseOf = (failures: number): number =>
  Math.min(RETRY.firstMs * 2 ** (failures - 1), RETRY.mostMs);

/** Until it is done (true), or the end. `work` never rejects. */
export async function untilDone(work: () => Promise<boolean>, ending: AbortSignal): Promise<void> {
  for (let failures = 1; !ending.aborted && !(await work()); failures++)
    await rest(pauseOf(failures), ending);
}
