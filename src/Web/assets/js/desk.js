// Comfort only: every page works without this file. Keys can be switched off on the shortcuts page (WCAG 2.1.4).
(() => {
  const typing = (e) => e.target.closest('input,select,textarea,[contenteditable]');
  const keysOff = () => document.cookie.includes('lienthong-keys=off');
  const rows = () => [...document.querySelectorAll('[data-row]')];
  let at = -1;

  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    at = Math.max(0, Math.min(all.length - 1, at + step));
    const target = all[at].querySelector('a,button,input,summary') ?? all[at];
    target.focus();
    all[at].scrollIntoView({ block: 'nearest' });
  };

  document.addEventListener('focusin', (e) => {
    const row = e.target.closest('[data-row]');
    if (row) at = rows().indexOf(row);
  });

  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || keysOff()) return;
    if (e.key === 'Escape') {
      document.querySelectorAll('details.lt-menu[open],details.lt-more[open]').forEach((d) => {
        const inside = d.contains(document.activeElement);
        d.removeAttribute('open');
        if (inside) d.querySelector('summary').focus();
      });
      // Only out of the field: left alone, the browser would also empty a search box, and the list under it would change.
      if (typing(e)) { e.preventDefault(); e.target.blur(); }
      return;
    }
    if (typing(e)) return;
    const act = (selector) => {
      const scope = at >= 0 ? rows()[at] : document;
      const target = scope?.querySelector(selector) ?? document.querySelector(selector);
      if (target) { e.preventDefault(); target.click(); }
    };
    switch (e.key) {
      case '/': { const box = document.querySelector('input[type=search]'); if (box) { e.preventDefault(); box.focus(); box.select(); } break; }
      case 'j': go(1); break;
      case 'k': go(-1); break;
      case 'u': act('[data-key=u]'); break;
      case 'e': act('[data-key=e]'); break;
      case '?': location.href = '/phim-tat'; break;
    }
  });

  // A form that is on its way is not sent twice; the server refuses a second copy anyway.
  document.addEventListener('submit', (e) => {
    const form = e.target;
    if (form.method.toLowerCase() !== 'post' || form.hasAttribute('hx-post')) return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = '1';
    form.querySelectorAll('button[type=submit],button:not([type])').forEach((b) => b.setAttribute('aria-busy', 'true'));
  });
  addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((f) => delete f.dataset.sent));

  // Drafts of the report form stay in this browser until they are sent (a commune on a slow line).
  document.querySelectorAll('form[data-draft]').forEach((form) => {
    const key = 'lt-draft:' + form.dataset.draft;
    const fields = () => [...form.elements].filter((f) => f.name && !f.name.startsWith('_') && !['file', 'hidden', 'submit', 'password'].includes(f.type));
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? '{}');
      fields().forEach((f) => { if (kept[f.name] && !f.value && f.type !== 'radio' && f.type !== 'checkbox') f.value = kept[f.name]; });
      form.addEventListener('input', () => localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((f) => [f.name, f.value])))));
      form.addEventListener('submit', () => localStorage.removeItem(key));
    } catch { /* No storage: the server keeps its own drafts. */ }
  });

  document.querySelectorAll('form[data-auto] select').forEach((s) => s.addEventListener('change', () => s.form.requestSubmit()));
  document.querySelectorAll('[data-print]').forEach((b) => { b.hidden = false; b.addEventListener('click', () => print()); });

  document.body.addEventListener('htmx:beforeSwap', (e) => { if (e.detail.xhr.status === 422) { e.detail.shouldSwap = true; e.detail.isError = false; } });
  document.body.addEventListener('htmx:afterSwap', (e) => {
    const said = e.detail.target?.querySelector?.('[role=status]')?.textContent;
    const live = document.getElementById('lt-live');
    if (said && live) live.textContent = said;
  });
  document.body.addEventListener('htmx:responseError', (e) => {
    const live = document.getElementById('lt-live');
    if (live) live.textContent = (live.dataset.error ?? '') + ' ' + (e.detail.xhr.getResponseHeader('x-reference') ?? '');
  });
})();
