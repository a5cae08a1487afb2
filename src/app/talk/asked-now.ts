/** What the present question is about, for words that may be an answer to it or a command. */
import { isMore } from '../../flow/list';
import { asksOwnPhone, waitsElsewhere } from '../../flow/own-phone';
import { isStop } from '../../flow/stop';
import type { Step } from '../../flow/types';
import { present, walk } from '../../flow/view';
import { flowContext } from './flow-context';
import { inFlow } from './in-flow';
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
export const stepNow = (talk: Talk): Step | null => askingNow(talk)?.spot?.step ?? null;

/** Is the phone of whoever holds it asked for now? */
export function asksPhoneNow(talk: Talk): boolean {
  const { flow, session, went, spot } = askingNow(talk) ?? {};
  if (flow === undefined || session === undefined || went === undefined || !spot) return false;
  return !waitsElsewhere(session, spot) && asksOwnPhone(flow, went, spot);
}

function askingNow(talk: Talk) {
  const { session } = talk.state;
  const flow = session === null ? undefined : talk.world.flows.get(session.flow);
  if (session === null || flow === undefined || !inFlow(talk.state)) return null;
  const went = walk(flow, session, flowContext(talk, flow));
  return { flow, session, went, spot: present(went, session) };
}
