// The page of the widget: one visitor, one conversation. What was said stays with the bot; here only the seal is kept.
const site = location.pathname.split("/").filter(Boolean).at(-1);
const given = new URLSearchParams(location.hash.slice(1));
const token = given.get("token") ?? "";
const shelf = `xiaoge-${site}`;
const log = document.getElementById("log");
const words = document.getElementById("words");
const trouble = document.getElementById("trouble");
const PAUSE = 3000;
const MOST = 9;

let visitor = localStorage.getItem(shelf) ?? "";
let after = 0;
let listening = 0;

const heads = () => ({ "X-Site-Token": token, ...(visitor ? { Authorization: `Bearer ${visitor}` } : {}) });
const rest = (ms) => new Promise((done) => setTimeout(done, ms));
const key = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

function tell(sentence) {
  trouble.textContent = sentence;
  trouble.hidden = !sentence;
}

async function begin() {
  if (visitor) return;
  const answer = await fetch("visitor", { method: "POST", headers: heads() });
  if (!answer.ok) throw new Error(String(answer.status));
  visitor = (await answer.json()).visitor;
  localStorage.setItem(shelf, visitor);
  await post({ kind: "begin", scene: given.get("scene") ?? "" });
}

// The same key each time: whatever arrives twice is known again.
async function post(said) {
  const body = JSON.stringify({ key: key(), ...said });
  for (let tries = 0; tries < 6; tries += 1) {
    try {
      const heading = { ...heads(), "Content-Type": "application/json" };
      const answer = await fetch(`../../hooks/web/${site}`, { method: "POST", headers: heading, body });
      if (answer.ok) return tell("");
      if (answer.status === 400) return tell("这句话没能发出去，请换个说法再试。");
      if (answer.status === 403) return forget();
      tell(answer.status === 429 ? "发得太快了，正在稍后重发。" : "网络忙，正在重发。");
    } catch {
      tell("网络断了，正在重发。");
    }
    await rest(PAUSE * (tries + 1));
  }
  tell("没有发出去，请稍后再试；急事请直接拨打 110、119 或 120。");
}

function show(text, { mine = false, red = false, buttons = [], pictures = [] } = {}) {
  const line = document.createElement("div");
  line.className = `line${mine ? " mine" : ""}${red ? " red" : ""}`;
  const who = document.createElement("span");
  who.className = "who";
  who.textContent = mine ? "我" : "小格";
  line.append(who, text);
  for (const [n, source] of pictures.entries()) line.append(picture(source, mine ? "我发的照片" : `照片 ${n + 1}`));
  if (buttons.length) line.append(choices(buttons));
  log.append(line);
  log.scrollTop = log.scrollHeight;
}

function picture(source, alt) {
  const image = document.createElement("img");
  image.alt = alt;
  image.src = URL.createObjectURL(source);
  image.addEventListener("load", () => {
    URL.revokeObjectURL(image.src);
    log.scrollTop = log.scrollHeight;
  });
  image.addEventListener("error", () => image.remove());
  return image;
}

// The photos of a letter; one that is gone leaves the words as they are.
async function photosOf({ id, photos = 0 }) {
  const found = [];
  for (let n = 0; n < photos; n += 1) {
    const answer = await fetch(`letters/${id}/${n}`, { headers: heads() }).catch(() => null);
    if (answer?.ok) found.push(await answer.blob());
  }
  return found;
}

// A file goes first and is checked; its message names it. What cannot be taken is said in the server's own words.
async function send(file, album) {
  show(file.name, { mine: true, pictures: file.type.startsWith("image/") ? [file] : [] });
  tell("正在发送…");
  for (let tries = 0; tries < 4; tries += 1) {
    const answer = await fetch("upload", { method: "POST", headers: heads(), body: file }).catch(() => null);
    if (answer?.ok) {
      const { ref, kind } = await answer.json();
      return post(kind === "photo" ? { kind, ref, album } : { kind, ref });
    }
    const { told = "照片没有发出去，请稍后再试。" } = (await answer?.json().catch(() => null)) ?? {};
    tell(told);
    if (answer && answer.status !== 429 && answer.status !== 408) return undefined;
    await rest(PAUSE * (tries + 1));
  }
  return undefined;
}

async function choose({ currentTarget: input }) {
  const files = [...input.files].slice(0, MOST);
  const album = files.length > 1 ? key() : "";
  input.value = "";
  await begin().catch(() => {});
  for (const file of files) await send(file, album);
}

function choices(buttons) {
  const row = document.createElement("div");
  row.className = "choices";
  for (const { label, action } of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      show(label, { mine: true });
      post({ kind: "press", action });
    });
    row.append(button);
  }
  return row;
}

async function listen() {
  listening += 1;
  const mine = listening;
  while (mine === listening) {
    try {
      await begin();
      const answer = await fetch(`letters?after=${after}`, { headers: heads() });
      if (answer.status === 403) forget();
      if (!answer.ok) throw new Error(String(answer.status));
      const { letters } = await answer.json();
      if (mine !== listening) return;
      for (const letter of letters) {
        show(letter.text, { ...letter, pictures: await photosOf(letter) });
        after = letter.id; // the order is that in which they became ready
      }
    } catch {
      await rest(PAUSE);
    }
  }
}

function forget() {
  localStorage.removeItem(shelf);
  visitor = "";
  after = 0;
  log.replaceChildren();
  listen();
}

document.getElementById("say").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  words.value = "";
  show(text, { mine: true });
  await begin().catch(() => {});
  await post({ kind: "text", text });
});
words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    document.getElementById("say").requestSubmit();
  }
});
document.getElementById("place").addEventListener("click", () => {
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      show("我的位置", { mine: true });
      post({ kind: "location", lat: coords.latitude, lon: coords.longitude });
    },
    () => tell("没有取到位置，请直接写小区和楼号。"),
  );
});
for (const [button, input] of [["picture", "pictures"], ["voice", "recording"]]) {
  document.getElementById(button).addEventListener("click", () => document.getElementById(input).click());
  document.getElementById(input).addEventListener("change", choose);
}
document.getElementById("larger").addEventListener("click", ({ currentTarget }) => {
  const large = document.documentElement.classList.toggle("large");
  currentTarget.setAttribute("aria-pressed", String(large));
});
document.getElementById("forget").addEventListener("click", forget);
listen();
