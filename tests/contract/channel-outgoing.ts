/** What a channel promises of what the house says. */
import { CODE, FLOODS, isWhole, LETTERS, NAUGHTY } from '../hostile-words';
import type { OutMessage } from '../../src/ports/channel';
import type { ContractCitizen, Seen, Stage } from './channel-contract';
import { until } from './channel-house';

const say = (text: string): OutMessage => ({ text, buttons: [] });
const QUESTION: OutMessage = {
  text: 'Vậy có đúng không ạ?',
  buttons: [
    { id: 'a|x|yes', label: 'Đúng rồi' },
    { id: 'a|x|no', label: 'Chưa đúng' },
  ],
};
const FAMILY = '👨‍👩‍👧‍👦';
const LONG: readonly (readonly [string, string])[] = [
  ['sentences', 'Tờ khai này do công dân tự khai và chịu trách nhiệm. '.repeat(250).trim()],
  ['lines', Array.from({ length: 900 }, (_, n) => `${n + 1}. Dòng thứ ${n + 1}`).join('\n')],
  ['without a blank', 'ế'.repeat(10_000)],
  ['of families', FAMILY.repeat(1_200)],
  ['of code', '<b>&amp;</b>'.repeat(900)],
];
const LINK = 'https://mot-cua.example/tra-cuu?ma=K7M2Q-9X4TR-W&a=(b)_c~d;e=%20"#cuoi';

/** Stands between hostile words, and in none of them. */
const BETWEEN = '⁂ tiếp ⁂';

/** Splitting may eat the blanks between two messages, and nothing else. */
const squeezed = (words: string): string => words.replaceAll(/\s+/g, '');
const textsOf = (seen: readonly Seen[]): string[] => seen.map(({ text }) => text);

