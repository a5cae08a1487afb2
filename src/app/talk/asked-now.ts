/** What the present question is about, for words that may be an answer to it or a command. */
import { isMore } from '../../flow/list';
import { isStop } from '../../flow/stop';
import { present, walk } from '../../flow/view';
import { flowContext, inFlow } from './in-flow';
import type { Talk } from './talk';

const FOR_A_YES: ReadonlySet<string | undefined> = new Set([
  'confirm',
  'warn',
  'more',
  'correct',
  'place-photos',
]);

/** What the flow waits for, where that may sound like a command: a name, or a yes. */
export function askedNow(talk: Talk): 'name' | 'yes' | null {
  const { session } = talk.state;
  if (session === null || !inFlow(talk.state)) return null;
  if (FOR_A_YES.has(session.pending?.type)) return 'yes';
  const flow = talk.world.flows.get(session.flow);
  const spot = flow === undefined ? null : present(walk(flow, session, flowContext(talk, flow)), session);
  if (spot === null || isStop(spot.step)) return null;
  if (isMore(spot.step)) return 'yes';
  const { kind } = spot.step;
  return kind === 'person-name' ? 'name' : kind === 'yes-no' ? 'yes' : null;
}
