/**
 * Kind `photo`: photos of a paper, gathered over several messages; kind `file`: the same, PDF files too. Value
 * `PhotoValue`, which counts once `done`. Options: `min`, `max` (how many), `pdf` (is a PDF taken?), `bring` (may the
 * paper be brought to the counter instead?), `labels` (the step's label in every language, put in at load).
 */
import { z } from 'zod';
import { saysBring } from '../reading/photo-words';
import type { AnswerValue, Choice, Kind, Photo, PhotoValue, Phrase } from '../types';
import { defineKind, no, ok } from './reading';

/** Most photos one step may take: so many fit into one answer. */
export const MOST_PHOTOS = 20;

const optionsWith = (max: number, pdf: boolean) =>
  z
    .strictObject({
      min: z.int().min(1).max(MOST_PHOTOS).default(1),
      max: z.int().min(1).max(MOST_PHOTOS).default(max),
      pdf: z.boolean().default(pdf),
      bring: z.boolean().default(false),
      labels: z.array(z.string()).optional(),
    })
    .refine(({ min, max: most }) => min <= most, 'min is above max');
export type PhotoOptions = z.infer<ReturnType<typeof optionsWith>>;

const STATES: ReadonlySet<unknown> = new Set(['fetching', 'ok', 'flagged']);
const FIELDS = new Set(['id', 'state', 'print', 'sort', 'pages', 'flags']);
type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown, max: number): boolean => typeof value === 'string' && value.length <= max;
const isCount = (value: unknown, max: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;

function isPhoto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { id, state, print, sort, pages, flags } = value as Fields;
  return (
    Object.keys(value).every((field) => FIELDS.has(field)) &&
    isText(id, 40) &&
    id !== '' &&
    isText(print, 64) &&
    STATES.has(state) &&
    (sort === 'photo' || sort === 'pdf') &&
    isCount(pages, 9_999) &&
    Array.isArray(flags) &&
    flags.length <= 2 &&
    flags.every((flag) => isText(flag, 12))
  );
}

/**
 * `refused`: photos refused here in a row, so that the next refusal is said another way. `reply`: a paper that an officer
 * asked for may be answered in words.
 */
const VALUE_FIELDS = new Set(['photos', 'done', 'bring', 'refused', 'reply']);

/** Is it a value of photos at all, done or not? Its ids are all different. Plain checks: every turn asks it of what is stored. */
export function isPhotoValue(value: AnswerValue): value is PhotoValue {
  if (typeof value !== 'object' || value === null || !('photos' in value)) return false;
  const { photos, done, bring, refused, reply } = value as Fields;
  if (!Object.keys(value).every((field) => VALUE_FIELDS.has(field))) return false;
  if (typeof done !== 'boolean' || typeof bring !== 'boolean') return false;
  if (refused !== undefined && !Number.isInteger(refused)) return false;
  if (reply !== undefined && typeof reply !== 'string') return false;
  if (!Array.isArray(photos) || photos.length > MOST_PHOTOS || !photos.every(isPhoto)) return false;
  return new Set((photos as readonly Photo[]).map(({ id }) => id)).size === photos.length;
}

/** Words given with, or instead of, an officer's paper. */
export const replyOf = ({ reply }: PhotoValue): string | undefined =>
  typeof reply === 'string' ? reply : undefined;

export const BROUGHT: PhotoValue = { photos: [], done: true, bring: true };

function accepts(value: AnswerValue, { min, max, bring }: PhotoOptions): boolean {
  if (!isPhotoValue(value) || !value.done || value.photos.length > max) return false;
  return value.bring ? bring : value.photos.length >= min;
}

const counted = (name: string, n: number, more: Readonly<Record<string, number>> = {}): Phrase => ({
  key: `kinds.photo.${name}.${n === 1 ? 'one' : 'many'}`,
  params: { n, ...more },
});

function files(pdfs: readonly Photo[]): Phrase {
  if (pdfs.some(({ state }) => state === 'fetching')) return counted('file', pdfs.length);
  const pages = pdfs.reduce((sum, one) => sum + one.pages, 0);
  const params = { n: pdfs.length, pages: counted('pages', pages) };
  return { key: `kinds.photo.pdf.${pdfs.length === 1 ? 'one' : 'many'}`, params };
}

/** "2 ảnh", "1 ảnh và 1 tệp PDF (3 trang)". */
export function countOf(photos: readonly Photo[]): Phrase {
  const pdfs = photos.filter(({ sort }) => sort === 'pdf');
  const others = photos.length - pdfs.length;
  if (pdfs.length === 0) return counted('photos', others);
  if (others === 0) return files(pdfs);
  return { key: 'kinds.photo.and', params: { photos: counted('photos', others), files: files(pdfs) } };
}

/** The photos and, where they are not looked at yet or the paper is brought, that. */
export function showPhotos({ photos, bring }: PhotoValue): Phrase {
  if (photos.length === 0) return { key: 'kinds.photo.brought' };
  const fetching = photos.some(({ state }) => state === 'fetching');
  const what = countOf(photos);
  const seen: Phrase = fetching ? { key: 'kinds.photo.fetching', params: { what } } : what;
  return bring ? { key: 'kinds.photo.rest', params: { what: seen } } : seen;
}

const bringChoice = (keys: readonly string[]): Choice => ({
  id: 'bring',
  value: BROUGHT,
  label: { key: [...keys.map((key) => `${key}.choice.bring`), 'kinds.photo.bring'] },
});

const photoKind = (name: string, max: number, pdf: boolean): Kind<PhotoValue, PhotoOptions> => ({
  ...defineKind<PhotoValue, PhotoOptions>({
    name,
    options: optionsWith(max, pdf),
    cel: { bring: 'bool', photos: 'list' },
    read(text, { bring }) {
      if (!saysBring(text)) return no('unreadable');
      return bring ? ok(BROUGHT) : no('impossible');
    },
    accepts,
    show: showPhotos,
    choices: ({ bring }, keys) => (bring ? [bringChoice(keys)] : []),
  }),
  gathers: true,
});

/** A value as many photos would make it: for the linter's walks and for tests. */
export function samplePhotos({ min }: PhotoOptions): PhotoValue {
  const photos = Array.from({ length: min }, (_, i): Photo => {
    const id = `sample-${i + 1}`;
    return { id, state: 'ok', print: id, sort: 'photo', pages: 1, flags: [] };
  });
  return { photos, done: true, bring: false };
}

export const photo = photoKind('photo', 5, false);
export const file = photoKind('file', 3, true);
