/** What an officer looks for is a citizen's number or name: it stands in a sealed slip, and addresses carry the slip's id alone. */
import type { RequestHandler } from 'express';
import type { DeskDeps } from './deps';
import { fieldsOf, visitOf } from './visit';
import type { Visit } from './visit';

const KIND = 'desk-search';
const LIFE_MS = 3_600_000;
const MAX_FIND = 100;

interface Slip {
  readonly officer: string;
  readonly find: string;
}

export interface Search {
  /** Id of the slip, for addresses. */
  readonly id: string;
  /** What was typed, tidied. */
  readonly find: string;
}

/** Takes the posted form to the list's address of this search; nothing typed leads back to the list. */
export function startSearch(deps: Pick<DeskDeps, 'store' | 'universe'>): RequestHandler {
  return async (request, response) => {
    const { officer, now } = visitOf(response);
    const find = fieldsOf(request).get('find').slice(0, MAX_FIND);
    if (find === '') {
      response.redirect(303, '/desk');
      return;
    }
    const id = deps.universe.randomBytes(18).toString('base64url');
    const slip: Slip = { officer: officer.id, find };
    await deps.store.slips.put(KIND, id, slip, now + LIFE_MS);
    response.redirect(303, `/desk?tim=${id}`);
  };
}

/** `over`: more than an hour old, unknown, or another officer's. Null when no search is asked for. */
export async function searchOf(
  { store }: Pick<DeskDeps, 'store'>,
  { officer, now }: Visit,
  id: string,
): Promise<Search | 'over' | null> {
  if (id === '') return null;
  const slip = await store.slips.get<Slip>(KIND, id, now);
  return slip?.officer === officer.id ? { id, find: slip.find } : 'over';
}
