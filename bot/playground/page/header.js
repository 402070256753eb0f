// Knows the top of the page: the town's clock, what moves it, larger text, and beginning again.

import { dialog, h, icon, toast } from "./dom.js";
import { recall, remember } from "./prefs.js";
import { parts, untilMorning } from "./time.js";

const STEPS = [
  ["+10分钟", () => 600],
  ["+1小时", () => 3600],
  ["+1天", () => 86400],
  ["到明早8点", (now) => untilMorning(now)],
];

export class Header {
  constructor(session) {
    this.session = session;
    this.year = h("span", { class: "clock__year" });
    this.date = h("span", {});
    this.time = h("span", { class: "clock__time" });
    this.moves = h(
      "div",
      { class: "clock__moves", id: "clock-moves" },
      STEPS.map(([label, seconds]) =>
        h("button", { type: "button", class: "move", onclick: () => this.advance(seconds) }, label),
      ),
    );
    this.face = h(
      "button",
      {
        type: "button",
        class: "clock__face",
        "aria-expanded": "false",
        "aria-controls": "clock-moves",
        title: "小镇的时间，可以往前拨",
        onclick: () => this.fold(),
      },
      icon("clock"),
      h("span", { class: "clock__words" }, h("span", { class: "clock__date" }, this.year, this.date), this.time),
    );
    document.getElementById("clock").append(this.face, this.moves);
    this.larger = tool("大字", () => this.enlarge(document.documentElement.dataset.size !== "large"));
    this.larger.prepend(h("span", { class: "tools__aa", "aria-hidden": "true" }, "A"));
    this.restart = tool("重新开始", () => this.ask(), icon("restart"));
    document.getElementById("tools").append(this.larger, this.restart);
    document.getElementById("town-name").textContent = `${session.people.town.name} · 体验小镇`;
    this.enlarge(recall("size") === "large");
    session.addEventListener("view", () => this.render());
    session.addEventListener("tick", () => this.render());
    session.addEventListener("busy", () => this.busy());
  }

  render() {
    const now = parts(this.session.now);
    this.year.textContent = `${now.year}年`;
    this.date.textContent = `${now.month}月${now.day}日 ${now.weekday}`;
    this.time.textContent = now.clock;
  }

  fold() {
    const open = document.getElementById("clock").classList.toggle("is-open");
    this.face.setAttribute("aria-expanded", String(open));
  }

  busy() {
    document.getElementById("clock").classList.toggle("is-busy", this.session.busy);
    for (const button of this.moves.children) button.setAttribute("aria-disabled", String(this.session.busy));
  }

  async advance(seconds) {
    if (await this.session.turn("advance", { seconds: seconds(this.session.now) })) {
      const { month, day, weekday, clock } = parts(this.session.now);
      toast(`现在是 ${month}月${day}日 ${weekday} ${clock}`);
    }
  }

  enlarge(on) {
    document.documentElement.dataset.size = on ? "large" : "";
    this.larger.setAttribute("aria-pressed", String(on));
    this.larger.setAttribute("aria-label", "老年大字");
    remember("size", on ? "large" : "");
  }

  ask() {
    const again = async () => {
      shown.close();
      if (await this.session.turn("reset", {})) toast("小镇重新开始了");
    };
    const yes = h("button", { type: "button", class: "press press--danger", onclick: again }, "重新开始");
    const no = h("button", { type: "button", class: "press", autofocus: true, onclick: () => shown.close() }, "先不");
    const shown = dialog(
      "重新开始",
      "sheet--ask",
      h("h2", { class: "sheet__title" }, "重新开始？"),
      h("p", {}, "所有聊天和事件会清空，时钟回到开始的时候。"),
      h("div", { class: "sheet__buttons" }, no, yes),
    );
  }
}

const tool = (label, onclick, ...more) =>
  h("button", { type: "button", class: "tools__button", onclick }, more, h("span", {}, label));
