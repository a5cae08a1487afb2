/** Words that did not reach the citizen stand in the history, so that an officer can call or write. */
import type { Dossier } from '../../ports/documents';
import { withHistory } from './dossier-moves';

/** `text`: what should have been read. */
export function withNotTold(dossier: Dossier, text: string, at: number): Dossier {
  const part = dossier.parts.find(({ status }) => status === dossier.status) ?? dossier.parts[0];
  if (part === undefined) return dossier;
  return withHistory(dossier, { at, by: { role: 'system' }, event: 'notTold', part: part.id, text }, part);
}
