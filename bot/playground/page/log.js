// Knows the list of lines of one chat: it is added to, never redrawn, so that a screen reader reads only what is new.

import { h, icon, settle, smooth } from "./dom.js";
import { lineItem } from "./line.js";
import { spoken } from "./time.js";

const PAUSE = 5 * 60 * 1000;
const NEAR = 80;

export class Log {
  constructor(phone) {
    this.phone = phone;
    this.known = new Map();
    this.pending = [];
    this.typing = null;
    this.hello = null;
    this.fresh = true;
    this.list = h("ol", { class: "log__list" });
    this.el = h("div", { class: "log", role: "log", tabindex: "0", "aria-live": "polite" }, this.list);
    this.pill = h(
      "button",
      { type: "button", class: "pill", hidden: true, onclick: () => this.bottom() },
      icon("down"),
      "新消息",
    );
    this.sticky = true;
    this.el.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.sticky && this.known.size && this.jump()).observe(this.el);
  }

  /** Another chat is shown on this phone: nothing of it is “new”. */
  clear(label) {
    this.el.setAttribute("aria-label", label);
    this.known.clear();
    this.pending = [];
    this.fresh = true;
    this.hello = null;
    this.list.replaceChildren();
  }

  render(lines, now, me) {
    const nodes = [];
    const kept = new Map();
    let before = 0;
    for (const line of lines) {
      const at = Date.parse(line.at);
      if (at - before >= PAUSE) nodes.push(this.separator(line, now, kept));
      before = at;
      nodes.push(this.item(line, me, kept));
    }
    const news = this.fresh ? [] : lines.filter((line) => !this.known.has(line.id));
    for (const line of news) this.arrived(line, me);
    const added = news.length > 0;
    const stay = this.atBottom() || this.fresh;
    this.known = kept;
    const empty = !nodes.length && !this.pending.length ? [(this.hello ??= this.phone.welcome())] : [];
    settle(this.list, [
      ...empty,
      ...nodes,
      ...this.pending.map((one) => one.el),
      ...(this.typing ? [this.typing] : []),
    ]);
    if (empty.length) this.el.scrollTop = 0;
    else if (stay) this.bottom(this.fresh);
    else if (added) this.pill.toggleAttribute("hidden", false);
    this.fresh = false;
  }

  /** A line that was shown as on its way has come back from the town; what the bot says ends its thinking. */
  arrived(line, me) {
    if (line.from === "bot") this.typing = null;
    const mine =
      line.from === me && this.pending.findIndex((one) => one.line.kind === line.kind && one.line.text === line.text);
    if (mine !== false && mine >= 0) this.pending.splice(mine, 1);
  }

  item(line, me, kept) {
    const old = this.known.get(line.id);
    const mark = JSON.stringify([line, me, line.buttons.map((button) => this.phone.pressed(line, button))]);
    if (old?.mark === mark) {
      kept.set(line.id, old);
      return old.el;
    }
    const el = lineItem(line, me, this.phone);
    if (!this.fresh) el.classList.add(old ? "is-edited" : "is-new");
    if (old?.el.contains(document.activeElement)) this.keepFocus(el);
    kept.set(line.id, { el, mark });
    return el;
  }

  /** A card that is redrawn under the finger keeps the focus: on its next button, or on the log. */
  keepFocus(el) {
    queueMicrotask(() => (el.querySelector(".press:not(.is-pressed)") ?? this.el).focus({ preventScroll: true }));
  }

  separator(line, now, kept) {
    const key = `at ${line.id}`;
    const words = spoken(line.at, now);
    const el = this.known.get(key)?.el ?? h("li", { class: "line-time" }, h("span", {}));
    el.firstChild.textContent = words;
    kept.set(key, { el });
    return el;
  }

  /** A line of one's own that is on its way; returns how to end it. */
  send(line, me, retry) {
    const el = lineItem(line, me, this.phone);
    el.classList.add("is-sending");
    el.querySelector(".line__body").append(h("span", { class: "sending", role: "img", "aria-label": "发送中" }));
    const one = { el, line };
    this.pending.push(one);
    if (!this.known.size) this.list.replaceChildren();
    this.list.append(el);
    this.bottom();
    const drop = () => {
      this.pending = this.pending.filter((other) => other !== one);
      el.remove();
    };
    const fail = (why) => {
      el.classList.replace("is-sending", "is-failed");
      el.querySelector(".sending").remove();
      const again = () => {
        drop();
        retry();
      };
      el.querySelector(".line__body").append(
        h("p", { class: "failed", role: "alert" }, icon("warn"), `没发出去：${why}`),
        h("button", { type: "button", class: "link", onclick: again }, "重新发送"),
      );
      this.bottom();
    };
    return { drop, fail };
  }

  /** Three dots while the bot thinks. */
  think(on) {
    this.typing?.remove();
    this.typing = on
      ? h("li", { class: "line line--them typing" }, this.phone.people.avatar("bot", "line__avatar"), dots())
      : null;
    if (this.typing) {
      this.list.append(this.typing);
      this.bottom();
    }
  }

  scrolled() {
    this.sticky = this.atBottom();
    if (this.sticky) this.pill.toggleAttribute("hidden", true);
  }

  atBottom() {
    return this.el.scrollHeight - this.el.scrollTop - this.el.clientHeight < NEAR;
  }

  jump() {
    this.el.scrollTop = this.el.scrollHeight;
  }

  bottom(atOnce = false) {
    this.pill.toggleAttribute("hidden", true);
    this.sticky = true;
    this.el.scrollTo({ top: this.el.scrollHeight, behavior: atOnce ? "auto" : smooth() });
  }
}

const dots = () =>
  h("div", { class: "bubble dots", role: "img", "aria-label": "小格正在输入" }, h("i", {}), h("i", {}), h("i", {}));
