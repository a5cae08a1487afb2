/**
 * Kind `consent`: a clear yes or no to one agency's use of one's data (Law 91/2025/QH15, art. 9: express, never
 * presumed). Value `{ agreed, agency }`; it stands only for the agency it names, so another agency asks anew.
 */
import { z } from 'zod';
import type { AnswerValue, Choice, Phrase } from '../types';
import { readYesNo } from '../reading/yes-no-words';
import { defineKind, no, ok } from './reading';

const options = z.strictObject({});

export type ConsentValue = { readonly agreed: boolean; readonly agency: string };

const label = (agreed: boolean, keys: readonly string[]): Phrase => {
  const id = agreed ? 'agreed' : 'refused';
  return { key: [...keys.map((key) => `${key}.choice.${id}`), `kinds.consent.${id}`] };
};

const choice = (agreed: boolean, agency: string, keys: readonly string[]): Choice => ({
  id: agreed ? 'agreed' : 'refused',
  value: { agreed, agency },
  label: label(agreed, keys),
});

const shape = z.strictObject({ agreed: z.boolean(), agency: z.string().min(1) });
const isConsent = (value: AnswerValue): value is ConsentValue => shape.safeParse(value).success;

export const consent = defineKind<ConsentValue, z.infer<typeof options>>({
  name: 'consent',
  options,
  cel: { agreed: 'bool', agency: 'string' },
  read(text, _options, { agency }) {
    if (agency === null) return no('impossible');
    const agreed = readYesNo(text);
    return agreed === null ? no('unreadable') : ok({ agreed, agency: agency.id });
  },
  accepts: (value, _options, { agency }) => isConsent(value) && value.agency === agency?.id,
  show: ({ agreed }, _options, keys) => label(agreed, keys),
  choices: (_options, keys, { agency }) =>
    agency === null ? [] : [choice(true, agency.id, keys), choice(false, agency.id, keys)],
});
