/** Makes an act of a posted form, or says what is missing. Problems are keys below `desk.problem`. */
import type { Voice } from '../app/dossier/dossier-moves';
import type { DeskAct, DeskActType } from '../app/dossier/track';
import type { Dossier } from '../ports/documents';
import { OFFICIAL_CODE } from '../ports/receiver';
import type { Fields } from './fields';

export type ReadAct = { readonly act: DeskAct } | { readonly problems: readonly string[] };

/** A day the state keeps no promise beyond, and no typing slip passes. */
const FAR = 2 * 366;
const MAX_AMOUNT = 1_000_000_000;
/** So many digits in a row are an account number or a phone, never a counter. */
const ACCOUNT = /\d(?:[ .-]?\d){7,}/;

export interface Reading {
  readonly dossier: Dossier;
  readonly fields: Fields;
  /** Civil date in Vietnam. */
  readonly today: string;
  readonly voice: Voice;
}

export function readAct(type: DeskActType, reading: Reading): ReadAct {
  const { fields } = reading;
  switch (type) {
    case 'receive':
      return readReceive(reading);
    case 'supplement':
      return readSupplement(reading);
    case 'ask-payment':
      return readPayment(reading);
    case 'result':
      return readResult(fields);
    case 'refuse':
    case 'stop': {
      const [reason, law, next] = [fields.get('reason'), fields.get('law'), fields.get('next')];
      const missing = Object.entries({ reason, law, next }).filter(([, text]) => text === '');
      return made(
        { type, reason, law, next },
        missing.map(([name]) => name),
      );
    }
    case 'keep':
      return made({ type, reason: fields.get('reason') }, fields.get('reason') === '' ? ['reason'] : []);
    case 'note':
      return made({ type, text: fields.get('text') }, fields.get('text') === '' ? ['text'] : []);
    default:
      return { act: { type } };
  }
}

const made = (act: DeskAct, problems: readonly string[]): ReadAct =>
  problems.length > 0 ? { problems } : { act };

/** null: no date; undefined: not a date from today on. */
function dayFrom(text: string, today: string): string | null | undefined {
  if (text === '') return null;
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== text) return undefined;
  const days = (instant - Date.parse(`${today}T00:00:00Z`)) / 86_400_000;
  return days < 0 || days > FAR ? undefined : text;
}

function readReceive({ fields, today }: Reading): ReadAct {
  const code = fields.get('officialCode');
  const dueOn = dayFrom(fields.get('dueOn'), today);
  const problems = [
    ...(code !== '' && !OFFICIAL_CODE.test(code) ? ['officialCode'] : []),
    ...(dueOn === undefined ? ['dueOn'] : []),
  ];
  return made({ type: 'receive', officialCode: code === '' ? null : code, dueOn: dueOn ?? null }, problems);
}

function readSupplement({ dossier, fields, today }: Reading): ReadAct {
  const picked = new Set(fields.all('step'));
  const answers = dossier.answers.filter(({ step }) => picked.has(step));
  const whyMissing = answers.some(({ step }) => fields.get(`why:${step}`) === '');
  const items = [
    ...answers.map(({ step, label }) => {
      return { sort: 'answer' as const, step, text: `${label}: ${fields.get(`why:${step}`)}` };
    }),
    ...fields.all('paper').map((text) => ({ sort: 'paper' as const, text })),
    ...fields.all('question').map((text) => ({ sort: 'question' as const, text })),
  ];
  const untilOn = dayFrom(fields.get('untilOn'), today);
  const problems = [
    ...(items.length === 0 ? ['items'] : []),
    ...(whyMissing ? ['why'] : []),
    ...(untilOn === undefined ? ['untilOn'] : []),
  ];
  return made({ type: 'supplement', items, untilOn: untilOn ?? null }, problems);
}

function readPayment({ fields, voice }: Reading): ReadAct {
  const amount = Number(fields.get('amount').replace(/[\s.,đ]|đồng/g, '') || NaN);
  const way = fields.get('way') === 'portal' ? 'portal' : 'counter';
  const detail = fields.get('detail');
  const place = voice.say(`desk.act.payment.${way}`, {}, voice.lang);
  const problems = [
    ...(Number.isSafeInteger(amount) && amount > 0 && amount <= MAX_AMOUNT ? [] : ['amount']),
    ...(ACCOUNT.test(detail) ? ['account'] : []),
  ];
  return made({ type: 'ask-payment', amount, how: detail === '' ? place : `${place}. ${detail}` }, problems);
}

function readResult(fields: Fields): ReadAct {
  if (fields.get('kind') === 'file') {
    const attachment = fields.get('attachment');
    return made(
      { type: 'result', result: { kind: 'file', attachment } },
      attachment === '' ? ['upload'] : [],
    );
  }
  const [place, hours] = [fields.get('place'), fields.get('hours')];
  const problems = [...(place === '' ? ['place'] : []), ...(hours === '' ? ['hours'] : [])];
  return made({ type: 'result', result: { kind: 'pick-up', place, hours } }, problems);
}
