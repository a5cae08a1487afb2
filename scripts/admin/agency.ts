/** Receiving offices: who they are, a new one, and where their dossiers go. A running server sees changes within a minute. */
import { join } from 'node:path';
import { newAgency } from '../../src/app/officers/new-agency';
import { openCommunes } from '../../src/catalogue/communes';
import { civilDate } from '../../src/catalogue/due-dates';
import { checkReceiverUrl } from '../../src/drivers/http-agency';
import type { Agency } from '../../src/ports/documents';
import type { Store } from '../../src/ports/store';
import { refuse, type Command, type Tools } from './command';
import { withStore } from './store';

type Act = (args: readonly string[], tools: Tools, store: Store) => Promise<void>;

const ACTS: Readonly<Record<string, Act>> = { list, create, 'set-receiver': setReceiver };

const USAGE =
  'list | create <commune> <name> <address> <hours> [phone] | set-receiver <id> desk|<https address>';

export const agency: Command = {
  usage: USAGE,
  what: 'receiving offices; procedures and officers are switched on at the desk',
  async run([name = '', ...args], tools) {
    const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
    if (act === undefined) refuse(`agency ${USAGE}`);
    await withStore(tools, (store) => act(args, tools, store));
  },
};

async function list(_args: readonly string[], { say }: Tools, store: Store): Promise<void> {
  for (const { doc } of await store.agencies.all()) {
    const receiver = doc.receiver.type === 'http' ? doc.receiver.url : 'desk';
    say([doc.id, doc.name, receiver, doc.procedures.join(',') || '-'].join('\t'));
  }
}

async function create(args: readonly string[], tools: Tools, store: Store): Promise<void> {
  const [typed, name, address, hours, phone = ''] = args;
  if (!typed || !name || !address || !hours) refuse('commune, name, address or hours missing');
  const today = civilDate(tools.universe.now());
  const communes = openCommunes(join(tools.root, 'flows/facts'), { today }).find(typed);
  const [commune, ...others] = communes;
  if (commune === undefined) refuse(`no commune is called "${typed}"`);
  if (others.length > 0)
    refuse(`say which: ${communes.map((one) => `${one.code} ${one.name}, ${one.provinceName}`).join(' · ')}`);
  const fresh = newAgency({ name, address, hours, phone }, commune);
  if (!(await store.agencies.create(fresh))) refuse(`${fresh.id} exists`);
  await record(tools, store, fresh.id, 'create-agency');
  tools.say(`${fresh.id}: ${name}, for ${commune.name}, ${commune.provinceName}`);
}

async function setReceiver(
  [id = '', target = '']: readonly string[],
  tools: Tools,
  store: Store,
): Promise<void> {
  const found = await store.agencies.byId(id);
  if (found === null) refuse(`no agency is called "${id}": see "agency list"`);
  const receiver = receiverAt(target, found.doc, tools);
  if (!(await store.agencies.save({ ...found.doc, receiver }, found.revision)))
    refuse('somebody else changed it meanwhile: run it again');
  await record(tools, store, id, 'save-agency');
  tools.say(`${id} receives at ${receiver.type === 'http' ? receiver.url : 'the desk'}`);
  if (receiver.type === 'http' && found.doc.receiver.type !== 'http')
    tools.say(`shared secret, shown once, for the agency's system:\n${receiver.secret}`);
}

/** An agency that has a secret keeps it; going to the desk and back makes a new one. */
function receiverAt(target: string, { receiver }: Agency, { universe }: Tools): Agency['receiver'] {
  if (target === 'desk') return { type: 'desk' };
  const problem = checkReceiverUrl(target);
  if (problem !== null) refuse(`the address is not taken (${problem}): docs/agency-api.md §1`);
  const secret = receiver.type === 'http' ? receiver.secret : universe.randomBytes(32).toString('base64url');
  return { type: 'http', url: target, secret };
}

const record = ({ universe }: Tools, store: Store, id: string, what: string): Promise<void> =>
  store.audit.append({ at: universe.now(), who: 'system', agency: id, what, subject: id });
