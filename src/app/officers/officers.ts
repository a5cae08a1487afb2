/** Officers: signing in, sessions that end, one-time links to set a password. Secrets are stored as hashes only. */
import { createHash } from 'node:crypto';
import { AppError } from '../../errors';
import type { Officer } from '../../ports/documents';
import type { OpenLimiter } from '../../ports/limiter';
import type { Store, Versioned } from '../../ports/store';
import type { Universe } from '../../ports/universe';
import { memoryLimiter } from '../memory-limiter';
import { hashPassword, passwordMatches, passwordProblem } from './passwords';
import type { PasswordProblem } from './passwords';
import type { Lang } from '../speech';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const OFFICER_TIMES = {
  /** Without a request for so long, the session is over. */
  idle: 30 * MINUTE,
  /** A working day; then sign in again. */
  absolute: 10 * HOUR,
  link: 72 * HOUR,
  firstLink: 24 * HOUR,
} as const;
/** The stored session is renewed no more often than this. */
const RENEW = MINUTE;
const SESSION = 'officer-session';
const LINK = 'officer-link';
/** Wrong passwords per account and address, and per address; nobody can lock an officer out from elsewhere. */
const WRONG = { pair: 5, address: 50, seconds: 900 } as const;

/** What is kept of a signed-in browser. Name, role and agency are read afresh from the officer at each request. */
interface StoredSession {
  readonly officer: string;
  readonly epoch: number;
  readonly csrf: string;
  readonly lang: Lang;
  readonly startedAt: number;
  readonly lastAt: number;
}

export interface SignedIn {
  readonly officer: Officer;
  /** Secret of this session's forms. */
  readonly csrf: string;
  readonly lang: Lang;
}

export type SignInResult =
  | { readonly ok: true; readonly token: string; readonly officer: Officer }
  | { readonly ok: false; readonly problem: 'wrong' }
  | { readonly ok: false; readonly problem: 'slow-down'; readonly retryAfterS: number };

export interface NewOfficer {
  readonly login: string;
  readonly name: string;
  readonly agency: string;
  readonly role: Officer['role'];
}

export interface Officers {
  /** `ip` is the address the slow-down counts with. The token goes into the cookie; it is new at every sign-in. */
  signIn(login: string, password: string, ip: string): Promise<SignInResult>;
  /** Who this token is now; null when it is over, the officer was disabled, or the password changed. */
  sessionOf(token: string): Promise<SignedIn | null>;
  setLang(token: string, lang: Lang): Promise<void>;
  signOut(token: string): Promise<void>;
  /** Asks for the password again before what matters. Counts as a sign-in try. */
  confirm(officer: Officer, password: string, ip: string): Promise<boolean>;
  /** A new officer without a password, and the token of the link to set it. @throws AppError `conflict`: the login exists · `bad-request` */
  create(fresh: NewOfficer): Promise<{ readonly officer: Officer; readonly token: string }>;
  /** A new one-time link; the old password ends with it, and so do all sessions. */
  invite(officerId: string): Promise<string>;
  /** Who may set a password with this token; null when it is used, over, or overtaken by a newer one. */
  invited(token: string): Promise<Officer | null>;
  /** Sets the password once. `gone`: the link is not valid any more. */
  setPassword(token: string, password: string): Promise<'done' | 'gone' | PasswordProblem>;
  /** Changes role or activity; ends all sessions of that officer. */
  change(officerId: string, to: Partial<Pick<Officer, 'role' | 'active' | 'name'>>): Promise<void>;
  /** While no active administrator has a password: makes sure of one in this agency, and a link for them. Null otherwise. */
  firstAdminToken(agency: string): Promise<string | null>;
}

const LOGIN = /^[a-z0-9][a-z0-9._-]{1,39}$/;
const digest = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Logins are compared folded. */
export const foldLogin = (login: string): string => login.normalize('NFC').trim().toLowerCase().slice(0, 100);

/** `limiterOf`: counts wrong passwords, over all processes where it is shared. */
export function openOfficers(
  store: Store,
  universe: Universe,
  limiterOf: OpenLimiter = memoryLimiter,
): Officers {
  const newToken = () => universe.randomBytes(32).toString('base64url');
  const slowDown = wrongPasswords(limiterOf);
  const sessions = officerSessions(store, universe, newToken);
  const links = officerLinks(store, universe, newToken);

  async function checked(login: string, password: string, ip: string): Promise<Officer | null | number> {
    const wait = await slowDown.take(login, ip);
    if (wait > 0) return wait;
    const found = (await store.officers.byLogin(login))?.doc ?? null;
    const matches = await passwordMatches(found?.passwordHash ?? null, password);
    if (!matches || found?.active !== true) return null;
    await slowDown.forget(login, ip);
    return found;
  }

  async function firstAdminToken(agency: string): Promise<string | null> {
    const all = (await store.officers.all())
      .map(({ doc }) => doc)
      .filter((one) => one.role === 'admin' && one.active);
    if (all.some((one) => one.passwordHash !== '')) return null;
    const [admin] = all;
    if (admin !== undefined) return links.make(admin, OFFICER_TIMES.firstLink);
    const fresh = { login: 'quantri', name: 'Quản trị', agency, role: 'admin' } as const;
    return links.make(await links.create(fresh), OFFICER_TIMES.firstLink);
  }

  return {
    async signIn(login, password, ip) {
      const result = await checked(foldLogin(login), password, ip);
      if (typeof result === 'number') return { ok: false, problem: 'slow-down', retryAfterS: result };
      if (result === null) return { ok: false, problem: 'wrong' };
      return { ok: true, token: await sessions.begin(result), officer: result };
    },
    confirm: async (officer, password, ip) => (await checked(officer.login, password, ip)) instanceof Object,
    sessionOf: (token) => sessions.find(token),
    setLang: (token, lang) => sessions.setLang(token, lang),
    signOut: (token) => store.slips.remove(SESSION, digest(token)),
    async create(fresh) {
      const officer = await links.create(fresh);
      return { officer, token: await links.make(officer, OFFICER_TIMES.link) };
    },
    async invite(officerId) {
      const officer = await changeOfficer(store, officerId, (doc) => ({
        ...doc,
        passwordHash: '',
        epoch: doc.epoch + 1,
      }));
      return links.make(officer, OFFICER_TIMES.link);
    },
    invited: (token) => links.holder(token),
    setPassword: (token, password) => links.use(token, password),
    async change(officerId, to) {
      await changeOfficer(store, officerId, (doc) => ({ ...doc, ...to, epoch: doc.epoch + 1 }));
    },
    firstAdminToken,
  };
}

