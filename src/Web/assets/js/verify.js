// Verifies the proof of one call in the browser, offline: c2sp.org/tlog-proof with a checkpoint signed on P-256. Asks no server for anything. The words come
// with the page; the same script stands in the page that is downloaded as one file. The verdict has three values, as `lienthong proof verify` gives it.
const utf8 = new TextEncoder();
const NOTE_CHARACTERS = 16384, PROOF_CHARACTERS = 120000, HASHES = 63, SIGNATURES = 64;
const COSIGNATURE_ID = utf8.encode('lienthong.vn/cosignature-ecdsa-p256/v1\n');

class Wrong extends Error {}

const join = (...parts) => {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
};
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
const toBase64 = (bytes) => { let s = ''; for (const b of bytes) s += String.fromCharCode(b); return btoa(s); };

// Standard base64 in its one canonical form; null for anything else.
function base64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  try {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : null;
  } catch { return null; }
}

const leaf = (entry) => sha256(join([0], entry));
const node = (left, right) => sha256(join([1], left, right));

export async function parseKey(text) {
  const parts = text.trim().split('+');
  const name = parts[0];
  const material = parts.length >= 3 ? base64(parts.slice(2).join('+')) : null;
  if (!name || /\s/.test(name) || !/^[0-9a-f]{8}$/i.test(parts[1] ?? '') || !material || material.length < 2) return null;
  const type = material[0];
  let spki = material.slice(1);
  if (type === 0xff) {
    if (!same(spki.slice(0, COSIGNATURE_ID.length), COSIGNATURE_ID)) return null;
    spki = spki.slice(COSIGNATURE_ID.length);
  } else if (type !== 2) return null;
  const id = hex((type === 2 ? await sha256(spki) : await sha256(join(utf8.encode(name), [10, type], COSIGNATURE_ID, spki))).slice(0, 4));
  if (id !== parts[1].toLowerCase()) return null;
  try {
    const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    return { name, id, isWitness: type === 0xff, key };
  } catch { return null; }
}

// ECDSA-Sig-Value in DER to the fixed form that browsers take; null when it is not one.
function rawSignature(der) {
  if (der.length < 8 || der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] > 127) return null;
  const raw = new Uint8Array(64);
  let at = 2;
  for (let i = 0; i < 2; i++) {
    if (der[at] !== 2) return null;
    const length = der[at + 1];
    let number = der.slice(at + 2, at + 2 + length);
    if (length === 0 || number.length !== length || number[0] & 0x80 || (length > 1 && number[0] === 0 && !(number[1] & 0x80))) return null;
    if (number[0] === 0) number = number.slice(1);
    if (number.length > 32) return null;
    raw.set(number, 32 * (i + 1) - number.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}

async function signed(key, message, der) {
  const raw = rawSignature(der);
  return raw !== null && crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, raw, message);
}

export function parseProof(text) {
  const wrong = () => { throw new Wrong('proof'); };
  if (text.length > PROOF_CHARACTERS) wrong();
  const lines = text.split('\n');
  if (lines.length < 4 || lines[0] !== 'c2sp.org/tlog-proof@v1' || !lines[1].startsWith('extra ')) wrong();
  const entry = base64(lines[1].slice(6));
  if (!entry || !/^index (0|[1-9][0-9]{0,18})$/.test(lines[2])) wrong();
  const path = [];
  let at = 3;
  for (; at < lines.length && lines[at].length > 0; at++) {
    const hash = base64(lines[at]);
    if (!hash || hash.length !== 32 || path.length === HASHES) wrong();
    path.push(hash);
  }
  if (at === lines.length) wrong();
  return { entry, index: BigInt(lines[2].slice(6)), path, note: lines.slice(at + 1).join('\n') };
}

