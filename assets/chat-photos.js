// @ts-check
/**
 * Photos on the chat page. Each chosen file has a line with its picture at once; they are uploaded one after another in the
 * order they were chosen, each with the same id until `/chat/photo` has taken it. Then the stored line takes its place.
 */
'use strict';
(function () {
  /** @typedef {{ id: string, file: File, line: HTMLElement, card: HTMLElement, bar: HTMLProgressElement, state: HTMLElement, again: HTMLElement, cancel: HTMLElement, begun: boolean, gone: boolean, stop: () => void, wake: () => void }} Photo */

  const MAX_BYTES = 20 * 1024 * 1024;
  const AT_ONCE = 20;
  /** No byte and no answer for so long: the connection is dead. */
  const SILENT_MS = 45000;
  const NAMES = /\.(?:jpe?g|png|webp|heic|heif|pdf)$/i;

  /** @param {number} ms */
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  /** @param {Event} event */
  const ask = (event) => event.preventDefault();

  /** The page's own: what it says, how it draws, and what it does about a bad network. @param {any} page */
  function chatPhotos({ words, make, bubble, newId, log, toEnd, tell, offline, online, reopen }) {
    /** @param {string} id @returns {any} */
    const byId = (id) => document.getElementById(id);
    const button = byId('photo');
    const input = byId('photo-files');
    const said = byId('photo-said');
    const main = byId('main');

    /** What is still to be uploaded, in order. @type {Photo[]} */
    let queue = [];
    /** Uploaded; the stored line is on its way. @type {Photo[]} */
    let taken = [];
    /** Stored lines that came before the answer to their upload. @type {HTMLElement[]} */
    let early = [];
    let busy = false;

    // ---------------------------------------------------------- drawing

    /** @param {File} file */
    const isPicture = (file) => /^image\//.test(file.type) || NAMES.test(file.name);

    /** @param {File} file */
    function picture(file) {
      const pdf = file.type === 'application/pdf' || /\.pdf$/i.test(file.name);
      const sign = make('span', 'sign', pdf ? 'PDF' : isPicture(file) ? words['photo.short'] : '?');
      sign.setAttribute('aria-hidden', 'true');
      if (pdf || !isPicture(file)) return sign;
      const image = /** @type {HTMLImageElement} */ (make('img', 'preview'));
      const url = URL.createObjectURL(file);
      image.alt = words['photo.alt'];
      image.decoding = 'async';
      image.onload = () => URL.revokeObjectURL(url);
      // HEIC, for one, most browsers cannot draw; the server can.
      image.onerror = () => {
        URL.revokeObjectURL(url);
        image.replaceWith(sign);
      };
      image.src = url;
      return image;
    }

    /** @param {File} file @returns {Photo} */
    function draw(file) {
      const line = bubble('citizen', '', Date.now());
      line.classList.add('waiting', 'photo');
      const card = make('div', 'card');
      const about = make('div', 'about');
      const name = make('p', 'name', file.name);
      name.dir = 'auto';
      const bar = /** @type {HTMLProgressElement} */ (make('progress', ''));
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute('aria-label', words['photo.sending'] + ': ' + file.name);
      about.append(name, bar);
      card.append(picture(file), about);
      line.querySelector('.words').replaceWith(card);
      // The figures are not read out one by one; the end is.
      const going = make('div', 'going');
      going.setAttribute('aria-live', 'off');
      const state = make('p', 'state', words['photo.waiting']);
      const again = hand('photo.again', file);
      const cancel = hand('photo.cancel', file);
      again.hidden = true;
      going.append(state, again, cancel);
      line.append(going);
      const nothing = () => {};
      const flags = { begun: false, gone: false, stop: nothing, wake: nothing };
      const photo = { id: newId(), file, line, card, bar, state, again, cancel, ...flags };
      cancel.addEventListener('click', () => giveUp(photo));
      again.addEventListener('click', () => retry(photo));
      return photo;
    }

    /** @param {string} key @param {File} file */
    function hand(key, file) {
      const element = make('button', '', words[key]);
      element.setAttribute('type', 'button');
      element.setAttribute('aria-label', words[key] + ': ' + file.name);
      return element;
    }

    /** @param {Photo} photo @param {string} state */
    function mark(photo, state) {
      photo.state.textContent = state;
      photo.state.classList.remove('bad');
    }

    /** @param {Photo} photo @param {boolean} shown */
    function showAgain(photo, shown) {
      if (!shown && photo.again === document.activeElement) photo.cancel.focus();
      photo.again.hidden = !shown;
    }

    /** @param {Photo} photo @param {boolean} shown */
    function showCancel(photo, shown) {
      if (!shown && photo.cancel === document.activeElement) button.focus();
      photo.cancel.hidden = !shown;
    }

    /** @param {Photo} photo @param {number} part */
    function progress(photo, part) {
      // When all is there, it is too late to stop.
      showCancel(photo, part < 1);
      photo.bar.value = part;
      mark(
        photo,
        part < 1 ? words['photo.sending'] + ' ' + Math.floor(part * 100) + '%' : words['photo.ending'],
      );
    }

    /** Settled without being sent. @param {Photo} photo @param {string} why @param {boolean} mayRetry */
    function fail(photo, why, mayRetry) {
      // What is said from now on comes below it.
      photo.line.classList.add('failed');
      photo.bar.hidden = true;
      photo.state.textContent = why;
      photo.state.classList.add('bad');
      photo.cancel.textContent = words['photo.remove'];
      photo.cancel.setAttribute('aria-label', words['photo.remove'] + ': ' + photo.file.name);
      showCancel(photo, true);
      showAgain(photo, mayRetry);
      said.textContent = photo.file.name + '. ' + why;
    }

    /** Whoever had the focus in a line that goes away goes on at the button. @param {HTMLElement} element */
    function takeAway(element) {
      const focused = element.contains(document.activeElement);
      element.remove();
      if (focused) button.focus();
    }

    // ---------------------------------------------------------- sending

    /** @param {Iterable<File>} files */
    function add(files) {
      const all = Array.from(files);
      if (all.length === 0) return;
      if (all.length > AT_ONCE) tell(words['photo.many']);
      for (const file of all.slice(0, AT_ONCE)) {
        const photo = draw(file);
        const why = whyNot(file);
        log.append(photo.line);
        if (why === '') queue.push(photo);
        else fail(photo, why, false);
      }
      toEnd(log.lastElementChild);
      void flush();
    }

    /** @param {File} file */
    function whyNot(file) {
      const known = isPicture(file) || file.type === 'application/pdf';
      if (!known) return words['photo.other'];
      if (file.size === 0) return words['photo.empty'];
      return file.size > MAX_BYTES ? words['photo.tooBig'] : '';
    }

    async function flush() {
      if (busy) return;
      busy = true;
      window.addEventListener('beforeunload', ask);
      for (let photo = queue[0]; photo !== undefined; photo = queue[0]) {
        await settle(photo);
        queue = queue.filter((other) => other !== photo);
      }
      early = [];
      window.removeEventListener('beforeunload', ask);
      busy = false;
    }

    /** Until it is taken, refused, or given up. @param {Photo} photo */
    async function settle(photo) {
      for (let tries = 0; !photo.gone; tries += 1) {
        const wait = await send(photo, tries);
        if (wait === 0 || photo.gone) return;
        mark(photo, words.retrying);
        showCancel(photo, true);
        photo.bar.value = 0;
        showAgain(photo, true);
        await Promise.race([sleep(wait), new Promise((resolve) => (photo.wake = () => resolve(undefined)))]);
        showAgain(photo, false);
      }
    }

    /** Milliseconds to wait before the same again; 0 when it is settled. @param {Photo} photo @param {number} tries */
    async function send(photo, tries) {
      if (!(await readable(photo.file))) return refused(photo, 'photo.empty', false);
      if (photo.gone) return 0;
      photo.begun = true;
      const answer = await upload(photo);
      const pause = Math.min(15000, 1000 * 2 ** tries);
      const { status } = answer;
      if (photo.gone) return 0;
      if (status === 200) return took(photo);
      if (status === 0) offline();
      if (status === 401) {
        if (tries > 2) tell(words.noCookie);
        reopen();
      }
      // 400: cut off on the way, for the page's own requests are well formed.
      const later =
        status === 0 || status === 401 || status === 429 || status >= 500 || (status === 400 && tries < 3);
      if (later) return Math.max(pause, Number(answer.getResponseHeader('Retry-After') || 0) * 1000);
      if (status === 413) return refused(photo, 'photo.tooBig', false);
      return status === 415 ? refused(photo, 'photo.empty', false) : refused(photo, 'photo.refused', true);
    }

    /** @param {Photo} photo @param {string} key @param {boolean} mayRetry */
    function refused(photo, key, mayRetry) {
      fail(photo, words[key], mayRetry);
      return 0;
    }

    /** A file may be gone since it was chosen, or lie in a cloud out of reach. @param {File} file */
    function readable(file) {
      return file
        .slice(0, 1)
        .arrayBuffer()
        .then(
          () => true,
          () => false,
        );
    }

    /** One try; status 0 when nothing was answered. @param {Photo} photo @returns {Promise<XMLHttpRequest>} */
    function upload(photo) {
      return new Promise((resolve) => {
        const request = new XMLHttpRequest();
        let silence = 0;
        const heard = () => {
          clearTimeout(silence);
          silence = window.setTimeout(() => request.abort(), SILENT_MS);
        };
        request.upload.onprogress = ({ loaded, total }) => {
          heard();
          progress(photo, total > 0 ? loaded / total : 0);
        };
        request.onloadend = () => {
          clearTimeout(silence);
          resolve(request);
        };
        photo.stop = () => request.abort();
        request.open('POST', '/chat/photo');
        request.setRequestHeader('Content-Type', 'application/octet-stream');
        request.setRequestHeader('X-Message-Id', photo.id);
        request.setRequestHeader('X-File-Name', nameFor(photo.file));
        progress(photo, 0);
        heard();
        request.send(photo.file);
      });
    }

    /** @param {File} file */
    function nameFor(file) {
      try {
        return encodeURIComponent(Array.from(file.name).slice(0, 100).join(''));
      } catch {
        return '';
      }
    }

    /** @param {Photo} photo */
    function took(photo) {
      online();
      said.textContent = words['photo.done'] + ': ' + photo.file.name;
      const drawn = early.shift();
      if (drawn) return replace(photo, drawn);
      taken.push(photo);
      photo.bar.remove();
      takeAway(/** @type {HTMLElement} */ (photo.line.querySelector('.going')));
      return 0;
    }

    /** The stored line keeps the picture while the page is open. @param {Photo} photo @param {HTMLElement} drawn */
    function replace(photo, drawn) {
      drawn.classList.add('photo');
      photo.bar.remove();
      drawn.append(photo.card);
      takeAway(photo.line);
      return 0;
    }

    /** A stored line of the citizen's photos has come. @param {HTMLElement} drawn */
    function came(drawn) {
      const photo = taken.shift();
      if (photo) replace(photo, drawn);
      else if (queue.some((one) => one.begun)) early.push(drawn);
    }

    /** @param {Photo} photo */
    function giveUp(photo) {
      photo.gone = true;
      photo.stop();
      photo.wake();
      // It had been taken all the same: its line must not be given to the next photo.
      if (photo === queue[0]) early.shift();
      else queue = queue.filter((other) => other !== photo);
      takeAway(photo.line);
      button.focus();
    }

    /** Now, not when the pause is over; or once more after a refusal. @param {Photo} photo */
    function retry(photo) {
      showAgain(photo, false);
      if (queue.includes(photo)) return photo.wake();
      photo.line.classList.remove('failed');
      log.append(photo.line);
      photo.bar.hidden = false;
      photo.cancel.textContent = words['photo.cancel'];
      photo.cancel.setAttribute('aria-label', words['photo.cancel'] + ': ' + photo.file.name);
      mark(photo, words['photo.waiting']);
      queue.push(photo);
      void flush();
    }

    function drop() {
      queue.forEach((photo) => {
        photo.gone = true;
        photo.stop();
        photo.wake();
      });
      queue = [];
      taken = [];
      early = [];
      said.textContent = '';
      log.querySelectorAll('.line.waiting.photo').forEach((/** @type {Element} */ line) => line.remove());
    }

    // ---------------------------------------------------------- hands

    /** @param {DataTransfer | null} data */
    const hasFiles = (data) => data !== null && Array.from(data.types).includes('Files');
    const open = () => !byId('write').hidden;

    button.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      add(input.files);
      input.value = '';
    });
    byId('text').addEventListener('paste', (/** @type {ClipboardEvent} */ event) => {
      const data = event.clipboardData;
      // Words copied from a document bring a picture of themselves along.
      if (data === null || !data.files.length || data.getData('text/plain') !== '') return;
      event.preventDefault();
      add(data.files);
    });
    // A file dropped beside the box must not make the browser leave the page.
    document.addEventListener('dragover', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (open()) main.classList.add('dropping');
    });
    document.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) main.classList.remove('dropping');
    });
    document.addEventListener('drop', (event) => {
      main.classList.remove('dropping');
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (open()) add(/** @type {DataTransfer} */ (event.dataTransfer).files);
    });

    return { came, drop, wake: () => queue[0] && queue[0].wake() };
  }

  /** @type {any} */ (window).chatPhotos = chatPhotos;
})();
