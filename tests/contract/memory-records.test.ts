/** The engine that the model tests run on keeps the same promises as the real ones. */
import { memoryRecords, newMemory } from '../faults/memory-records';
import { recordsContract } from './records-contract';

recordsContract('memory', () => {
  const records = memoryRecords(newMemory(), () => Promise.resolve());
  return Promise.resolve({ records, close: () => records.close() });
});
