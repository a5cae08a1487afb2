/** `/`: the chat. The shell is words and an empty log; `assets/chat.js` fills it from the stream. */
import { html } from '../http/html';
import { offices, shell, type Frame } from './shell';

/** Words the script says. */
const WORDS = [
  'bot',
  'officer',
  'citizen',
  'choices',
  'sending',
  'retrying',
  'refused',
  'tooLong',
  'offline',
  'noCookie',
  'qr',
  'elsewhere',
  'left',
  'leaveFailed',
  'photo.short',
  'photo.alt',
  'photo.waiting',
  'photo.sending',
  'photo.ending',
  'photo.done',
  'photo.again',
  'photo.cancel',
  'photo.remove',
  'photo.tooBig',
  'photo.empty',
  'photo.other',
  'photo.refused',
  'photo.many',
] as const;

/** HEIC by its endings too: many machines do not know its type. */
const ACCEPT = 'image/*,.heic,.heif,application/pdf';

const CAMERA = html`<svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
  <path
    d="M9 4 7.6 6H4a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-3.6L15 4z"
    fill="currentColor"
  />
  <circle cx="12" cy="13" r="4.4" fill="none" stroke="#fff" stroke-width="2" />
</svg>`;

export function homePage(frame: Frame): string {
  const { t } = frame;
  const words = Object.fromEntries(WORDS.map((key) => [key, t(`home.${key}`)]));
  const main = html`<h1 class="hear">${t('home.title')}</h1>
    <div id="log" role="log" aria-live="off" aria-label="${t('home.log')}" tabindex="0">
      <noscript
        ><div class="line bot"><p>${t('home.noScript')}</p></div>
        <p><a href="/thu-tuc">${t('nav.procedures')}</a> · <a href="/tra-cuu">${t('nav.status')}</a></p>
        ${offices(frame)}</noscript
      >
      <p id="loading" hidden>${t('home.loading')}</p>
    </div>
    <button type="button" id="new-lines" hidden>
      ${t('home.newLines')} <span aria-hidden="true">↓</span>
    </button>
    <div id="notice" role="status">
      <p hidden></p>
      <button type="button" id="use-here" hidden>${t('home.useHere')}</button>
      <button type="button" id="again" hidden>${t('home.again')}</button>
    </div>
    <p id="photo-said" class="hear" role="status"></p>
    <p id="drop-here" aria-hidden="true">${t('home.photo.drop')}</p>
    <form id="write" hidden>
      <input type="file" id="photo-files" accept="${ACCEPT}" multiple hidden />
      <button type="button" id="photo" aria-label="${t('home.photo.send')}">
        ${CAMERA}<span>${t('home.photo.short')}</span>
      </button>
      <label for="text" class="hear">${t('home.write')}</label>
      <textarea
        id="text"
        rows="1"
        maxlength="4000"
        autocomplete="off"
        enterkeyhint="send"
        placeholder="${t('home.placeholder')}"
      ></textarea>
      <button type="submit">${t('home.send')}</button>
    </form>
    <dialog id="leave-dialog" aria-labelledby="leave-title">
      <h2 id="leave-title">${t('home.leaveTitle')}</h2>
      <p>${t('home.leaveBody')}</p>
      <p id="leave-failed" role="alert"></p>
      <div class="acts">
        <button type="button" id="leave-no">${t('home.leaveNo')}</button>
        <button type="button" id="leave-yes" class="main">${t('home.leaveYes')}</button>
      </div>
    </dialog>`;
  return shell(frame, {
    title: t('home.title'),
    description: t('home.description'),
    main,
    path: '/',
    listed: true,
    look: 'chat',
    styles: ['chat.css'],
    scripts: ['chat-photos.js', 'chat.js'],
    data: JSON.stringify({ words }),
  });
}
