/** What a channel promises of what citizens do. */
import { randomBytes } from 'node:crypto';
import type { ChannelEvent, IncomingFile } from '../../src/ports/channel';
import type { ContractCitizen, Stage } from './channel-contract';
import { until } from './channel-house';

const NAMES = { id: 'a|child.ethnicity|kinh', label: 'Kinh' };
const ok = (status: number): boolean => status >= 200 && status < 300;

export function incomingContract(stageNow: () => Stage): void {
  const texts = (): string[] =>
    stageNow().house.events.flatMap((event) => (event.type === 'text' ? [event.text] : []));

  describe('what citizens do', () => {
    it('is told once it is proved authentic: words, whose chat, and an id of the message', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      expect(await lan.write('Tôi muốn khai sinh cho cháu').deliver()).toBe(200);
      const [event] = house.events;
      expect(event).toMatchObject({
        type: 'text',
        text: 'Tôi muốn khai sinh cho cháu',
        address: lan.address,
      });
      expect(lan.address.channel).toBe(opened.channel.name);
      expect(event!.id).toMatch(/^[\x21-\x7e]{1,128}$/);
    });

    it('is refused when anybody else says it, and the house hears nothing', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      for (const delivery of [lan.write('xoá hết'), lan.photo(randomBytes(500))]) {
        const statuses = await delivery.forged();
        expect(statuses.length).toBeGreaterThan(2);
        for (const status of statuses) expect([status >= 400, status < 500]).toEqual([true, true]);
      }
      expect([house.events, house.kept.size]).toEqual([[], 0]);
    });

    it('is one event however often it comes, one after another and at once', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      await shown(stageNow(), lan);
      const all = [lan.write('đồng ý'), lan.photo(randomBytes(900)), lan.write('đồng ý')];
      if (opened.channel.capabilities.buttons) all.push(lan.press(NAMES));
      for (const one of all) {
        const statuses = [await one.deliver(), ...(await Promise.all([one.deliver(), one.deliver()]))];
        expect(statuses.map(ok)).toEqual([true, true, true]);
      }
      expect(house.events).toHaveLength(all.length);
      expect(new Set(house.events.map(({ id }) => id)).size).toBe(all.length);
    });

    it('is confirmed only when it is durable', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      for (const one of [lan.write('một'), lan.photo(randomBytes(800))]) {
        let durable = (): void => undefined;
        house.waits = new Promise((resolve) => (durable = resolve));
        let confirmed = false;
        const answer = one.deliver().finally(() => (confirmed = true));
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(confirmed).toBe(false);
        durable();
        expect(ok(await answer)).toBe(true);
      }
    });

    it.each(['store-unavailable', 'stopping'] as const)(
      'comes again after %s: 503, and nothing is lost',
      async (code) => {
        const { house, opened } = stageNow();
        const lan = await opened.citizen();
        const [words, photo] = [lan.write('Nguyễn Văn An'), lan.photo(randomBytes(700))];
        house.refuses = { code };
        expect([await words.deliver(), await photo.deliver()]).toEqual([503, 503]);
        expect(house.events).toEqual([]);
        house.refuses = null;
        expect([await words.deliver(), await photo.deliver()].map(ok)).toEqual([true, true]);
        expect(house.events.map(({ type }) => type)).toEqual(['text', 'photos']);
      },
    );

    it('that comes too fast is neither lost nor confirmed', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      const words = lan.write('nhanh quá');
      house.refuses = { code: 'too-many-requests', waitMs: 1_000 };
      expect(ok(await words.deliver())).toBe(false);
      house.refuses = null;
      expect([ok(await words.deliver()), texts()]).toEqual([true, ['nhanh quá']]);
    });

    it('keeps its order within a chat, also when the store is away in the middle', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      const words = Array.from({ length: 12 }, (_, n) => `câu ${n + 1}`);
      const { take } = house.inbox;
      let tries = 0;
      house.inbox.take = async (event) => {
        if (event.type === 'text') tries += 1;
        house.refuses = event.type === 'text' && tries === 6 ? { code: 'store-unavailable' } : null;
        return take(event);
      };
      await lan.writeAll(words);
      expect([texts(), tries]).toEqual([words, 13]);
    });

    it('arrives letter by letter, whatever is written', async () => {
      const { opened } = stageNow();
      const lan = await opened.citizen();
      const words = [
        '<b>&amp;</b> {{you}} $t(bot.hello)',
        '👨‍👩‍👧‍👦 Nguyễn\u202E',
        'một\nhai\n\nba',
        '/nolan',
        '=1+1',
      ];
      for (const one of words) await lan.write(one).deliver();
      expect(texts()).toEqual(words);
    });

    it('a press is the button’s id and what stood on it; without buttons its number stands in the words', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      const screen = await shown(stageNow(), lan);
      if (opened.channel.capabilities.buttons) {
        expect(screen.buttons.map((label) => label.includes('Kinh'))).toEqual([true, false]);
        expect(ok(await lan.press(NAMES).deliver())).toBe(true);
        expect(house.events).toMatchObject([{ type: 'choice', choice: NAMES.id, label: 'Kinh' }]);
      } else {
        expect(screen.buttons).toEqual([]);
        expect(screen.text).toMatch(/1\W+Kinh[^]*2\W+Tày/);
      }
    });

    it('photos and papers come with all their bytes, the same file with the same print', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(300_000)]);
      const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(50_000)]);
      await lan.photo(photo).deliver();
      await lan.photo(photo).deliver();
      await lan.pdf(pdf, 'giấy khai sinh.pdf').deliver();
      const files = house.events.flatMap(filesOf);
      const came = await Promise.all(files.map((file) => bytesOf(stageNow(), lan, file)));
      expect(came.map((bytes, n) => bytes?.equals([photo, photo, pdf][n]!))).toEqual([true, true, true]);
      expect([files[0]!.print === files[1]!.print, files[0]!.print === files[2]!.print]).toEqual([
        true,
        false,
      ]);
      expect(files.map((file) => [file.pdf, file.print.length <= 64, file.name.length <= 200])).toEqual([
        [false, true, true],
        [false, true, true],
        [true, true, true],
      ]);
      expect(files[2]!.name).toBe('giấy khai sinh.pdf');
    });

    it('a file that is gone with the channel is not found; where the house keeps all bytes, nobody is asked for them', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      await lan.photo(randomBytes(100)).deliver();
      const types = house.events.flatMap(filesOf).map(({ source }) => source.type);
      expect(types).toEqual([opened.channel.fetch === undefined ? 'kept' : 'remote']);
      const asked = opened.channel.fetch?.(lan.address, 'no-such-file') ?? Promise.reject(new Error('kept'));
      await expect(asked).rejects.toMatchObject(
        opened.channel.fetch === undefined ? {} : { code: 'not-found' },
      );
    });

    it('belongs to its account: its agency, and a chat of its own, also of the same person', async () => {
      const { house, opened } = stageNow();
      const [first, second] = opened.accounts;
      const here = await opened.citizen(first!.account);
      const there = await opened.citizen(second!.account, here);
      await here.write('ở đây').deliver();
      await there.write('ở kia').deliver();
      expect(house.events.map(({ address, agency }) => [address, agency])).toEqual([
        [here.address, first!.agency],
        [there.address, second!.agency],
      ]);
      expect([here.address.account, there.address.account]).toEqual([first!.account, second!.account]);
      expect([here.address.chat, there.address.account]).not.toEqual([
        there.address.chat,
        here.address.account,
      ]);
      await house.say(opened.channel, here.address, [{ text: 'chỉ ở đây', buttons: [] }]);
      await until(() => here.seen().length > 0);
      expect([here.seen().map(({ text }) => text), there.seen()]).toEqual([['chỉ ở đây'], []]);
    });
  });
}

/** A question with two buttons, on the screen. */
async function shown({ house, opened }: Stage, citizen: ContractCitizen) {
  const buttons = [NAMES, { id: 'a|child.ethnicity|tay', label: 'Tày' }];
  await house.say(opened.channel, citizen.address, [{ text: 'Dân tộc của cháu?', buttons }]);
  await until(() => citizen.seen().length > 0, 5_000, 'a question');
  return citizen.seen()[0]!;
}

const filesOf = (event: ChannelEvent): readonly IncomingFile[] =>
  event.type === 'photos' ? event.files : [];

async function bytesOf({ house, opened }: Stage, { address }: ContractCitizen, { source }: IncomingFile) {
  if (source.type === 'kept') return house.kept.get(source.fileKey);
  return opened.channel.fetch!(address, source.ref);
}
