/** Small comforts of the desk: copy buttons and keys. Every page works without. */
(() => {
  'use strict';

  const copied = (button) => {
    const words = button.textContent;
    button.textContent = '✓';
    setTimeout(() => (button.textContent = words), 1200);
  };

  /** Without a secure address browsers keep the clipboard closed: select the text, then copy it the old way. */
  const copyFrom = async (source, text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    document.execCommand('copy');
  };

  for (const button of document.querySelectorAll('[data-copy]')) {
    const value = button.parentElement.querySelector('[data-value]');
    button.hidden = false;
    button.addEventListener('click', () => copyFrom(value, value.textContent).then(() => copied(button)));
  }

  for (const button of document.querySelectorAll('[data-copy-all]')) {
    const all = document.getElementById('all');
    button.hidden = false;
    button.addEventListener('click', () => {
      all.select();
      copyFrom(all, all.value).then(() => copied(button));
    });
  }

  /** Photos are turned and enlarged inside a square stage, so that nothing is cut off. */
  const STEP = 1.4;
  const acts = {
    left: (view) => ({ ...view, turn: view.turn - 90 }),
    right: (view) => ({ ...view, turn: view.turn + 90 }),
    closer: (view) => ({ ...view, size: Math.min(view.size * STEP, 8) }),
    farther: (view) => ({ ...view, size: Math.max(view.size / STEP, 1) }),
    whole: () => ({ turn: 0, size: 1 }),
  };
  const photoKeys = { r: 'right', '+': 'closer', '=': 'closer', '-': 'farther', 0: 'whole' };
  for (const photo of document.querySelectorAll('[data-photo]')) {
    const stage = photo.querySelector('.stage');
    const image = photo.querySelector('.stage img');
    if (!image) continue;
    let view = { turn: 0, size: 1 };
    const act = (name) => {
      const grown = acts[name](view).size / view.size;
      // What was in the middle stays there.
      const scrolled = (at, side) => (at + side / 2) * grown - side / 2;
      const left = scrolled(stage.scrollLeft, stage.clientWidth);
      const top = scrolled(stage.scrollTop, stage.clientHeight);
      view = acts[name](view);
      image.style.width = image.style.height = `${view.size * 100}%`;
      image.style.transform = `rotate(${view.turn}deg)`;
      stage.scrollTo(left, top);
    };
    photo.querySelector('.tools').hidden = false;
    for (const button of photo.querySelectorAll('[data-tool]'))
      button.addEventListener('click', () => act(button.dataset.tool));
    stage.addEventListener('keydown', (event) => {
      const name = photoKeys[event.key.toLowerCase()];
      if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      act(name);
    });
  }

  const rows = [...document.querySelectorAll('[data-row]')];
  const step = (by) => {
    const at = rows.indexOf(document.activeElement);
    const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
    rows[to]?.focus();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    n: () => document.querySelector('a[href^="/desk/next"]')?.click(),
    '/': () => document.getElementById('find')?.focus(),
  };

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
