/** What the present question is about, for words that may be an answer to it or a command. */
import { isMore } from '../../flow/list';
import { isStop } from '../../flow/stop';
import type { Step } from '../../flow/types';
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
  if (inFlow(talk.state) && FOR_A_YES.has(talk.state.session?.pending?.type)) return 'yes';
  const step = stepNow(talk);
  if (step === null || isStop(step)) return null;
  if (isMore(step) || step.kind === 'yes-no') return 'yes';
  return step.kind === 'person-name' ? 'name' : null;
}

/** The step that the flow asks for now. */
export function stepNow(talk: Talk): Step | null {
  const { session } = talk.state;
  const flow = session === null ? undefined : talk.world.flows.get(session.flow);
  if (session === null || flow === undefined || !inFlow(talk.state)) return null;
  return present(walk(flow, session, flowContext(talk, flow)), session)?.step ?? null;
}
