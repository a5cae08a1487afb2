/** The doors of the house on HTTP: web chat first (its path is the hottest), then messengers, agencies, desk and public pages. */
import { join } from 'node:path';
import type { RequestListener } from 'node:http';
import express, { type Express } from 'express';
import { agencyPhotos } from '../app/delivery/agency-photo';
import { feeProposer } from '../app/dossier/proposed-fee';
import { deskTalk } from '../app/officers/desk-talk';
import type { Officers } from '../app/officers/officers';
import { procedurePages } from '../app/procedure-pages';
import { closedWeb, webChannel, type WebLimits } from '../channels/web/router';
import { deskRouter } from '../desk/router';
import { photosAsPdf, photosAsZip } from '../documents/photo-bundle';
import { checkReceiverUrl } from '../drivers/http-agency';
import { agencyPhotosRouter } from '../drivers/http-agency-photos';
import { agencyStatusRouter } from '../drivers/http-agency-status';
import { openAssets } from '../http/assets';
import { securityHeaders } from '../http/headers';
import { healthRouter } from '../http/health';
import { bodyWithin } from '../http/limits';
import { knowsPeer, peers } from '../http/peer';
import type { Log, Universe } from '../ports/universe';
import { publicRouter } from '../web/router';
import type { Config } from '../config';
import type { Messengers } from './channels';
import type { House } from './house';

/** When a page looks for what a worker answered: soon, and less and less. */
const EXPECT_MS = [150, 400, 900, 1_800];
/** Any body but a photo's is here by then, or its request is cut off. */
const BODY_MS = 30_000;

export interface DoorsOptions {
  readonly house: House;
  readonly config: Config;
  readonly root: string;
  readonly universe: Universe;
  readonly log: Log;
  readonly officers: Officers;
  readonly stopping: () => boolean;
  /** Webhooks of the messengers; unless given, there are none. */
  readonly messengers?: Pick<Messengers, 'handle'>;
  /** Other limits of the web chat than its own. */
  readonly webLimits?: Partial<WebLimits>;
}

export interface Doors {
  readonly handler: RequestListener;
  /** Ends open streams, so that the server can stop. */
  close(): void;
}

export function openDoors(options: DoorsOptions): Doors {
  const { house, config, universe, log } = options;
  const secure = config.publicUrl.startsWith('https:');
  const onError = (error: unknown) => log.error('request-failed', error);
  const clock = () => universe.now();
  const peerOf = peers(config.trustedProxies);
  const web = webChannel({
    inbox: house.converse,
    incoming: house.incoming,
    talk: house.talk,
    clock,
    ids: house.newId,
    secure,
    peerOf,
    onError,
    limits: { ...(config.role === 'web' ? { expectMs: EXPECT_MS } : {}), ...options.webLimits },
  });
  house.channels.set('web', web.channel);

  const app: Express = express();
  app.disable('x-powered-by');
  app.use(knowsPeer(peerOf));
  app.use(securityHeaders(secure));
  app.use(healthOf(house, options.stopping));
  const ofAgency = { secretOf: (id: string) => secretOf(house, id), clock };
  app.use(agencyStatusRouter({ ...ofAgency, report: house.reports.agencyReports }));
  app.use(agencyPhotosRouter({ ...ofAgency, photo: agencyPhotos({ ...house, universe }) }));
  app.use('/desk', deskRouter(deskDeps(options, secure)));
  const pages = publicPages(options, secure, onError);
  app.use(pages.router);
  app.use(pages.pageNotFound);
  app.use(pages.pageFailed);
  return {
    handler(request, response) {
      if (web.handle(request, response) || options.messengers?.handle(request, response) === true) return;
      bodyWithin(request, BODY_MS);
      app(request, response);
    },
    close: () => web.close(),
  };
}

/** A process without pages: whether it lives and is ready. */
export function openWorkerDoor({ house, stopping }: Pick<DoorsOptions, 'house' | 'stopping'>): Doors {
  house.channels.set('web', closedWeb);
  const app: Express = express();
  app.disable('x-powered-by');
  app.use(healthOf(house, stopping));
  return { handler: app, close: () => undefined };
}

const healthOf = (house: House, stopping: () => boolean) =>
  healthRouter({ ping: () => house.store.ping(), stopping, trouble: () => troubleOf(house) });

/** Trouble that does not stop service: what has been due for over a minute, what waits for an officer. */
async function troubleOf(house: House) {
  const waiting = house.queue.trouble?.() ?? null;
  const stuck = await house.store.deliveries.inState(['needs-officer'], 100);
  return {
    deliveriesNeedOfficer: stuck.length,
    eventsSetAside: await house.store.slips.count('set-aside'),
    ...(waiting === null ? {} : { queue: waiting }),
    ...(house.notices.length === 0 ? {} : { store: house.notices.join(' ') }),
  };
}

async function secretOf(house: House, agencyId: string): Promise<string | null> {
  const receiver = (await house.store.agencies.byId(agencyId))?.doc.receiver;
  return receiver?.type === 'http' ? receiver.secret : null;
}

function deskDeps({ house, config, universe, log, officers }: DoorsOptions, secure: boolean) {
  return {
    store: house.store,
    files: house.files,
    queue: house.queue,
    universe,
    log,
    speech: house.speech,
    officers,
    converse: deskTalk(house.converse),
    retryDelivery: (key: string) => house.delivering.retry(key),
    proposeDueOn: house.proposeDueOn,
    proposeFee: feeProposer(house.facts),
    forms: house.forms,
    photoBundle: { pdf: photosAsPdf, zip: photosAsZip },
    procedures: () => [...house.flows.keys()].flatMap((slug) => house.cards.bySlug(slug) ?? []),
    findCommunes: house.communes.find,
    mayReceive: (url: string) => checkReceiverUrl(url) === null,
    agenciesChanged: () => house.directory.refresh(),
    secure,
    publicUrl: config.publicUrl,
  };
}

function publicPages(
  { house, config, root, universe }: DoorsOptions,
  secure: boolean,
  onError: (error: unknown) => void,
) {
  const { store } = house;
  return publicRouter({
    say: house.speech.say,
    assets: openAssets(join(root, 'assets')),
    service: () => Promise.resolve(serviceView(house, config.draftDays)),
    procedures: procedurePages(house, () => universe.now()),
    onError,
    status: {
      tries: house.tries,
      slips: store.slips,
      clock: () => universe.now(),
      ids: house.newId,
      secure,
      byId: async (id) => (await store.dossiers.byId(id))?.doc ?? null,
      find: async (code, lastFour) => {
        const read = house.understanding.codeIn(code);
        return read === null ? null : ((await store.dossiers.byCodeAndLastFour(read, lastFour))?.doc ?? null);
      },
      audit: (id) => store.audit.ofSubject(id, 200),
      record: (subject, what) =>
        store.audit.append({ at: universe.now(), who: 'citizen', agency: null, what, subject }),
      file: (id) => resultFile(house, id),
    },
  });
}

function serviceView(house: House, draftDays: number) {
  const agencies = house.directory.all();
  const [only] = agencies;
  return {
    name: agencies.length === 1 && only !== undefined ? only.name : '',
    offices: agencies.slice(0, 3).map(({ name, address, hours, phone }) => ({ name, address, hours, phone })),
    demo: agencies.every((agency) => agency.demo),
    draftDays,
  };
}

async function resultFile(house: House, id: string) {
  const found = await house.store.attachments.get(id);
  if (found?.state !== 'ok') return null;
  return { name: found.name, type: found.type, bytes: await house.files.get(found.fileKey) };
}