// ---------------------------------------------------------------- slow-down

function wrongPasswords(limiterOf: OpenLimiter) {
  const { seconds } = WRONG;
  const pair = limiterOf({ name: 'officer', points: WRONG.pair, seconds });
  const address = limiterOf({ name: 'officer-ip', points: WRONG.address, seconds });
  return {
    /** Counts a try before it is made. Seconds to wait, 0 when it may be made. */
    async take(login: string, ip: string): Promise<number> {
      const waitMs = (await address.take(ip)) || (await pair.take(`${login} ${ip}`));
      return Math.ceil(waitMs / 1000);
    },
    async forget(login: string, ip: string): Promise<void> {
      await pair.forget(`${login} ${ip}`);
      await address.giveBack(ip);
    },
  };
}

// ---------------------------------------------------------------- sessions

function officerSessions(store: Store, universe: Universe, newToken: () => string) {
  const write = (token: string, session: StoredSession) => {
    const end = Math.min(session.lastAt + OFFICER_TIMES.idle, session.startedAt + OFFICER_TIMES.absolute);
    return store.slips.put(SESSION, digest(token), session, end);
  };

  return {
    async begin(officer: Officer): Promise<string> {
      const token = newToken();
      const at = universe.now();
      const base = { officer: officer.id, epoch: officer.epoch, lang: 'vi' as const };
      await write(token, { ...base, csrf: newToken(), startedAt: at, lastAt: at });
      return token;
    },
    async find(token: string): Promise<SignedIn | null> {
      const now = universe.now();
      const session = await store.slips.get<StoredSession>(SESSION, digest(token), now);
      if (session === null) return null;
      const officer = (await store.officers.byId(session.officer))?.doc;
      if (officer?.active !== true || officer.epoch !== session.epoch) return null;
      if (now - session.lastAt >= RENEW) await write(token, { ...session, lastAt: now });
      return { officer, csrf: session.csrf, lang: session.lang };
    },
    async setLang(token: string, lang: Lang): Promise<void> {
      const session = await store.slips.get<StoredSession>(SESSION, digest(token), universe.now());
      if (session !== null) await write(token, { ...session, lang });
    },
  };
}

// ---------------------------------------------------------------- one-time links

interface StoredLink {
  readonly officer: string;
  readonly epoch: number;
}

function officerLinks(store: Store, universe: Universe, newToken: () => string) {
  const peek = (token: string) => store.slips.get<StoredLink>(LINK, digest(token), universe.now());

  async function holderOf(link: StoredLink | null): Promise<Officer | null> {
    const officer = link === null ? null : ((await store.officers.byId(link.officer))?.doc ?? null);
    return officer?.active === true && officer.epoch === link?.epoch ? officer : null;
  }

  return {
    async create(fresh: NewOfficer): Promise<Officer> {
      const login = foldLogin(fresh.login);
      if (!LOGIN.test(login) || fresh.name.trim() === '')
        throw new AppError('bad-request', 'login or name not valid');
      const id = universe.randomBytes(12).toString('base64url');
      const doc = {
        ...fresh,
        id,
        login,
        passwordHash: '',
        active: true,
        createdAt: universe.now(),
        epoch: 1,
      };
      if (!(await store.officers.create(doc))) throw new AppError('conflict', 'the login exists');
      return doc;
    },
    async make(officer: Officer, lifeMs: number): Promise<string> {
      const token = newToken();
      const link: StoredLink = { officer: officer.id, epoch: officer.epoch };
      await store.slips.put(LINK, digest(token), link, universe.now() + lifeMs);
      return token;
    },
    holder: async (token: string) => holderOf(await peek(token)),
    async use(token: string, password: string): Promise<'done' | 'gone' | PasswordProblem> {
      const officer = await holderOf(await peek(token));
      if (officer === null) return 'gone';
      const problem = passwordProblem(password, officer.login);
      if (problem !== null) return problem;
      const passwordHash = await hashPassword(password);
      const link = await store.slips.take<StoredLink>(LINK, digest(token), universe.now());
      if ((await holderOf(link)) === null) return 'gone';
      await changeOfficer(store, officer.id, (doc) => ({ ...doc, passwordHash, epoch: doc.epoch + 1 }));
      return 'done';
    },
  };
}

async function changeOfficer(store: Store, id: string, by: (doc: Officer) => Officer): Promise<Officer> {
  for (let tries = 0; tries < 10; tries += 1) {
    const found: Versioned<Officer> | null = await store.officers.byId(id);
    if (found === null) throw new AppError('not-found', 'no such officer');
    const after = by(found.doc);
    if (await store.officers.save(after, found.revision)) return after;
  }
  throw new AppError('conflict', 'an officer kept changing');
}
