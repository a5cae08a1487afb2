// @ts-check
/**
 * The chat page. What is shown comes from the stored talk by `/chat/stream`; what is written waits in this tab until
 * `/chat/say` has taken it, and is sent again with the same id until then.
 */
'use strict';
(function () {
  /** @typedef {{ id: string, label: string }} OutButton */
  /** @typedef {{ seq: number, at: number, side: string, text: string, buttons?: OutButton[], links?: { label: string, url: string }[], qr?: string }} Line */
  /** @typedef {{ id: string, text?: string, choice?: string, label?: string, start?: string | null }} Said */

  /** @param {string} id @returns {any} */
  const byId = (id) => document.getElementById(id);
  /** @type {Record<string, string>} */
  const words = JSON.parse(document.body.dataset.page || '{}').words;
  const log = byId('log');
  const form = byId('write');
  const text = byId('text');
  const loading = byId('loading');
  const newLines = byId('new-lines');
  const notice = byId('notice').querySelector('p');
  const OUTBOX = 'chat-outbox';
  /** How the stored line of sent photos begins. */
  const PHOTOS = /^\u{1F4F7}/u;

  /** The chat this page shows, as the server names it. */
  let chat = '';
  let lastSeq = 0;
  let left = false;
  /** The stored talk is shown; what comes now is new. */
  let live = false;
  /** @type {EventSource | null} */
  let stream = null;
  let lastHeard = Date.now();
  let failures = 0;

  // ------------------------------------------------------------ small things

  /** @param {string} name @param {string} className @param {string} [content] */
  function make(name, className, content) {
    const element = document.createElement(name);
    element.className = className;
    if (content !== undefined) element.textContent = content;
    return element;
  }
  /** Works on plain http too, where randomUUID does not. */
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  /** @param {number} ms */
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  /** @param {string} said */
  const plain = (said) => said.normalize('NFC').replace(/\s+/g, ' ').trim();

  /** @param {string} words */
  function tell(words) {
    if (notice.textContent === words && !notice.hidden) return;
    notice.textContent = words;
    notice.hidden = words === '';
  }

  // ------------------------------------------------------------ lines

  /** @type {Map<number, HTMLElement>} */
  const shown = new Map();
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' });
  const hour = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    hour: '2-digit',
    minute: '2-digit',
  });

  /** @param {number} at */
  function when(at) {
    const today = day.format(at) === day.format(Date.now());
    return today ? hour.format(at) : hour.format(at) + ' ' + day.format(at);
  }

  /** @param {string} side @param {string} said @param {number} at */
  function bubble(side, said, at) {
    const line = make('div', 'line ' + side);
    line.append(make('p', 'who', (words[side] || '') + ' · ' + when(at)), make('p', 'words', said));
    return line;
  }

  /** @param {Line} line */
  function drawLine(line) {
    const element = bubble(line.side, line.text, line.at);
    if (line.links && line.links.length) element.append(drawLinks(line.links));
    if (line.qr && line.qr.startsWith('data:image/svg+xml;base64,')) element.append(drawQr(line.qr));
    if (line.buttons && line.buttons.length) element.append(drawButtons(line.buttons));
    return element;
  }

  /** Whole addresses: a citizen sees where a link goes. @param {{ label: string, url: string }[]} links */
  function drawLinks(links) {
    const list = make('ul', 'links');
    for (const link of links) {
      const item = make('li', '');
      const anchor = /** @type {HTMLAnchorElement} */ (make('a', '', link.url));
      item.append(make('span', '', link.label), document.createElement('br'));
      if (/^https?:\/\//.test(link.url)) {
        anchor.href = link.url;
        anchor.target = '_blank';
        anchor.rel = 'noopener noreferrer';
        item.append(anchor);
      } else item.append(link.url);
      list.append(item);
    }
    return list;
  }

  /** @param {string} data */
  function drawQr(data) {
    const image = /** @type {HTMLImageElement} */ (make('img', 'qr'));
    image.alt = words.qr;
    image.src = data;
    return image;
  }

  /**
   * Is a typed number this button? Where lines are edited by number, and where a number may be the answer, it is not, and a
   * number in front of it would mislead: "1" in the review is its first line, not "send".
   * @param {OutButton} button @param {OutButton[]} all
   */
  function isNumbered(button, all) {
    if (all.length < 2) return false;
    if (all.every(({ id }) => /^(?:l|d)\|(?!send)/.test(id))) return true;
    // Where a filing stops nothing else is asked.
    if (all.some(({ id }) => id.startsWith('c|send-anyway'))) return true;
    return /^a\|[^|]*\|(?!-)/.test(button.id);
  }

  /** @param {OutButton[]} buttons */
  function drawButtons(buttons) {
    const group = make('div', 'choices');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', words.choices);
    buttons.forEach((button, index) => {
      const element = make('button', 'choice');
      element.setAttribute('type', 'button');
      if (isNumbered(button, buttons)) element.append(make('span', 'n', index + 1 + '.'));
      element.append(make('span', '', button.label));
      let pressedAt = 0;
      element.addEventListener('click', () => {
        // A shaking hand presses twice.
        if (Date.now() - pressedAt < 1000) return;
        pressedAt = Date.now();
        say({ id: newId(), choice: button.id, label: button.label });
      });
      group.append(element);
    });
    return group;
  }

  /** @param {Line} line */
  function show(line) {
    lastSeq = Math.max(lastSeq, line.seq);
    if (shown.has(line.seq)) return;
    loading.hidden = true;
    const stay = atEnd();
    const drawn = drawLine(line);
    const ofPhotos = PHOTOS.test(line.text);
    const waiting = line.side === 'citizen' ? settle(line.text, ofPhotos) : null;
    if (waiting) waiting.remove();
    shown.set(line.seq, drawn);
    log.insertBefore(drawn, successor(line.seq));
    if (line.side === 'citizen' && ofPhotos && !waiting) photos.came(drawn);
    if (!live) return;
    if (stay) toEnd(drawn);
    else newLines.hidden = false;
  }

  /** The first line after this one, or the first that still waits to be sent. @param {number} seq */
  function successor(seq) {
    const later = Array.from(shown.keys()).filter((other) => other > seq);
    if (later.length) return shown.get(Math.min.apply(null, later)) || null;
    return log.querySelector('.line.waiting:not(.failed)');
  }

  function atEnd() {
    const low = getComputedStyle(log).overflowY === 'visible' ? document.documentElement : log;
    return low.scrollHeight - low.scrollTop - low.clientHeight < 80;
  }
  /** The end, unless that hides the beginning of what is new. @param {Element | null} drawn */
  function toEnd(drawn) {
    newLines.hidden = true;
    const room = Math.min(log.clientHeight, window.innerHeight) - form.offsetHeight;
    if (drawn && drawn.clientHeight > room) {
      drawn.scrollIntoView({ block: 'start' });
      newLines.hidden = false;
    } else if (log.lastElementChild) log.lastElementChild.scrollIntoView({ block: 'end' });
  }

  function clear() {
    shown.forEach((element) => element.remove());
    shown.clear();
    log
      .querySelectorAll('.line.waiting:not(.photo)')
      .forEach((/** @type {Element} */ element) => element.remove());
    lastSeq = 0;
    newLines.hidden = true;
  }

  // ------------------------------------------------------------ what waits to be sent

  /** @type {{ chat: string, said: Said }[]} */
  let outbox = [];
  /** @type {Map<string, HTMLElement>} */
  const waiting = new Map();
  let sending = false;
  let wake = () => {};

  function keepOutbox() {
    try {
      sessionStorage.setItem(OUTBOX, JSON.stringify(outbox));
    } catch {
      // Then what waits is lost with the tab, not before.
    }
  }
  function readOutbox() {
    try {
      return JSON.parse(sessionStorage.getItem(OUTBOX) || '[]');
    } catch {
      return [];
    }
  }

  /** @param {Said} said */
  function say(said) {
    outbox.push({ chat, said });
    keepOutbox();
    showWaiting(said);
    void flush();
  }

  /** @param {Said} said */
  function showWaiting(said) {
    const words_ = said.text !== undefined ? said.text : said.label;
    if (words_ === undefined) return;
    const line = bubble('citizen', words_, Date.now());
    line.classList.add('waiting');
    line.append(make('p', 'state', words.sending));
    waiting.set(said.id, line);
    log.append(line);
    toEnd(line);
  }

  /**
   * The waiting bubble that this stored line is: the same words, else the oldest one that was taken.
   * @param {string} said @param {boolean} ofPhotos
   */
  function settle(said, ofPhotos) {
    let taken = '';
    for (const [id, line] of waiting) {
      const same = plain((line.querySelector('.words') || line).textContent || '') === plain(said);
      if (same) return forget(id);
      if (line.dataset.taken && !taken && !ofPhotos) taken = id;
    }
    return taken ? forget(taken) : null;
  }
  /** @param {string} id */
  function forget(id) {
    const line = waiting.get(id);
    waiting.delete(id);
    return line || null;
  }

  /** @param {string} id @param {string} state @param {boolean} [bad] */
  function mark(id, state, bad) {
    const element = waiting.get(id)?.querySelector('.state');
    if (!element) return;
    element.textContent = state;
    element.classList.toggle('bad', bad === true);
  }

  /** One after another, in the order they were written. */
  async function flush() {
    if (sending || chat === '' || left) return;
    sending = true;
    for (let tries = 0; outbox.length > 0 && !left;) {
      const { said, chat: of } = outbox[0];
      const wait = of === chat ? await send(said, tries) : 0;
      if (wait === 0) {
        outbox.shift();
        keepOutbox();
        tries = 0;
      } else {
        tries += 1;
        if (tries > 1) mark(said.id, words.retrying);
        await Promise.race([sleep(wait), new Promise((resolve) => (wake = () => resolve(undefined)))]);
      }
    }
    sending = false;
  }

  /** Milliseconds to wait before the same again; 0 when it is settled. @param {Said} said @param {number} tries */
  async function send(said, tries) {
    const pause = Math.min(15000, 1000 * 2 ** tries);
    /** @type {Response} */
    let answer;
    try {
      answer = await fetch('/chat/say', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(said),
        signal: timeout(20000),
      });
    } catch {
      offline();
      return pause;
    }
    if (answer.ok) return taken(said, await answer.json().catch(() => ({})));
    if (answer.status === 401) {
      if (tries > 2) tell(words.noCookie);
      open();
      return pause;
    }
    if (answer.status === 429 || answer.status >= 500) {
      return Math.max(pause, Number(answer.headers.get('Retry-After') || 0) * 1000);
    }
    mark(said.id, answer.status === 413 ? words.tooLong : words.refused, true);
    return 0;
  }

  /** @param {number} ms */
  function timeout(ms) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), ms);
    return controller.signal;
  }

  /** Seen before: its line is stored and shown already, or on its way. @param {Said} said @param {{ seen?: boolean }} outcome */
  function taken(said, outcome) {
    online();
    const line = waiting.get(said.id);
    if (line && outcome.seen) forget(said.id)?.remove();
    else if (line) line.dataset.taken = 'yes';
    mark(said.id, '');
    return 0;
  }

  // ------------------------------------------------------------ the stream

  function open() {
    if (stream) stream.close();
    if (left) return;
    lastHeard = Date.now();
    stream = new EventSource('/chat/stream?after=' + lastSeq);
    /** @param {string} name @param {(data: any) => void} handle */
    const on = (name, handle) =>
      /** @type {EventSource} */ (stream).addEventListener(name, (event) => {
        lastHeard = Date.now();
        failures = 0;
        handle(JSON.parse(/** @type {MessageEvent} */ (event).data));
      });
    on('hello', hello);
    on('line', show);
    on('beat', () => {});
    on('ready', ready);
    on('anew', () => clear());
    on('elsewhere', elsewhere);
    stream.onerror = dropped;
  }

  /** @param {{ chat: string }} greeting */
  function hello(greeting) {
    online();
    if (greeting.chat === chat) return wakeAll();
    const other = chat !== '' && lastSeq > 0;
    chat = greeting.chat;
    if (!other) return;
    // Another chat than the one shown: this machine was handed on.
    photos.drop();
    clear();
    open();
  }

  function ready() {
    form.hidden = false;
    loading.hidden = true;
    if (!live) toEnd(shown.get(lastSeq) || null);
    live = true;
    log.setAttribute('aria-live', 'polite');
    restore();
    greet();
    void flush();
  }

  /** What a reload interrupted is sent now; what belonged to another chat is dropped. */
  function restore() {
    if (outbox.length > 0) return;
    outbox = readOutbox().filter((/** @type {{ chat: string }} */ one) => one.chat === chat);
    outbox.forEach((one) => showWaiting(one.said));
    keepOutbox();
  }

  /** The bot speaks first: to a new chat, or about the procedure or office of a link. */
  function greet() {
    const query = new URLSearchParams(location.search);
    const link = [query.get('xa'), query.get('thu-tuc')].filter(Boolean).join('--');
    const valid = /^[A-Za-z0-9_-]{1,100}$/.test(link);
    if (valid) say({ id: newId(), start: link });
    // The same id from two tabs opened at once counts once.
    else if (lastSeq === 0 && outbox.length === 0) say({ id: 'first-start', start: null });
    if (location.search) history.replaceState(null, '', '/');
  }

  function elsewhere() {
    if (stream) stream.close();
    stream = null;
    tell(words.elsewhere);
    byId('use-here').hidden = false;
  }
  function useHere() {
    tell('');
    byId('use-here').hidden = true;
    text.focus();
    open();
  }

  function offline() {
    if (!left) tell(words.offline);
  }
  function online() {
    if (notice.textContent === words.offline) tell('');
  }
  function wakeAll() {
    wake();
    photos.wake();
  }
  /** The browser comes back by itself after a lost connection, not after a refusal. */
  function dropped() {
    failures += 1;
    if (failures > 1 || !navigator.onLine) offline();
    if (!stream || stream.readyState !== EventSource.CLOSED) return;
    stream = null;
    setTimeout(() => stream || open(), Math.min(15000, 1000 * 2 ** failures));
  }
  /** A connection may be dead without a word; the server says something every 20 s. */
  setInterval(() => {
    if (stream && Date.now() - lastHeard > 50000) open();
  }, 5000);

  // ------------------------------------------------------------ leaving

  const others = 'BroadcastChannel' in window ? new BroadcastChannel('chat') : null;
  const dialog = byId('leave-dialog');

  async function leave() {
    byId('leave-failed').textContent = '';
    try {
      const answer = await fetch('/chat/leave', { method: 'POST', signal: timeout(10000) });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      byId('leave-failed').textContent = words.leaveFailed;
      return;
    }
    dialog.close();
    gone();
    if (others) others.postMessage('left');
  }

  function gone() {
    left = true;
    if (stream) stream.close();
    outbox = [];
    sessionStorage.removeItem(OUTBOX);
    waiting.clear();
    photos.drop();
    clear();
    text.value = '';
    form.hidden = true;
    byId('leave').hidden = true;
    byId('use-here').hidden = true;
    byId('again').hidden = false;
    tell(words.left);
    byId('again').focus();
  }

  // ------------------------------------------------------------ photos

  const page = { words, make, bubble, newId, log, toEnd, tell, offline, online, reopen: open };
  const photos = /** @type {any} */ (window).chatPhotos(page);

  // ------------------------------------------------------------ hands

  function grow() {
    text.style.height = 'auto';
    text.style.height = text.scrollHeight + 4 + 'px';
  }
  form.addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    const words_ = text.value.trim();
    if (words_ === '') return text.focus();
    text.value = '';
    grow();
    say({ id: newId(), text: words_ });
    text.focus();
  });
  text.addEventListener('input', grow);
  text.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    // While a Vietnamese keyboard composes a word, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  newLines.addEventListener('click', () => {
    toEnd(null);
    log.focus();
  });
  log.addEventListener('scroll', () => {
    if (atEnd()) newLines.hidden = true;
  });
  byId('use-here').addEventListener('click', useHere);
  byId('again').addEventListener('click', () => location.replace('/'));
  byId('leave').addEventListener('click', () => dialog.showModal());
  byId('leave-no').addEventListener('click', () => dialog.close());
  byId('leave-yes').addEventListener('click', leave);
  if (others) others.onmessage = gone;
  window.addEventListener('online', () => {
    wakeAll();
    open();
  });
  window.addEventListener('offline', offline);
  window.addEventListener('resize', () => atEnd() && toEnd(null));
  // A page taken out of the browser's memory may belong to somebody who has left.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload());

  loading.hidden = false;
  byId('leave').hidden = false;
  open();
})();
