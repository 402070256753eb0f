// The page of the widget: one visitor, one conversation. What was said stays with the bot; here only the seal is kept.
const site = location.pathname.split("/").filter(Boolean).at(-1);
const given = new URLSearchParams(location.hash.slice(1));
const token = given.get("token") ?? "";
const shelf = `xiaoge-${site}`;
const log = document.getElementById("log");
const words = document.getElementById("words");
const trouble = document.getElementById("trouble");
const PAUSE = 3000;

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

function show(text, { mine = false, red = false, buttons = [] } = {}) {
  const line = document.createElement("div");
  line.className = `line${mine ? " mine" : ""}${red ? " red" : ""}`;
  const who = document.createElement("span");
  who.className = "who";
  who.textContent = mine ? "我" : "小格";
  line.append(who, text);
  if (buttons.length) line.append(choices(buttons));
  log.append(line);
  log.scrollTop = log.scrollHeight;
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
        show(letter.text, letter);
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
document.getElementById("larger").addEventListener("click", ({ currentTarget }) => {
  const large = document.documentElement.classList.toggle("large");
  currentTarget.setAttribute("aria-pressed", String(large));
});
document.getElementById("forget").addEventListener("click", forget);
listen();
