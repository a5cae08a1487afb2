/** What those who keep a store need of its files beyond reading them one by one. */
export interface Shelf {
  /** Keys of all files, in no order; one that comes or goes meanwhile may be among them or not. */
  keys(): AsyncIterable<string>;
  /** Puts one file under the newest data key, whole or not at all. `current`: it was already. `gone`: there is none. */
  reseal(key: string): Promise<'moved' | 'current' | 'gone'>;
}