export function outgoingContract(stageNow: () => Stage): void {
  /** All that came onto the screen, up to a last message. */
  async function after(
    citizen: ContractCitizen,
    ...messages: readonly OutMessage[]
  ): Promise<readonly Seen[]> {
    const { house, opened } = stageNow();
    const from = citizen.seen().length;
    const end = `hết ${from}`;
    const { outcome } = await house.say(
      opened.channel,
      citizen.address,
      [...messages, say(end)],
      Date.now() + 60_000,
    );
    expect(outcome).toBe('sent');
    await until(() => textsOf(citizen.seen().slice(from)).includes(end), 10_000, end);
    return citizen.seen().slice(from, -1);
  }

  describe('what the house says', () => {
    it('arrives in order', async () => {
      const lan = await stageNow().opened.citizen();
      const words = Array.from({ length: 15 }, (_, n) => `câu ${n + 1}`);
      expect(textsOf(await after(lan, ...words.map(say)))).toEqual(words);
    });

    it('shows choices as buttons where it has them, else as numbers in the text; the question last', async () => {
      const { opened } = stageNow();
      const lan = await opened.citizen();
      const last = (await after(lan, say('Xin đọc kỹ.'), QUESTION)).at(-1)!;
      if (opened.channel.capabilities.buttons) {
        expect(last.text).toBe(QUESTION.text);
        expect(last.buttons.map((label, n) => label.endsWith(QUESTION.buttons[n]!.label))).toEqual([
          true,
          true,
        ]);
      } else {
        expect(last.text).toMatch(/^Vậy có đúng không ạ\?[^]*1\W+Đúng rồi[^]*2\W+Chưa đúng/);
      }
    });

    it.each(LONG)(
      'arrives whole and in order, however long: %s; no letter is torn, choices are with the last part',
      async (_name, text) => {
        const { opened } = stageNow();
        const lan = await opened.citizen();
        const seen = await after(lan, { ...QUESTION, text });
        const parts = textsOf(seen);
        expect(squeezed(parts.join(''))).toContain(squeezed(opened.screen(text)));
        for (const part of parts) {
          expect(isWhole(part)).toBe(true);
          if (text.startsWith(FAMILY))
            expect(part.replaceAll(FAMILY, '').replaceAll(/[\s\S]*1\W+Đúng[^]*/g, '')).toBe('');
        }
        expect(seen.slice(0, -1).flatMap(({ buttons }) => buttons)).toEqual([]);
        expect(seen.at(-1)!.buttons).toHaveLength(opened.channel.capabilities.buttons ? 2 : 0);
      },
    );

    it('shows links whole', async () => {
      const lan = await stageNow().opened.citizen();
      const [seen] = await after(lan, {
        ...say('Xem hồ sơ ở đây.'),
        links: [{ label: 'Tra cứu', url: LINK }],
      });
      expect(seen!.links.includes(LINK) || seen!.text.includes(LINK)).toBe(true);
      const [written] = await after(lan, say(`Xem ở ${LINK} ạ`));
      expect(written!.text).toContain(LINK);
    });

    it.each([
      ['code', CODE],
      ['letters', LETTERS],
      ['floods', FLOODS],
      ['naughty', NAUGHTY],
    ])(
      'shows %s as it was written',
      async (_name, all) => {
        const { opened } = stageNow();
        const lan = await opened.citizen();
        // Half a letter never comes this far: it is mended where it comes in.
        const words = all.filter(isWhole);
        const seen = textsOf(await after(lan, ...words.flatMap((one) => [say(one), say(BETWEEN)])));
        expect(words.length).toBeGreaterThan(10);
        for (const one of words) {
          const parts = seen.splice(0, seen.indexOf(BETWEEN));
          expect(seen.shift()).toBe(BETWEEN);
          if (parts.length === 1) expect(parts[0]).toBe(opened.screen(one));
          else expect(squeezed(parts.join(''))).toBe(squeezed(opened.screen(one)));
        }
      },
      60_000,
    );

    it('shows hostile labels as they are, and their buttons still press', async () => {
      const { house, opened } = stageNow();
      const { buttons } = opened.channel.capabilities;
      const lan = await opened.citizen();
      const labels = [...CODE, ...LETTERS].filter(
        (label) =>
          isWhole(label) && label.length < 60 && !label.includes('\0') && opened.screen(label) === label,
      );
      expect(labels.length).toBeGreaterThan(40);
      for (const [n, label] of labels.entries()) {
        const button = { id: `a|x|${n}`, label };
        const [seen] = await after(lan, { text: 'Chọn?', buttons: [button] });
        expect(buttons ? seen!.buttons[0]!.endsWith(label) : seen!.text.includes(label)).toBe(true);
        if (!buttons) continue;
        await lan.press(button).deliver();
        expect(house.events.at(-1)).toMatchObject({ type: 'choice', choice: button.id, label });
      }
    }, 60_000);

    it('repeated after an unknown outcome is there once, or at most twice, and still in order', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      const { sent } = await house.say(opened.channel, lan.address, [say('một'), say('hai')]);
      expect(await opened.channel.send(lan.address, sent, Date.now() + 8_000)).toBe('sent');
      await after(lan);
      const texts = textsOf(lan.seen()).slice(0, -1);
      expect([
        ['một', 'hai'],
        ['một', 'hai', 'một', 'hai'],
      ]).toContainEqual(texts);
    });

    it('goes to its chat alone', async () => {
      const { opened } = stageNow();
      const [lan, minh] = [await opened.citizen(), await opened.citizen()];
      await Promise.all([after(lan, say('của Lan')), after(minh, say('của Minh'))]);
      expect([textsOf(lan.seen()).join(), textsOf(minh.seen()).join()]).toEqual([
        'của Lan,hết 0',
        'của Minh,hết 0',
      ]);
    });

    it('files follow their words where the channel takes files; else the words alone are there', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      const bytes = Buffer.from('%PDF-1.7\nketqua');
      house.files.set('d1', { name: 'Tờ khai.pdf', type: 'application/pdf', bytes });
      const files = [{ type: 'declaration', dossier: 'd1', owner: 'c1', format: 'pdf' } as const];
      const seen = await after(lan, { ...say('Tờ khai đây ạ.'), files });
      expect(seen[0]!.text).toBe('Tờ khai đây ạ.');
      const expected = opened.channel.capabilities.documents ? [{ name: 'Tờ khai.pdf', bytes }] : [];
      expect(seen.flatMap(({ file }) => file ?? [])).toEqual(expected);
    });

    it('a file that is gone takes nothing with it', async () => {
      const lan = await stageNow().opened.citizen();
      const files = [{ type: 'result', dossier: 'gone', owner: 'c1', attachment: 'a1' } as const];
      expect(textsOf(await after(lan, { ...say('Kết quả đây ạ.'), files }, say('Xong.')))).toEqual([
        'Kết quả đây ạ.',
        'Xong.',
      ]);
    });
  });
  badDays(stageNow);
}

