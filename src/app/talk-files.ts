/** Spoken notes and photos that belong to the talk itself, no filing: for an officer, as long as the talk they stand in. */
import type { Store } from '../ports/store';

/** How long they are kept. */
export const TALK_FILE_DAYS = 90;
/** Those that are kept, by their attachment, until they are erased. Spoken notes were the first. */
export const TALK_FILES = 'voice';

/** `id` of the attachment; `at`: when it was kept, ms epoch. Before the bytes: nothing lies there without an end. */
export const keepWithTalk = ({ slips }: Pick<Store, 'slips'>, id: string, at: number): Promise<void> =>
  slips.put(TALK_FILES, id, id, at + TALK_FILE_DAYS * 86_400_000);
