/** The web chat as its page uses it: a cookie, `POST /chat/say` and `/chat/photo`, and an open stream. */
import { randomUUID, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webChannel } from '../../src/channels/web/router';
import type { TalkLine } from '../../src/ports/channel';
import type { ChannelDriver, ContractCitizen, Delivery, Opened, Seen } from './channel-contract';
import type { ChannelDeps } from './channel-house';

const ACCOUNTS = [{ account: 'default' }, { account: 'quay-2' }];
const NO_LIMIT = { perSecond: 1_000_000, burst: 1_000_000 };
type Headers = Readonly<Record<string, string>>;

interface Site {
  readonly url: string;
  readonly account: string;
  readonly channel: Opened['channel'];
  close(): Promise<void>;
}

async function openSite(deps: ChannelDeps, account: string): Promise<Site> {
  const limits = { perChat: NO_LIMIT, perAddress: null, photosPerChat: NO_LIMIT, photosPerAddress: null };
  const ids = () => randomBytes(18).toString('base64url');
  const web = webChannel({ ...deps, ids, secure: false, account, limits });
  const server = createServer((request, response) => void web.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, account, channel: web.channel, close: () => stop(server, () => web.close()) };
}

function stop(server: Server, closeStreams: () => void): Promise<void> {
  closeStreams();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function post(url: string, headers: Headers, body: Buffer | string): Promise<number> {
  const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
  await answer.text();
  return answer.status;
}

/** In every way another site, or somebody without the citizen's cookie, could try. */
function delivery(url: string, headers: Headers, body: Buffer | string): Delivery {
  const nobody = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'cookie'));
  return {
    deliver: () => post(url, headers, body),
    forged: () =>
      Promise.all([
        post(url, nobody, body),
        post(url, { ...nobody, cookie: 'chat=short' }, body),
        post(url, { ...headers, 'sec-fetch-site': 'cross-site' }, body),
        post(url, { ...headers, origin: 'https://elsewhere.example' }, body),
        post(url, { ...headers, 'content-type': 'text/plain' }, body),
      ]),
  };
}

/** Reads lines of the house off a stream, each seq once, as the page does. */
async function listen(site: Site, cookie: string | null, lines: TalkLine[]): Promise<string> {
  const answer = await fetch(`${site.url}/chat/stream`, { headers: cookie === null ? {} : { cookie } });
  void (async () => {
    let rest = '';
    const words = new TextDecoder();
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      const events = (rest + words.decode(chunk, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: line\ndata: ([^\n]*)$/m.exec(event)?.[1];
        const line = data === undefined ? null : (JSON.parse(data) as TalkLine);
        if (line !== null && line.side === 'bot' && !lines.some(({ seq }) => seq === line.seq))
          lines.push(line);
      }
    }
  })().catch(() => undefined);
  return cookie ?? answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const seenOf = ({ text, buttons, links = [] }: TalkLine): Seen => ({
  text,
  buttons: buttons.map(({ label }) => label),
  links: links.map(({ url }) => url),
});

async function openCitizen(site: Site, known: string | null): Promise<ContractCitizen> {
  const lines: TalkLine[] = [];
  const cookie = await listen(site, known, lines);
  const say = (body: object): Delivery =>
    delivery(
      `${site.url}/chat/say`,
      { 'content-type': 'application/json', cookie },
      JSON.stringify({ id: randomUUID(), ...body }),
    );
  const upload = (bytes: Buffer, name: string): Delivery =>
    delivery(
      `${site.url}/chat/photo`,
      {
        'content-type': 'application/octet-stream',
        'x-message-id': randomUUID(),
        'x-file-name': encodeURIComponent(name),
        cookie,
      },
      bytes,
    );
  const write = (text: string): Delivery => say({ text });
  return {
    address: { channel: 'web', account: site.account, chat: cookie.slice('chat='.length) },
    write,
    press: ({ id, label }) => say({ choice: id, label }),
    photo: (bytes) => upload(bytes, 'ảnh.jpg'),
    pdf: upload,
    async writeAll(words) {
      // As the page does: one after another, the same again until it is taken.
      for (const one of words.map(write)) while ((await one.deliver()) !== 200);
    },
    seen: () => lines.map(seenOf),
  };
}

export const webDriver: ChannelDriver = {
  name: 'web',
  capabilities: { buttons: true, push: false, documents: false },
  async open(deps) {
    const sites = new Map<string, Site>();
    for (const { account } of ACCOUNTS) sites.set(account, await openSite(deps, account));
    const first = sites.get('default')!;
    const siteOf = (account: string): Site => sites.get(account) ?? first;
    return {
      accounts: ACCOUNTS,
      channel: {
        ...first.channel,
        send: (to, messages, end) => siteOf(to.account).channel.send(to, messages, end),
      },
      citizen: (account = 'default', person) =>
        openCitizen(siteOf(account), person === undefined ? null : `chat=${person.address.chat}`),
      screen: (words) => words,
      carrier: null,
      close: async () => {
        await Promise.all([...sites.values()].map((site) => site.close()));
      },
    };
  },
};
