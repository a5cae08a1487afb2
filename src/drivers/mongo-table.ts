/** One table of the MongoDB engine. Reads see what a majority of the servers has. */
import { answered } from './mongo-fail';
import {
  filterOf,
  sortOf,
  text,
  throughFilter,
  throughPipeline,
  toMatch,
  toRow,
  type MongoRow,
} from './mongo-query';
import { mongoWriters, type Collection } from './mongo-write';
import type { Query, Table } from './records';

type Reads = Pick<Table, 'get' | 'find' | 'peek' | 'count' | 'findThrough' | 'countThrough'>;

const NO_BODY: Record<string, 0> = { body: 0, e: 0, w: 0, p: 0 };
const NO_MARKS: Record<string, 0> = { e: 0, w: 0, p: 0 };

function reads({ spec, model, rows, bounds, readConcern }: Collection): Reads {
  const { answerMs, listMs } = bounds;
  const list = ({ where = {}, limit, ...order }: Query, fields: Record<string, 0>) =>
    answered(listMs, () =>
      model
        .find(filterOf(spec, where), fields)
        .sort(sortOf(order))
        .limit(limit)
        .maxTimeMS(listMs)
        .readConcern(readConcern)
        .lean<MongoRow[]>(),
    );
  const count = (filter: Record<string, unknown>) =>
    answered(listMs, () => model.countDocuments(filter).maxTimeMS(listMs).readConcern(readConcern));

  return {
    async get(column, value) {
      const filter = filterOf(spec, { [column]: text(value) });
      const raw = await answered(answerMs, () =>
        rows.findOne<MongoRow>(filter, {
          projection: NO_MARKS,
          maxTimeMS: answerMs,
          readConcern: { level: readConcern },
        }),
      );
      return raw && toRow(spec, raw);
    },
    find: async (query) => (await list(query, NO_MARKS)).map((raw) => toRow(spec, raw)),
    peek: async (query) => (await list(query, NO_BODY)).map((raw) => toRow(spec, raw)),
    count: (where) => count(filterOf(spec, where)),
    async findThrough(query) {
      const found = await answered(listMs, () =>
        model
          .aggregate<MongoRow>(throughPipeline(spec, query))
          .option({ maxTimeMS: listMs, readConcern: { level: readConcern } }),
      );
      return found.map((raw) => toMatch(spec, query.set, raw));
    },
    countThrough: (query) => count(throughFilter(spec, query)),
  };
}

export function mongoTable(collection: Collection): Table {
  return {
    ...reads(collection),
    ...mongoWriters(collection, (raw) => Promise.resolve(toRow(collection.spec, raw))),
  };
}
