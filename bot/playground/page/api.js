// Knows the addresses of the server, and turns what goes wrong into a polite sentence.

const ROOT = "/playground/api/";
const OURS = { "X-Playground": "1" };
const GONE = "小镇暂时没有应答，请稍后再试。";

/** A sentence for the visitor; `gone` when no answer came at all. */
export class Trouble extends Error {
  constructor(sentence = GONE, gone = false) {
    super(sentence);
    this.gone = gone;
  }
}

async function ask(path, options, patience, stop = new AbortController()) {
  const timer = setTimeout(() => stop.abort(), patience);
  let response;
  let body;
  try {
    response = await fetch(ROOT + path, { ...options, signal: stop.signal, cache: "no-store" });
    body = await response.json();
  } catch {
    throw new Trouble(GONE, true);
  } finally {
    clearTimeout(timer);
  }
  if (!response.ok) throw new Trouble(body?.error);
  return body;
}

export const get = (path, query = {}, patience = 20000, stop = undefined) => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) for (const one of [value].flat()) search.append(key, one);
  return ask(search.size ? `${path}?${search}` : path, {}, patience, stop);
};

export const post = (path, body, patience = 60000) =>
  ask(
    path,
    { method: "POST", headers: { ...OURS, "Content-Type": "application/json" }, body: JSON.stringify(body) },
    patience,
  );

export const upload = (path, fields) => {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Blob) form.append(key, value, "photo.jpg");
    else form.append(key, value);
  }
  return ask(path, { method: "POST", headers: OURS, body: form }, 60000);
};

export const photoAddress = (id) => `${ROOT}photo/${encodeURIComponent(id)}`;
