/** When a filing first comes to its review: what it will cost is said, and the house looks for an earlier one about the same person. */
import type { AnswerValue, Context, Flow, Session } from '../../flow/types';
import { walk, type Spot } from '../../flow/view';
import { peopleOf } from './new-dossier';
import type { Talk } from './talk';

/** Step that says how many copies are wanted, in every flow that asks. */
const COPIES = 'copies';

/** Once a filing: before its review is shown. `unsaid`: it was, but those words will not be said. */
export function onFirstReview(
  talk: Talk,
  flow: Flow,
  session: Session,
  context: Context,
  unsaid: boolean,
): void {
  const { purpose, phase, key } = session;
  const again = talk.state.reviewedOnce === key;
  if (purpose !== 'file' || phase !== 'review' || (again && !unsaid)) return;
  talk.state = { ...talk.state, reviewedOnce: key };
  const { lines, world } = walk(flow, session, context);
  // Nobody should send first and learn the price then.
  const copies = valueAt(lines, COPIES);
  const { fee } = talk.world.briefing(flow.id, world.agency);
  talk.say(fee(typeof copies === 'number' ? copies : null));
  if (!again) lookForTwin(talk, flow, key, lines);
}

const valueAt = (lines: readonly Spot[], path: string): AnswerValue =>
  lines.find((line) => line.path === path)?.answer?.value ?? null;

function lookForTwin(talk: Talk, flow: Flow, sessionKey: string, lines: readonly Spot[]): void {
  const answers = lines.flatMap(({ path, answer }) => (answer === null ? [] : [{ step: path, answer }]));
  const { subject } = peopleOf(flow, answers);
  const of = (kind: string) =>
    lines.flatMap(({ step, answer }) =>
      step.kind === kind && typeof answer?.value === 'string' ? [answer.value] : [],
    );
  // The subject's own number and everybody's phones prove nothing: strangers have them too.
  const kin = of('national-id').filter((number) => number !== subject.nationalId);
  const who = { procedure: flow.id, subject, kin, names: of('person-name') };
  talk.act({ type: 'look-for-twin', sessionKey, who });
}
