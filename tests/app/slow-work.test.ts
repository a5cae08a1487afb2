/** A file that is slow to come holds nothing back: what the citizen says meanwhile is answered at once. */
import { AppError } from '../../src/errors';
import type { Channel } from '../../src/ports/channel';
import { EXTRACT, openRig, type Rig } from './rig';

async function until(holds: () => boolean): Promise<void> {
  for (const from = Date.now(); !holds();) {
    if (Date.now() - from > 15_000) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let rig: Rig;
let fetched: () => void;
beforeEach(async () => {
  rig = await openRig();
  const channel = rig.house.channels.get('test')!;
  const slow: Channel = {
    ...channel,
    fetch: () => new Promise((resolve) => (fetched = () => resolve(Buffer.from('OggS and what was spoken')))),
  };
  rig.house.channels.set('test', slow);
});
afterEach(() => rig.close());

it('answers go on while a spoken note is on its way', async () => {
  const chat = rig.chat();
  for (const words of EXTRACT.slice(0, 2)) await chat.say(words);
  const source = { type: 'remote', ref: 'file-1' } as const;
  const file = { source, print: 'p', pdf: false, name: '' };
  await chat.take({ type: 'voice', file, seconds: 3 });
  const from = Date.now();
  const before = chat.heard.length;
  await chat.take({ type: 'text', text: EXTRACT[2] });
  while (!chat.heard.slice(before).some(({ text }) => text.startsWith('Câu 2'))) {
    if (Date.now() - from > 5_000) throw new Error('no answer while the note is on its way');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(Date.now() - from).toBeLessThan(5_000);
  fetched();
  await rig.quiet();
  const key = (await rig.house.store.conversations.find(chat.address))!.doc.session!.key;
  expect(await rig.house.store.attachments.ofOwner(key)).toHaveLength(1);
});

it('words that came while there was only work are marked as said, once', async () => {
  const chat = rig.chat();
  for (const words of EXTRACT.slice(0, 2)) await chat.say(words);
  const channel = rig.house.channels.get('test')!;
  const sent: number[] = [];
  let tries = 0;
  rig.house.channels.set('test', {
    ...channel,
    send(to, messages, until) {
      sent.push(...messages.map(({ seq }) => seq));
      return channel.send(to, messages, until);
    },
    // The first look says all there is to say and fails; the next one has only the note to fetch.
    fetch(...of) {
      tries += 1;
      return tries === 1
        ? Promise.reject(new AppError('channel-unavailable', 'not now'))
        : channel.fetch!(...of);
    },
  });
  const source = { type: 'remote', ref: 'file-1' } as const;
  await chat.take({ type: 'voice', file: { source, print: 'p', pdf: false, name: '' }, seconds: 3 });
  await until(() => tries === 2);
  const before = sent.length;
  await chat.take({ type: 'text', text: EXTRACT[2] });
  await until(() => sent.length > before);
  fetched();
  await rig.quiet();
  const state = (await rig.house.store.conversations.find(chat.address))!;
  expect([state.sentUpTo, sent.length]).toEqual([state.doc.says.at(-1)?.seq, new Set(sent).size]);
}, 30_000);

it('a store that is away for a moment makes nobody hear twice what was said beside work', async () => {
  const chat = rig.chat();
  for (const words of EXTRACT.slice(0, 2)) await chat.say(words);
  const channel = rig.house.channels.get('test')!;
  const sent: number[] = [];
  let [away, failed] = [false, 0];
  rig.house.channels.set('test', {
    ...channel,
    send(to, messages, until) {
      sent.push(...messages.map(({ seq }) => seq));
      away = true;
      return channel.send(to, messages, until);
    },
  });
  const { conversations } = rig.house.store;
  const release = conversations.releaseSendLease;
  Object.assign(conversations, {
    releaseSendLease(...of: Parameters<typeof release>) {
      const fails = away && failed === 0;
      if (fails) failed += 1;
      return fails ? Promise.reject(new AppError('store-unavailable', 'not now')) : release(...of);
    },
  });
  const source = { type: 'remote', ref: 'file-1' } as const;
  await chat.take({ type: 'voice', file: { source, print: 'p', pdf: false, name: '' }, seconds: 3 });
  await chat.take({ type: 'text', text: EXTRACT[2] });
  await until(() => failed === 1);
  fetched();
  await rig.quiet();
  const state = (await conversations.find(chat.address))!;
  expect([state.sentUpTo, sent.length]).toEqual([state.doc.says.at(-1)?.seq, new Set(sent).size]);
}, 30_000);
