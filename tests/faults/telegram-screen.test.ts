/** What the storm says of a screen can be untrue: words doubled without a death, lost, invented, or out of their turn. */
import type { TranscriptRow } from '../../src/ports/documents';
import { screenProblems } from './telegram-checks';

const LINES = ['Một', 'Hai', 'Ba'];
const talk = LINES.map((text, seq): TranscriptRow => ({
  ...{ conversation: 'c', seq, at: seq, side: 'bot' },
  message: { text, buttons: [] },
}));
/** One word a second. */
const screen = (...texts: readonly string[]) => texts.map((text, n) => ({ text, at: (n + 1) * 1_000 }));
const many = Array.from({ length: 20 }, (_, n) => ({
  ...talk[0]!,
  seq: n,
  message: { text: `${n}.`, buttons: [] },
}));

it.each([
  ['each line once', screen('Một', 'Hai', 'Ba'), []],
  ['a line again after a death', screen('Một', 'Hai', 'Hai', 'Ba'), [2_500]],
  ['and once more after another', screen('Một', 'Hai', 'Hai', 'Hai', 'Ba'), [2_500, 3_500]],
  ['a turn of two lines again', screen('Một', 'Hai', 'Một', 'Hai', 'Ba'), [2_500]],
])('%s is as it should be', (_, shown, deaths) => {
  expect(screenProblems(shown, talk, deaths)).toEqual([]);
});

it.each([
  ['a line again though nobody died', screen('Một', 'Hai', 'Hai', 'Ba'), []],
  ['a line again before the death', screen('Một', 'Hai', 'Hai', 'Ba'), [3_500]],
  ['a line three times for one death', screen('Một', 'Hai', 'Hai', 'Hai', 'Ba'), [2_500]],
  ['a line that is missing', screen('Một', 'Hai'), [1_500]],
  ['a line nobody said', screen('Một', 'Hai', 'Bốn', 'Ba'), [2_500]],
])('%s is told', (_, shown, deaths) => {
  expect(screenProblems(shown, talk, deaths)).not.toEqual([]);
});

it('a line of long ago is told, whoever died', () => {
  const shown = screen(...many.map(({ message }) => message.text), '0.');
  expect(screenProblems(shown, many, [20_500])[0]).toContain(
    'line 0 of the talk was shown again after line 19',
  );
});
