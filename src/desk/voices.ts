/** Spoken notes of citizens at the desk: heard on the page, or saved. Nothing is fetched, so nothing is written down, before it is asked for. */
import { isVoice } from '../app/photo-acts';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Attachment } from '../ports/documents';
import { showTime } from './dates';
import type { T } from './visit';

/** "1:05" */
const lengthOf = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** One note to be heard or saved; `url` serves its bytes. */
export function player(t: T, { at, name, seconds = 0 }: Attachment, url: string): Html {
  const what = t('voices.one', { time: showTime(at), length: lengthOf(seconds) });
  return html`<p class="voice">
    <span class="when">${what}</span>
    <audio controls preload="none" src="${url}" aria-label="${what}"></audio>
    <a href="${url}" download="${name}">${t('voices.save')}</a>
  </p>`;
}

/** All notes that came with a dossier, oldest first. */
export function voicesOf(t: T, attachments: ReadonlyMap<string, Attachment>): Html | false {
  const notes = [...attachments.values()].filter((one) => one.state === 'ok' && isVoice(one));
  if (notes.length === 0) return false;
  return html`<section class="matter" aria-labelledby="voices">
    <h2 id="voices">${t('voices.title')}</h2>
    <p class="hint">${t('voices.hint')}</p>
    ${notes.toSorted((one, other) => one.at - other.at).map((note) => player(t, note, `/desk/attachments/${note.id}`))}
  </section>`;
}
