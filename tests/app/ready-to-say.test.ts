/** Which words are said now, which wait, and which are not said any more. */
import { readyToSay } from '../../src/app/speaking';
import type { Utterance } from '../../src/ports/documents';

describe('what is ready to be said', () => {
  const of = (seq: number, more: Partial<Utterance> = {}): Utterance => ({
    ...{ seq, at: 0, side: 'bot', message: { text: String(seq), buttons: [] } },
    ...more,
  });
  const album = (seq: number, from: number, turn = seq, topic = 'album-A') =>
    of(seq, { settles: { topic, from, turn } });
  const heard = (seq: number) => of(seq, { side: 'citizen' });

  it.each<[string, readonly Utterance[], readonly number[], number | null]>([
    ['plain words', [heard(1), of(2)], [1, 2], null],
    ['an album that may go on', [heard(1), album(2, 150)], [], 150],
    [
      'its last reply alone, with all that was heard',
      [heard(1), album(2, 50), heard(3), album(4, 90)],
      [1, 3, 4],
      null,
    ],
    ['only the last counts for the wait', [album(2, 50), album(4, 150)], [], 150],
    ['a photo with no reply of its own', [album(2, 150), heard(3)], [], 150],
    ['all that one turn said', [album(2, 50, 7), album(3, 50, 7)], [2, 3], null],
    ['words behind it do not wait', [heard(1), album(2, 150), heard(3), of(4)], [1, 2, 3, 4], null],
    ['words between two photos', [album(2, 90), of(4), heard(5), album(6, 150)], [4], 150],
    ['two albums', [album(2, 50), album(3, 60, 3, 'album-B')], [2, 3], null],
    ['nothing', [], [], null],
  ])('%s', (_name, says, ready, dueAt) => {
    const now = readyToSay(says, 100);
    expect([now.ready.map(({ seq }) => seq), now.dueAt]).toEqual([ready, dueAt]);
  });
});
