const Sequencer = require('@jest/test-sequencer').default;

/** Suites of half a minute and more, longest first. */
const LONG = [
  'faults/kill-storm',
  'faults/dirty-webhooks',
  'faults/telegram-storm',
  'faults/fleet-storm',
  'faults/bad-agency',
  'faults/redis-rounds',
  'faults/cut-turns',
  'channels/golden-engines',
  'faults/model',
  'flow/golden',
  'channels/telegram-golden',
  'e2e/birth',
  'channels/web-photo-page',
  'contract/mongo',
  'app/twin',
  'e2e/look',
  'e2e/hardships',
  'e2e/hostile',
].map((name) => `/tests/${name}.test.ts`);

/** Begins with the longest suites where no earlier run has told how long they take: begun last, one would run on alone. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = [...super.sort(tests)];
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    const rank = ({ path }) => {
      const at = LONG.findIndex((name) => path.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
};
