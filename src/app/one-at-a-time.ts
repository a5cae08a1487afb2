/** Work with the same name runs one after another in this process, in the order it came; different names run together. */
export type OneAtATime = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Spares compare-and-set the races it would lose within one process; across processes it still decides. */
export function oneAtATime(): OneAtATime {
  const tails = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const before = tails.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    const tail = mine
      .catch(() => undefined)
      .then(() => {
        if (tails.get(name) === tail) tails.delete(name);
      });
    tails.set(name, tail);
    return mine;
  };
}
