/** Kind `stop`: asks nothing, explains why this cannot succeed. Its answer is `true`: "vẫn gửi để cán bộ xem". */
import { z } from 'zod';
import type { Kind, Step } from './types';

const options = z.strictObject({ final: z.boolean().optional() });
type StopOptions = z.infer<typeof options>;

export const STOP: Kind<boolean, StopOptions> = {
  name: 'stop',
  options,
  cel: 'bool',
  read: () => ({ ok: false, problem: 'unreadable' }),
  accepts: (value, { final }) => value === true && final !== true,
  show: () => ({ key: 'flow.stop.sentAnyway' }),
};

/** Does the walk end at this step as a refusal, not as a question? */
export const isStop = (step: Step): boolean => step.kind === STOP.name;

/** May the citizen ask to have it looked at all the same? */
export const isFinal = (step: Step): boolean => (step.options as StopOptions).final === true;
