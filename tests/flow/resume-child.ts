/** A process of its own: takes sessions as JSON on stdin, goes on with their talks, and writes what would be sent. */
import { finishTalk, readTalks, type Resumable } from './talk-runner';

const chunks: Buffer[] = [];
process.stdin.on('data', (chunk: Buffer) => chunks.push(chunk));
process.stdin.on('end', () => {
  const jobs = JSON.parse(Buffer.concat(chunks).toString('utf8')) as readonly Resumable[];
  const talks = new Map(readTalks().map((talk) => [talk.file, talk]));
  const ends = jobs.map((job) => {
    const talk = talks.get(job.file);
    return talk === undefined ? null : finishTalk(talk, job.session, job.at);
  });
  process.stdout.write(JSON.stringify(ends));
});
