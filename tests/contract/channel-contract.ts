/** What every channel must promise, sentence by sentence of `src/ports/channel.ts`. What a channel cannot do is data, and asserted too. */
import type { Address, Capabilities, Channel, OutButton } from '../../src/ports/channel';
import { contractHouse, type ChannelDeps, type ContractHouse } from './channel-house';
import { incomingContract } from './channel-incoming';
import { outgoingContract } from './channel-outgoing';
import { wholeHouseContract } from './channel-whole-house';

/** One message on its way in, as its provider (or page) sends it. */
export interface Delivery {
  /** Sends it, or sends it again: the HTTP status of the answer. */
  deliver(): Promise<number>;
  /** The same from somebody who is neither the provider nor the citizen's own page, in every way known: the statuses. */
  forged(): Promise<readonly number[]>;
}

/** A message of the house as the citizen reads it. */
export interface Seen {
  readonly text: string;
  /** Labels as shown. */
  readonly buttons: readonly string[];
  /** Addresses behind links and link buttons, whole. */
  readonly links: readonly string[];
  readonly file?: { readonly name: string; readonly bytes: Buffer };
}

export interface ContractCitizen {
  readonly address: Address;
  write(words: string): Delivery;
  /** Presses a button that is on the screen. */
  press(button: OutButton): Delivery;
  photo(bytes: Buffer): Delivery;
  pdf(bytes: Buffer, name: string): Delivery;
  /** Writes all of these at once, and lets the provider (or page) bring them its own way; resolves when all are taken. */
  writeAll(words: readonly string[]): Promise<void>;
  /** What is on the screen of the house's messages, oldest first. */
  seen(): readonly Seen[];
}

/** Who carries words to the citizen, on bad days. */
export interface Carrier {
  /** The citizen wants nothing more of us. */
  blocked(citizen: ContractCitizen): void;
  /** From the message after the next `after` on: come again in `waitMs`. */
  tooFast(citizen: ContractCitizen, after: number, waitMs: number): void;
  /** Says nothing, and does nothing. */
  silent(citizen: ContractCitizen): void;
  /** Does what it is told, and says nothing. */
  mute(citizen: ContractCitizen): void;
  /** Answers with an error of its own. */
  broken(citizen: ContractCitizen): void;
  heal(): void;
  /** How often it was asked to bring words to this citizen. */
  asked(citizen: ContractCitizen): number;
}

export interface Opened {
  readonly channel: Channel;
  /** Two at least; what an account fixes. */
  readonly accounts: readonly { readonly account: string; readonly agency?: string }[];
  /** Somebody new who has opened the chat. `person`: the same one at another account. */
  citizen(account?: string, person?: ContractCitizen): Promise<ContractCitizen>;
  /** How these words look on a screen of this channel, whoever writes them. */
  screen(words: string): string;
  /** null: there is nobody between the house and the screen. */
  readonly carrier: Carrier | null;
  close(): Promise<void>;
}

export interface ChannelDriver {
  readonly name: string;
  readonly capabilities: Capabilities;
  open(deps: ChannelDeps): Promise<Opened>;
}

export interface Stage {
  readonly house: ContractHouse;
  readonly opened: Opened;
}

export function channelContract(driver: ChannelDriver): void {
  describe(`channel: ${driver.name}`, () => {
    let stage: Stage;
    beforeEach(async () => {
      const house = contractHouse();
      stage = { house, opened: await driver.open(house) };
    });
    afterEach(() => stage.opened.close());

    it('says what it can do', () => {
      expect([stage.opened.channel.name, stage.opened.channel.capabilities]).toEqual([
        driver.name,
        driver.capabilities,
      ]);
    });
    incomingContract(() => stage);
    outgoingContract(() => stage);
  });
  wholeHouseContract(driver);
}