/** Who has nobody between the house and the screen has no bad days there: what is sent is sent. */
function badDays(stageNow: () => Stage): void {
  const three = ['một', 'hai', 'ba'].map(say);

  describe('on bad days', () => {
    it('ends before it must, and says how far it came; all arrives on a better day', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      opened.carrier?.silent(lan);
      const from = Date.now();
      const { sent, outcome } = await house.say(opened.channel, lan.address, three, from + 1_000);
      expect(Date.now() - from).toBeLessThan(5_000);
      if (opened.carrier === null) expect(outcome).toBe('sent');
      else expect(outcome).toMatchObject({ later: { sentUpTo: 0 } });
      opened.carrier?.heal();
      expect(await opened.channel.send(lan.address, sent, Date.now() + 8_000)).toBe('sent');
      await until(() => lan.seen().length >= 3);
      expect(textsOf(lan.seen())).toEqual(['một', 'hai', 'ba']);
    });

    it('shows twice at most what was done without a word', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      opened.carrier?.mute(lan);
      const { sent } = await house.say(opened.channel, lan.address, three, Date.now() + 1_000);
      opened.carrier?.heal();
      await opened.channel.send(lan.address, sent, Date.now() + 8_000);
      await until(() => lan.seen().length >= (opened.carrier === null ? 3 : 4));
      expect(textsOf(lan.seen())).toEqual(
        opened.carrier === null ? ['một', 'hai', 'ba'] : ['một', 'một', 'hai', 'ba'],
      );
    });

    it('begins nothing that it cannot end in time', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      const { outcome } = await house.say(opened.channel, lan.address, three, Date.now() - 1);
      expect(
        opened.carrier === null
          ? ['sent']
          : [{ later: { sentUpTo: 0, waitMs: expect.any(Number) as number } }],
      ).toContainEqual(outcome);
      expect(opened.carrier?.asked(lan) ?? 0).toBe(0);
    });

    it('knows of a citizen who left, after one try; where nobody can leave, all is sent', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      opened.carrier?.blocked(lan);
      const { outcome } = await house.say(opened.channel, lan.address, three);
      expect([outcome, opened.carrier?.asked(lan)]).toEqual(
        opened.carrier === null ? ['sent', undefined] : [{ unreachable: { sentUpTo: 0 } }, 1],
      );
    });

    it('waits as long as it is told, in this chat alone, and doubles nothing', async () => {
      const { house, opened } = stageNow();
      const [lan, minh] = [await opened.citizen(), await opened.citizen()];
      opened.carrier?.tooFast(lan, 1, 1_000);
      const { sent, outcome } = await house.say(opened.channel, lan.address, three);
      const [first] = sent;
      if (opened.carrier === null) expect(outcome).toBe('sent');
      else expect(outcome).toEqual({ later: { sentUpTo: first!.seq, waitMs: expect.any(Number) as number } });
      const later = typeof outcome === 'object' && 'later' in outcome ? outcome.later : null;
      if (later !== null) expect(later.waitMs).toBeGreaterThanOrEqual(1_000);
      expect((await house.say(opened.channel, minh.address, three)).outcome).toBe('sent');
      opened.carrier?.heal();
      if (later !== null) await new Promise((resolve) => setTimeout(resolve, later.waitMs));
      const upTo = later?.sentUpTo ?? Infinity;
      const rest = sent.filter(({ seq }) => seq > upTo);
      expect(await opened.channel.send(lan.address, rest, Date.now() + 8_000)).toBe('sent');
      await until(() => lan.seen().length >= 3);
      expect([textsOf(lan.seen()), textsOf(minh.seen())]).toEqual([
        ['một', 'hai', 'ba'],
        ['một', 'hai', 'ba'],
      ]);
    });

    it('an error of the carrier is not ours: later, never a rejection', async () => {
      const { house, opened } = stageNow();
      const lan = await opened.citizen();
      opened.carrier?.broken(lan);
      const { sent, outcome } = await house.say(opened.channel, lan.address, three);
      if (opened.carrier === null) expect(outcome).toBe('sent');
      else expect(outcome).toMatchObject({ later: { sentUpTo: 0 } });
      await opened.channel.working?.(lan.address);
      opened.carrier?.heal();
      expect(await opened.channel.send(lan.address, sent, Date.now() + 8_000)).toBe('sent');
      await until(() => lan.seen().length >= 3);
      expect(textsOf(lan.seen())).toEqual(['một', 'hai', 'ba']);
    });
  });
}
