/** The dossier a browser has opened: a slip of a quarter of an hour, its id in a cookie. */
import type { Request, Response } from 'express';
import { secretCookie } from '../http/sessions';
import type { Dossier } from '../ports/documents';
import type { Slips } from '../ports/store';

export interface OpenedDeps {
  readonly slips: Slips;
  readonly byId: (id: string) => Promise<Dossier | null>;
  /** ms epoch */
  readonly clock: () => number;
  /** A new unguessable id. */
  readonly ids: () => string;
  /** The public address is https. */
  readonly secure: boolean;
}

export interface OpenedDossier {
  open(response: Response, dossierId: string): Promise<void>;
  /** Null when none was opened here, or too long ago. */
  read(request: Request): Promise<Dossier | null>;
  close(request: Request, response: Response): Promise<void>;
}

const KIND = 'public-status';
const LIFE_MS = 15 * 60_000;

export function openedDossier({ slips, byId, clock, ids, secure }: OpenedDeps): OpenedDossier {
  const cookie = secretCookie('tra-cuu', secure);
  return {
    async open(response, dossier) {
      const slip = ids();
      await slips.put(KIND, slip, { dossier }, clock() + LIFE_MS);
      cookie.set(response, slip);
    },
    async read(request) {
      const slip = cookie.read(request);
      const held = slip === null ? null : await slips.get<{ dossier: string }>(KIND, slip, clock());
      return held === null ? null : byId(held.dossier);
    },
    async close(request, response) {
      const slip = cookie.read(request);
      if (slip !== null) await slips.remove(KIND, slip);
      cookie.clear(response);
    },
  };
}
