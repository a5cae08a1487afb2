/** The closing lines of a run: which servers the driver suites ran on, and which were not there. */
const { mongoKind, redisVersion, standInName } = require('./servers/found.cjs');

const MONGO = {
  real: ['mongo, real server: as MONGO_TEST_URL says'],
  'stand-in': [`mongo: stand-in ${standInName()}`, 'mongo, real server: NOT RUN'],
  none: [
    'mongo: SKIPPED (no MONGO_TEST_URL, no java and mvn for the stand-in)',
    'mongo, real server: NOT RUN',
  ],
};

module.exports = ({ testPathPatterns }) => {
  // A run of a few named suites says nothing about servers.
  if (testPathPatterns?.patterns?.length > 0) return;
  const redis = redisVersion();
  const lines = [...MONGO[mongoKind()], `redis: ${redis ?? 'SKIPPED (no redis-server)'}`];
  if (!process.env.MONGO_FAILOVER_URL)
    lines.push('fail-over of a replica set: NOT RUN (no MONGO_FAILOVER_URL)');
  if (!process.env.SMOKE_URL) lines.push('a dossier at a composed house: NOT RUN (no SMOKE_URL)');
  process.stdout.write(`${lines.join('\n')}\n`);
};
