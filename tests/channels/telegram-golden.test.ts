/** The golden talks of all flows, from the first word to the result, over Telegram and over the web chat: the dossiers are the same. */
import { readTalks } from '../flow/talk-runner';
import { openTelegram, openWeb, type GoldenHouse } from './golden-house';
import { playTalk, type Mode, type Played } from './golden-play';

jest.setTimeout(180_000);

const talks = readTalks();
type Ends = ReadonlyMap<string, Played>;

async function playAll(opening: Promise<GoldenHouse>, mode: Mode): Promise<Ends> {
  const house = await opening;
  const played = await Promise.allSettled(talks.map((talk) => playTalk(house, talk, mode)));
  await house.close();
  const failed = played.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  expect([failed, house.rig.logged]).toEqual([[], []]);
  return new Map(
    played.flatMap((one) => (one.status === 'fulfilled' ? [[one.value.talk.file, one.value]] : [])),
  );
}

const squeezed = (words: string): string => words.replaceAll(/\s+/g, '');
const said = ({ lines }: Played): string[] =>
  lines.filter((line) => line.startsWith('bot: ')).map((line) => line.slice('bot: '.length));

describe.each(['text', 'buttons'] as const)('with %s', (mode) => {
  let web: Ends;
  let telegram: Ends;
  beforeAll(async () => {
    web = await playAll(openWeb(), mode);
    telegram = await playAll(openTelegram(mode === 'buttons'), mode);
  });
  const both = (talk: string): readonly [Played, Played] => [telegram.get(talk)!, web.get(talk)!];

  it('every question is the one the talk says', () => {
    expect([...web.values(), ...telegram.values()].flatMap(({ strayed }) => strayed)).toEqual([]);
  });

  it('presses what is offered, or nothing at all', () => {
    const presses = [...telegram.values()].reduce((sum, one) => sum + one.presses, 0);
    if (mode === 'text') expect(presses).toBe(0);
    else expect(presses).toBeGreaterThan(200);
  });

  it.each(talks.map(({ title, file }) => [title, file]))(
    'the dossier is that of the web chat: %s',
    (_title, file) => {
      const [here, there] = both(file);
      expect(here.dossier).toEqual(there.dossier);
      const { answers } = here.talk;
      for (const [step, value] of Object.entries(here.values ?? {})) {
        const written = answers[step];
        const isPhotos = Array.isArray(written) && typeof value === 'number';
        expect([step, value]).toEqual([step, isPhotos ? written.length : written]);
      }
    },
  );

  it('all that can be sent is sent, and its citizen is told the result', () => {
    const sent = [...telegram.values()].filter(({ dossier }) => dossier !== null);
    expect(sent.length).toBeGreaterThan(25);
    for (const { shown, code } of sent) {
      expect(shown.at(-1)).toMatch(/đã có kết quả[^]*Quầy số 3/);
      expect(shown.at(-1)).toContain(code);
    }
  });

  it('what was said stands on the screen, each once and in order', () => {
    for (const one of telegram.values()) {
      let rest = squeezed(one.masked(one.shown.join('')));
      for (const words of said(one)) {
        const at = rest.indexOf(squeezed(words));
        // Between two messages there is nothing but choices to read and the words under a picture.
        expect([one.talk.file, words, at >= 0 && at < 400]).toEqual([one.talk.file, words, true]);
        rest = rest.slice(at + squeezed(words).length);
      }
      expect(rest.length).toBeLessThan(400);
    }
  });

  it('the house says the same as on the web', () => {
    // Which of two talks about one person is sent first is chance; an album is confirmed once, photos each.
    const own = (one: Played) =>
      said(one).filter((words) => !/đã có một hồ sơ giống|em đang gửi, xin chờ|đã có \d ảnh/.test(words));
    for (const { file } of talks) {
      const [here, there] = both(file);
      expect([file, own(here)]).toEqual([file, own(there)]);
    }
  });
});
