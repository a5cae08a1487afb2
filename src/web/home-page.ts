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
] as const;

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
    <form id="write" hidden>
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
    scripts: ['chat.js'],
    data: JSON.stringify({ words }),
  });
}
