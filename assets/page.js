// @ts-check
/** Runs before the page is painted: the remembered text size. Then, once the page is there, its buttons and the menu. */
'use strict';
(function () {
  const STEPS = 3;
  const root = document.documentElement;

  function remembered() {
    try {
      return Number(localStorage.getItem('text-size')) || 0;
    } catch {
      return 0;
    }
  }
  /** @param {number} size */
  function remember(size) {
    try {
      localStorage.setItem('text-size', String(size));
    } catch {
      // Storage may be switched off; the size then holds for this page.
    }
  }

  root.classList.add('js');
  let size = Math.min(STEPS - 1, Math.max(0, remembered()));
  root.dataset.textSize = String(size);

  /** One button: larger, larger still, and back. */
  function resize() {
    size = (size + 1) % STEPS;
    root.dataset.textSize = String(size);
    remember(size);
    const now = /** @type {HTMLElement | null} */ (document.querySelector('[data-size-now]'));
    if (now) now.textContent = (now.dataset.sizeNow || '').replace('%', String(size + 1));
  }

  /** @param {HTMLElement} button */
  function menu(button) {
    button.addEventListener('click', function () {
      const open = button.getAttribute('aria-expanded') !== 'true';
      button.setAttribute('aria-expanded', String(open));
      document.body.classList.toggle('menu-open', open);
      const nav = document.getElementById('nav');
      if (open && nav) nav.scrollIntoView({ block: 'nearest' });
    });
    document.addEventListener('keydown', function (event) {
      if (event.key !== 'Escape' || button.getAttribute('aria-expanded') !== 'true') return;
      button.click();
      button.focus();
    });
  }

  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('.tool').forEach(function (element) {
      const button = /** @type {HTMLElement} */ (element);
      button.hidden = false;
      if (button.classList.contains('menu')) menu(button);
      else button.addEventListener('click', resize);
    });
  });
})();