function parseNote(note) {
  const wrong = () => { throw new Wrong('checkpoint'); };
  // eslint-disable-next-line no-control-regex
  if (note.length > NOTE_CHARACTERS || /[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.endsWith('\n')) wrong();
  const split = note.lastIndexOf('\n\n');
  if (split < 0) wrong();
  const text = note.slice(0, split + 1);
  const signatures = note.slice(split + 2).split('\n').slice(0, -1).map((line) => {
    const parts = line.split(' ');
    const bytes = parts.length === 3 && parts[0] === '—' && parts[1] && !parts[1].includes('+') ? base64(parts[2]) : null;
    if (!bytes || bytes.length < 5) wrong();
    return { name: parts[1], id: hex(bytes.slice(0, 4)), bytes: bytes.slice(4) };
  });
  if (signatures.length === 0 || signatures.length > SIGNATURES) wrong();
  const lines = text.split('\n');
  const root = lines.length === 4 && lines[0] && lines[3] === '' && /^(0|[1-9][0-9]{0,18})$/.test(lines[1]) ? base64(lines[2]) : null;
  if (!root || root.length !== 32) wrong();
  return { text, signatures, origin: lines[0], size: BigInt(lines[1]), root };
}

async function includes(proof, size, root) {
  if (proof.index >= size) return false;
  let [at, last, hash] = [proof.index, size - 1n, await leaf(proof.entry)];
  for (const sibling of proof.path) {
    if (last === 0n) return false;
    if ((at & 1n) === 1n || at === last) {
      hash = await node(sibling, hash);
      while ((at & 1n) === 0n && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    } else {
      hash = await node(hash, sibling);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && same(hash, root);
}

// Verdict: passed, failed, indeterminate; every step with what it found.
export async function verify(text, keyLines, quorum) {
  const steps = [];
  const done = (verdict, where, more) => ({ verdict, where, steps, ...more });
  const lines = keyLines.split('\n').map((l) => l.trim()).filter((l) => l.length > 0);
  const keys = [];
  for (const line of lines) {
    const key = await parseKey(line);
    if (!key) return done('indeterminate', 'key');
    keys.push(key);
  }
  if (keys.length === 0) return done('indeterminate', 'no-key');
  try {
    const proof = parseProof(text);
    const note = parseNote(proof.note);
    steps.push({ name: 'leaf', ok: true, detail: hex(await leaf(proof.entry)) });
    const own = [], witnesses = [];
    for (const signature of note.signatures) {
      for (const key of keys.filter((k) => k.name === signature.name && k.id === signature.id)) {
        if (key.isWitness) {
          const view = new DataView(signature.bytes.buffer, signature.bytes.byteOffset);
          const seconds = signature.bytes.length >= 9 ? view.getBigUint64(0) : null;
          if (seconds === null || seconds > 253402300799n || !await signed(key.key, utf8.encode(`cosignature/v1\ntime ${seconds}\n${note.text}`), signature.bytes.slice(8))) throw new Wrong('signature');
          if (!witnesses.some((w) => w.name === key.name)) witnesses.push({ name: key.name, at: new Date(Number(seconds) * 1000) });
        } else {
          if (!await signed(key.key, utf8.encode(note.text), signature.bytes)) throw new Wrong('signature');
          own.push(key);
        }
      }
    }
    if (own.length === 0) throw new Wrong('signature');
    if (!own.some((k) => k.name === note.origin)) throw new Wrong('origin');
    steps.push({ name: 'signature', ok: true, detail: `${note.origin} · ${own[0].id}` });
    if (!await includes(proof, note.size, note.root)) throw new Wrong('path');
    steps.push({ name: 'path', ok: true, detail: String(proof.path.length) });
    const found = { origin: note.origin, size: note.size, index: proof.index, witnesses, entry: new TextDecoder().decode(proof.entry) };
    steps.push({ name: 'witnesses', ok: witnesses.length >= quorum && witnesses.length > 0, detail: witnesses.map((w) => w.name).join(', ') });
    return witnesses.length < quorum ? done('indeterminate', 'quorum', found) : done('passed', null, found);
  } catch (fault) {
    if (!(fault instanceof Wrong)) throw fault;
    steps.push({ name: fault.message, ok: false, detail: '' });
    return done('failed', fault.message);
  }
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function show(result, words, at) {
  at.replaceChildren();
  const tone = { passed: 'ok', failed: 'bad', indeterminate: 'warn' }[result.verdict];
  at.append(make('div', { class: `lt-note ${tone}`, role: result.verdict === 'failed' ? 'alert' : 'status', 'data-verdict': result.verdict },
    make('p', {}, make('b', {}, words['verdict.' + result.verdict])), ...(result.where ? [make('p', {}, words['where.' + result.where] ?? words['where.proof'])] : [])));
  if (result.steps.length > 0) {
    at.append(make('ul', { class: 'lt-list' }, ...result.steps.map((s) => make('li', {}, make('b', {}, (s.ok ? '✓ ' : '✗ ') + (words['step.' + s.name] ?? s.name)), ' ', make('span', { class: 'lt-mono lt-s' }, s.detail || (s.name === 'witnesses' ? words['step.none'] : ''))))));
  }
  if (!result.origin) return;
  const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, '.');
  at.append(make('p', {}, words.place.replace('{0}', number(result.index)).replace('{1}', number(result.size)).replace('{2}', result.origin)));
  for (const witness of result.witnesses) at.append(make('p', {}, words.witness.replace('{0}', witness.name).replace('{1}', witness.at.toLocaleString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh' }))));
  let fields = null;
  try { fields = JSON.parse(result.entry); } catch { /* Not of our form: shown as it is. */ }
  if (fields && typeof fields === 'object') {
    at.append(make('h2', {}, words.entry), make('dl', { class: 'lt-kv' }, ...Object.entries(fields).flatMap(([name, value]) => [make('dt', {}, words['record.' + name] ?? name), make('dd', { class: 'lt-mono' }, String(value))])));
  } else {
    at.append(make('h2', {}, words.entry), make('pre', { class: 'lt-pre' }, result.entry));
  }
}

function start(root) {
  const words = JSON.parse(document.getElementById('kiem-chung-loi').textContent);
  const proof = make('textarea', { id: 'bc', class: 'form-control lt-mono', rows: '8', spellcheck: 'false' });
  const keys = make('textarea', { id: 'khoa', class: 'form-control lt-mono', rows: '4', spellcheck: 'false', 'aria-describedby': 'khoa-h' });
  const quorum = make('input', { id: 'nc', class: 'form-control', inputmode: 'numeric', value: '0' });
  const result = make('div', { id: 'ket-qua', 'aria-live': 'polite' });
  const reading = (id, into, append) => {
    const input = make('input', { id, type: 'file', class: 'form-control' });
    input.addEventListener('change', async () => {
      for (const file of input.files) {
        const text = file.size > PROOF_CHARACTERS * 3 ? '' : await file.text();
        into.value = append && into.value ? `${into.value.trimEnd()}\n${text}` : text;
      }
    });
    return input;
  };
  const button = make('button', { type: 'submit', class: 'btn btn-primary' }, words.check);
  const form = make('form', {},
    make('div', { class: 'lt-field' }, make('label', { class: 'form-label', for: 'tep' }, words.file), reading('tep', proof, false)),
    make('div', { class: 'lt-field' }, make('label', { class: 'form-label', for: 'bc' }, words.paste), proof),
    make('div', { class: 'lt-field' }, make('label', { class: 'form-label', for: 'tep-khoa' }, words.keyfile), reading('tep-khoa', keys, true)),
    make('div', { class: 'lt-field' }, make('label', { class: 'form-label', for: 'khoa' }, words.keys), make('p', { class: 'lt-hint', id: 'khoa-h' }, words['keys.hint']), keys),
    make('div', { class: 'lt-field' }, make('label', { class: 'form-label', for: 'nc' }, words.quorum), quorum), button);
  form.addEventListener('submit', async (e) => {
    e.preventDefault();
    if (!globalThis.crypto?.subtle) { show({ verdict: 'indeterminate', where: 'no-crypto', steps: [] }, words, result); return; }
    button.disabled = true;
    try {
      show(await verify(proof.value.replace(/\r\n/g, '\n'), keys.value, Math.max(0, Number.parseInt(quorum.value, 10) || 0)), words, result);
    } finally { button.disabled = false; }
  });
  root.replaceChildren(form, result);
}

const place = globalThis.document?.getElementById('kiem-chung');
if (place) start(place);
