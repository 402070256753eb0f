// Knows how the page is put together, and what to do when the town cannot be reached.

import { get, Trouble } from "./api.js";
import { Board } from "./board.js";
import { Demo } from "./demo.js";
import { openCase } from "./detail.js";
import { h, icon } from "./dom.js";
import { Elsewhere } from "./elsewhere.js";
import { Guide } from "./guide.js";
import { Header } from "./header.js";
import { People } from "./people.js";
import { Phone } from "./phone.js";
import { Scenes } from "./scenes.js";
import { Session } from "./session.js";
import { Tabs } from "./tabs.js";
import { useZone } from "./time.js";
import { Unread } from "./unread.js";

const TICK = 5000;

async function start() {
  let town;
  try {
    town = await get("town");
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    closed(error.message);
    return;
  }
  useZone(town.timezone);
  const session = new Session(new People(town));
  const row = document.getElementById("phones");
  const phones = [0, 1, 2].map((index) => new Phone(session, index));
  row.replaceChildren(...phones.map((phone) => phone.el));
  session.addEventListener("town", () => phones.forEach((phone) => phone.meet())); // before what looks at the phones
  new Header(session);
  new Demo(session);
  new Board(session, document.getElementById("board"));
  const unread = new Unread(session);
  const tabs = new Tabs(session, unread, phones);
  const go = (index) => tabs.go(index);
  new Scenes(session, document.getElementById("scenes"), go);
  new Guide(session, unread, document.getElementById("guide"), phones, go);
  new Elsewhere(session, unread, document.getElementById("elsewhere"), go);
  session.addEventListener("phones", (event) => phones[event.detail].dress());
  session.addEventListener("reset", () => phones.forEach((phone) => phone.dress()));
  session.addEventListener("view", () => phones.forEach((phone) => phone.render()));
  session.addEventListener("open", (event) => openCase(event.detail, session.now));
  session.addEventListener("link", (event) => link(event.detail, session));
  document.addEventListener("keydown", (event) => shortcut(event, phones, go));
  session.addEventListener("tick", () => phones.forEach((phone) => phone.tick()));
  setInterval(() => session.tell("tick"), TICK);
  await Promise.all([session.refresh(), unread.tails()]);
  document.body.classList.add("is-ready");
  await session.follow();
}

/** Alt+1, 2, 3: straight to the text field of a phone. */
function shortcut(event, phones, go) {
  const index =
    event.altKey && !event.ctrlKey && !event.metaKey ? ["Digit1", "Digit2", "Digit3"].indexOf(event.code) : -1;
  if (index < 0) return;
  event.preventDefault();
  go(index);
  phones[index].composer.focus();
}

function link({ ok, seconds }, session) {
  const bar = document.getElementById("trouble");
  bar.hidden = ok;
  if (ok) return;
  bar.replaceChildren(
    icon("warn"),
    h("span", {}, `小镇暂时连不上，${seconds} 秒后再试。写好的字都还在。`),
    h("button", { type: "button", class: "link", onclick: () => session.hurry?.() }, "马上重试"),
  );
}

function closed(why) {
  const again = h(
    "button",
    { type: "button", class: "press press--first", onclick: () => location.reload() },
    "再试一次",
  );
  document
    .getElementById("phones")
    .replaceChildren(h("div", { class: "loading", role: "alert" }, h("p", {}, why), again));
}

start();
