/** What the storm says of a screen can be untrue: words doubled by one life of the server, lost, invented, or out of their turn. */
import type { TranscriptRow } from '../../src/ports/documents';
import { screenProblems } from './telegram-checks';

const lineOf = (text: string, seq: number): TranscriptRow => ({
  ...{ conversation: 'c', seq, at: seq, side: 'bot' },
  message: { text, buttons: [] },
});
const talk = ['Một', 'Hai', 'Ba'].map(lineOf);
const many = Array.from({ length: 20 }, (_, n) => lineOf(`${n}.`, n));
/** `Một@2`: said by the second life. */
const screen = (...seen: readonly string[]) =>
  seen.map((one) => {
    const [text = '', life = '1'] = one.split('@');
    return { text, life: Number(life), at: 0 };
  });

it.each([
  ['each line once', screen('Một', 'Hai', 'Ba')],
  ['each line once, by two lives', screen('Một', 'Hai@2', 'Ba@2')],
  ['a line again by the next life', screen('Một', 'Hai', 'Hai@2', 'Ba@2')],
  ['and once more by another', screen('Một', 'Hai', 'Hai@2', 'Hai@4', 'Ba@4')],
  ['a turn of two lines again', screen('Một', 'Hai', 'Một@2', 'Hai@2', 'Ba@2')],
])('%s is as it should be', (_, shown) => {
  expect(screenProblems(shown, talk)).toEqual([]);
});

it.each([
  ['a line twice by one life', screen('Một', 'Hai', 'Hai', 'Ba')],
  ['a line again by a life that was over', screen('Một@1', 'Hai@2', 'Hai@1', 'Ba@2')],
  ['a line three times by two lives', screen('Một', 'Hai', 'Hai@2', 'Hai@2', 'Ba@2')],
  ['a line that is missing', screen('Một', 'Hai')],
  ['a line nobody said', screen('Một', 'Hai', 'Bốn', 'Ba')],
])('%s is told', (_, shown) => {
  expect(screenProblems(shown, talk)).not.toEqual([]);
});

it('a line that is the beginning of another is not taken for it', () => {
  const lines = ['Một', 'Em đang gửi. Hạn là mai', 'Em đang gửi.', 'Xong'].map(lineOf);
  const shown = screen(
    'Một',
    'Em đang gửi. Hạn là mai',
    'Em đang gửi. Hạn là mai@2',
    'Em đang gửi.@2',
    'Xong@2',
  );
  expect(screenProblems(shown, lines)).toEqual([]);
});

it('a line that settles may be overtaken before it is shown, by one on its topic only', () => {
  const settling = (topic: string, turn: number) => ({ settles: { topic, from: 0, turn } });
  const [one, two, three] = talk as [TranscriptRow, TranscriptRow, TranscriptRow];
  const lines = [one, { ...two, ...settling('photos', 2) }, { ...three, ...settling('photos', 3) }];
  expect(screenProblems(screen('Một', 'Ba@2'), lines)).toEqual([]);
  expect(screenProblems(screen('Một', 'Hai', 'Ba@2'), lines)).toEqual([]);
  expect(screenProblems(screen('Một', 'Hai'), lines)).not.toEqual([]);
  const others = [one, { ...two, ...settling('photos', 2) }, { ...three, ...settling('voices', 3) }];
  expect(screenProblems(screen('Một', 'Ba@2'), others)).not.toEqual([]);
});

it('a line of long ago is told, whoever died', () => {
  const shown = screen(...many.map(({ message }) => message.text), '0.@2');
  expect(screenProblems(shown, many)[0]).toContain('line 0 of the talk was shown again after line 19');
});
