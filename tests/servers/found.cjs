/** Which servers the driver suites find here; `CI_ALL_DRIVERS=1` (set by .ci/run) makes a missing one fail instead of being skipped. */
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const standIn = join(__dirname, 'mongo');

/** The first line a program prints, or null where it cannot be run. */
function firstLine(program, ...args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(
      '\n',
    )[0];
  } catch {
    return null;
  }
}

/** `mongo-java-server-h2-backend 1.47.0`, as pinned. */
function standInName() {
  const pom = readFileSync(join(standIn, 'pom.xml'), 'utf8');
  const [, name, version] = /<artifactId>(mongo-java[^<]+)<\/artifactId>\s*<version>([^<]+)</.exec(pom) ?? [];
  return `${name} ${version}`;
}

/** `real` (named by MONGO_TEST_URL), `stand-in` (Java and Maven are here), or `none`. */
function mongoKind() {
  if (process.env.MONGO_TEST_URL) return 'real';
  return firstLine('java', '-version') !== null && firstLine('mvn', '--version') !== null
    ? 'stand-in'
    : 'none';
}

/** What redis-server says it is, or null. */
const redisVersion = () => firstLine('redis-server', '--version');

const required = process.env.CI_ALL_DRIVERS === '1';

module.exports = { standIn, standInName, mongoKind, redisVersion, required };
