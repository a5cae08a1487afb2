/** Every sort of answer a step may ask for. A new kind is one file here, one line below, and a table of cases. */
import { AppError } from '../../errors';
import type { Kind } from '../types';
import { address } from './address';
import { choice } from './choice';
import { commune } from './commune';
import { consent } from './consent';
import { date } from './date';
import { email } from './email';
import { ethnicity } from './ethnicity';
import { integer } from './integer';
import { money } from './money';
import { multiChoice } from './multi-choice';
import { nationalId } from './national-id';
import { nationality } from './nationality';
import { partialDate } from './partial-date';
import { personName } from './person-name';
import { phone } from './phone';
import { file, photo } from './photo';
import { sex } from './sex';
import { text } from './text';
import { yesNo } from './yes-no';

/** A registry forgets the types of values and options: a step's options were parsed by the same kind at load. */
const all: readonly Kind[] = [
  personName,
  date,
  partialDate,
  nationalId,
  phone,
  yesNo,
  choice,
  integer,
  sex,
  commune,
  address,
  text,
  consent,
  photo,
  file,
  email,
  ethnicity,
  nationality,
  multiChoice,
  money,
];

/** By name. */
export const KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(all.map((kind) => [kind.name, kind]));

/** The kind of that name; throws AppError `flow-invalid` for any other. */
export function kindOf(name: string): Kind {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined)
    throw new AppError('flow-invalid', `no kind is called ${JSON.stringify(name)}`, {
      details: { kind: name },
    });
  return kind;
}
