/** What the house still has to say of several turns goes out one turn at a time, each known as said before the next is begun. */
import type { Outgoing } from '../../src/ports/channel';
import { EXTRACT, openRig, type Rig } from './rig';

let rig: Rig;
/** What each call of the channel was given, and up to where the store had it as said. */
let sends: { readonly messages: readonly Outgoing[]; readonly sentUpTo: number }[];
let busy: boolean;
beforeEach(async () => {
  rig = await openRig();
  sends = [];
  busy = false;
  const open = rig.house.channels.get('test')!;
  rig.house.channels.set('test', {
    ...open,
    async send(to, messages, until) {
      if (busy) return { later: { sentUpTo: 0, waitMs: 400 } };
      const state = await rig.house.store.conversations.find(to);
      sends.push({ messages, sentUpTo: state!.sentUpTo });
      return open.send(to, messages, until);
    },
  });
});
afterEach(() => rig.close());

it('a death amid the second turn makes nobody hear the first again', async () => {
  const chat = rig.chat();
  for (const words of EXTRACT.slice(0, 2)) await chat.say(words);
  sends = [];
  busy = true;
  for (const text of EXTRACT.slice(2, 5)) await chat.take({ type: 'text', text });
  busy = false;
  const from = Date.now();
  while (sends.length < 3 && Date.now() - from < 10_000)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await rig.quiet();

  const said = sends.map(({ messages }) => messages.map(({ seq }) => seq));
  expect(said).toHaveLength(3);
  sends.slice(1).forEach(({ sentUpTo }, n) => expect(sentUpTo).toBeGreaterThanOrEqual(said[n]!.at(-1)!));
  const heard = said.flat();
  expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
});
