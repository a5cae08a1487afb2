/** The photos in an answer that was frozen: read without the flow or its kinds, as everything of a dossier is. */
import type { AnswerValue, Photo, PhotoValue } from '../../flow/types';

export const isPhotoValue = (value: AnswerValue): value is PhotoValue =>
  typeof value === 'object' && value !== null && 'photos' in value && Array.isArray(value.photos);

/** In their order; none for any other answer. */
export const photosOf = (value: AnswerValue): readonly Photo[] => (isPhotoValue(value) ? value.photos : []);

export const photoIds = (value: AnswerValue): readonly string[] => photosOf(value).map(({ id }) => id);
