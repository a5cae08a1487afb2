/** The cells of a form: their names, and what a dossier's frozen answers put into them. */
import type { AnswerValue } from '../../flow/types';
import type { Dossier, DossierAnswer } from '../../ports/dossier';
import { civilDate, dateWords, slashedDate } from './civil-words';
import type { AnswerSource, CellSource, Form } from './form';
import { cellsIn, layoutOf } from './layout';
import { printable } from './printable';

export interface Cell {
  readonly name: string;
  readonly source: CellSource;
}

/** Where the form goes: what no dossier says of itself. */
export interface Office {
  /** "Ủy ban nhân dân phường Cửa Nam, thành phố Hà Nội". */
  readonly name: string;
  /** "Làm tại …": the commune; empty leaves a blank. */
  readonly place: string;
}

/** A text, empty for a blank to fill by hand; or a tick box. */
export type CellValue = string | boolean;

/** The cells of a form in the order of its body. */
export const cellsOf = (form: Form): readonly Cell[] =>
  cellsIn(layoutOf(form)).flatMap((name) => {
    const source = form.cells[name];
    return source === undefined ? [] : [{ name, source }];
  });

type Answers = ReadonlyMap<string, DossierAnswer>;
interface Filling {
  readonly dossier: Dossier;
  readonly office: Office;
  readonly answers: Answers;
  /** Civil date of sending. */
  readonly filed: string;
}

/** Skipped answers are none. */
const answersOf = (dossier: Dossier): Answers =>
  new Map(dossier.answers.filter(({ value }) => value !== null).map((answer) => [answer.step, answer]));

const isDate = (value: AnswerValue): value is string =>
  typeof value === 'string' && /^\d{4}(-\d\d){0,2}$/.test(value);

function written({ value, display }: DossierAnswer, { as, words }: AnswerSource): string {
  const key = typeof value === 'object' ? '' : String(value);
  const said = words?.[key] ?? display;
  if (as === 'upper') return said.toLocaleUpperCase('vi');
  if (as === 'number' && typeof value === 'number') return String(value).padStart(2, '0');
  if (as === undefined || !isDate(value)) return said;
  if (as === 'date') return slashedDate(value);
  if (as === 'year') return value.slice(0, 4);
  return as === 'date-words' ? dateWords(value) : said;
}

/** Step paths an answer is looked for at. */
function pathsOf({ from, of }: AnswerSource, answers: Answers, item: string): readonly string[] {
  const paths = (typeof from === 'string' ? [from] : from).map((path) => path.replace(/^item(?=\.)/, item));
  if (of === undefined) return paths;
  const who = of.find((prefix) => answers.has(`${prefix}.name`));
  return who === undefined ? [] : paths.map((path) => `${who}.${path}`);
}

const holds = ({ where = {} }: AnswerSource, answers: Answers): boolean =>
  Object.entries(where).every(([path, values]) => values.some((one) => one === answers.get(path)?.value));

function fromAnswer(source: AnswerSource, answers: Answers, item: string): string {
  if (!holds(source, answers)) return '';
  const path = pathsOf(source, answers, item).find((one) => answers.has(one));
  const answer = path === undefined ? undefined : answers.get(path);
  const text = answer === undefined ? '' : printable(written(answer, source));
  if (text === '') return source.otherwise ?? '';
  return source.say?.replace('{}', () => text) ?? text;
}

/** Paths of a repeat's items, `members.i2`, in the order they were frozen. */
const itemsOf = (list: string, answers: Answers): readonly string[] => [
  ...new Set(
    [...answers.keys()]
      .filter((step) => step.startsWith(`${list}.`))
      .map((step) =>
        step
          .split('.')
          .slice(0, list.split('.').length + 1)
          .join('.'),
      ),
  ),
];

function ofDossier(name: 'agency' | 'place' | 'day' | 'month' | 'year' | 'code', filling: Filling): string {
  const [year = '', month = '', day = ''] = filling.filed.split('-');
  const { name: agency, place } = filling.office;
  return { agency: printable(agency), place: printable(place), code: filling.dossier.code, day, month, year }[
    name
  ];
}

const joined = (texts: readonly CellValue[], between: string): string =>
  texts.filter((text) => typeof text === 'string' && text !== '').join(between);

function valueOf(source: CellSource, filling: Filling, item: string): CellValue {
  const { answers } = filling;
  if ('byHand' in source) return '';
  if ('dossier' in source) return ofDossier(source.dossier, filling);
  if ('tick' in source) {
    const value = answers.get(source.from.replace(/^item(?=\.)/, item))?.value;
    return source.tick.some((one) => one === value);
  }
  if ('join' in source)
    return joined(
      source.join.map((one) => valueOf(one, filling, item)),
      source.with,
    );
  if ('each' in source) {
    const items = itemsOf(source.each, answers);
    return joined(
      items.map((one) => valueOf(source.item, filling, one)),
      source.with,
    );
  }
  return fromAnswer(source, answers, item);
}

/** When it was last sent: the newest round of the form's part. */
function filedAt(form: Form, dossier: Dossier): number {
  const part = dossier.parts.find(({ procedure }) => procedure === form.procedure) ?? dossier.parts[0];
  return part?.rounds.at(-1)?.at ?? dossier.createdAt;
}

/** What stands in each cell of the form, by name. */
export function fill(form: Form, dossier: Dossier, office: Office): ReadonlyMap<string, CellValue> {
  const filed = civilDate(filedAt(form, dossier));
  const filling = { dossier, office, answers: answersOf(dossier), filed };
  return new Map(cellsOf(form).map(({ name, source }) => [name, valueOf(source, filling, '')]));
}
