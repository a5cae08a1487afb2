/** `npm run --silent find`: a query per line on stdin, a JSON line `{"query","matches":[{"procedure","score"}]}` each. */
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { loadPhrasings } from '../src/understand/load-phrasings';
import { openFinder } from '../src/understand/find';

async function main(): Promise<void> {
  const finder = openFinder({ ...loadPhrasings(join(process.cwd(), 'flows', 'phrasings')), procedures: [] });
  for await (const query of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const matches = finder.find(query).map(({ procedure, score }) => ({ procedure, score }));
    process.stdout.write(`${JSON.stringify({ query, matches })}\n`);
  }
}

void main();
