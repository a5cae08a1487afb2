/** What holds only with the whole house behind the channel: numbers pick what buttons pick. */
import { openRig, type Rig } from '../app/rig';
import type { OutButton } from '../../src/ports/channel';
import type { ChannelDriver, ContractCitizen, Opened } from './channel-contract';

export function wholeHouseContract(driver: ChannelDriver): void {
  describe(`a whole house behind ${driver.name}`, () => {
    let rig: Rig;
    let opened: Opened;
    beforeEach(async () => {
      rig = await openRig();
      const { converse, incoming, talk, store } = rig.house;
      const open = () => Promise.resolve(null);
      const clock = () => rig.universe.now();
      opened = await driver.open({ inbox: converse, incoming, talk, leases: store.leases, open, clock });
      rig.house.channels.set(driver.name, opened.channel);
    });
    afterEach(async () => {
      await opened.close();
      await rig.close();
    });

    /** Nothing of this chat waits any more; what it was offered last. */
    async function offered({ address }: ContractCitizen): Promise<readonly OutButton[]> {
      for (let tries = 0; tries < 1_000; tries++) {
        const state = await rig.house.store.conversations.find(address);
        const { says = [], acts = [] } = state?.doc ?? {};
        const waits =
          says.some(({ seq }) => seq > state!.sentUpTo) || acts.some(({ seq }) => seq > state!.doneUpTo);
        if (state !== null && !waits) return state.doc.offered;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error('the house does not come to rest');
    }

    it('a number written picks the same as its button pressed', async () => {
      const [presses, writes] = [await opened.citizen(), await opened.citizen()];
      const both = (act: (citizen: ContractCitizen) => Promise<number>) =>
        Promise.all([presses, writes].map(act));
      await both((citizen) => citizen.write('xin trích lục khai sinh').deliver());
      for (const number of [1, 1, 1, 1, 2]) {
        const [buttons = []] = await Promise.all([presses, writes].map(offered));
        const button = buttons[number - 1];
        if (button === undefined)
          throw new Error(`no button ${number}: ${presses.seen().at(-1)?.text ?? ''}`);
        const hasButtons = opened.channel.capabilities.buttons;
        await (hasButtons ? presses.press(button) : presses.write(button.label)).deliver();
        await writes.write(String(number)).deliver();
        await Promise.all([presses, writes].map(offered));
        expect(writes.seen().at(-1)?.text).toBe(presses.seen().at(-1)?.text);
      }
      const [one, other] = await Promise.all(
        [presses, writes].map(({ address }) => rig.house.store.conversations.find(address)),
      );
      const answers = (state: typeof one) =>
        Object.entries(state?.doc.session?.answers ?? {}).map(([step, { value }]) => [step, value]);
      expect(answers(other)).toEqual(answers(one));
      expect(answers(one).length).toBeGreaterThan(3);
    }, 30_000);
  });
}
