// Knows the five steps of the story: what to do next, where, and which of them have happened.

import { h, icon } from "./dom.js";
import { recall, remember } from "./prefs.js";

const RANK = { collected: 0, assigned: 1, referred: 1, handling: 2, fed_back: 3, closed: 4 };

const STEPS = [
  { name: "居民说一句", hint: "在居民手机上写下遇到的事，按回车发送。", act: "帮我填一句" },
  { name: "工作群收到卡片", hint: "小格登记、派单，工作群里会出现一张卡片。", act: "看工作群" },
  { name: "网格员接单", hint: "按卡片上的“接⁠单”，居民马上知道。", act: "去接单" },
  { name: "反馈结果", hint: "网格员写一句结果，群里的卡片跟着变。", act: "帮我填反馈" },
  { name: "居民评价", hint: "居民说“已⁠解⁠决”才算办结，否则退回重办。", act: "去评价" },
];

export class Guide {
  constructor(session, unread, el, phones, go) {
    Object.assign(this, { session, unread, el, phones, go, done: -1, mark: "" });
    this.list = h("ol", { class: "guide__steps" });
    this.hint = h("p", { class: "guide__hint", "aria-live": "polite" });
    this.act = h("button", { type: "button", class: "guide__act", onclick: () => this.help() });
    const close = h(
      "button",
      { type: "button", class: "round round--small", "aria-label": "收起引导", onclick: () => this.hide(true) },
      icon("close"),
    );
    el.append(this.list, h("div", { class: "guide__now" }, this.hint, this.act, close));
    this.again = h(
      "button",
      { type: "button", class: "tools__button", onclick: () => this.hide(false) },
      icon("help"),
      h("span", {}, "引导"),
    );
    document.getElementById("tools").prepend(this.again);
    this.hide(recall("guide") === "hidden");
    session.addEventListener("view", () => this.render());
  }

  hide(on) {
    this.el.hidden = on;
    this.again.hidden = !on;
    remember("guide", on ? "hidden" : "");
  }

  /** The case that has come furthest. */
  get story() {
    return [...this.session.view.board.cases].sort((a, b) => (RANK[b.state] ?? -1) - (RANK[a.state] ?? -1))[0];
  }

  /** How many steps have happened. */
  count() {
    const { story } = this;
    if (!story) return 0;
    const rank = RANK[story.state] ?? 0;
    if (rank >= RANK.handling) return rank + 1;
    const handed = this.session.phones.some(
      (who, n) => this.phones[n].owner.section !== "居民" && this.shows(who, story.case),
    );
    return handed ? 2 : 1;
  }

  /** Whether a chat holds something about a case, or a button of it that begins with `action`. */
  shows(who, number, action = "") {
    const fits = (line) => !action || line.buttons.some((button) => button.action.startsWith(action));
    return this.session.timeline(who).some((line) => line.from === "bot" && line.case === number && fits(line));
  }

  render() {
    const done = this.count();
    const mark = `${done} ${this.story?.case ?? ""}`;
    if (mark === this.mark) return;
    this.mark = mark;
    this.done = done;
    this.list.replaceChildren(...STEPS.map((step, n) => stepItem(step, n, done)));
    const over = done >= STEPS.length;
    this.el.classList.toggle("is-over", over);
    this.hint.replaceChildren(
      h("b", {}, over ? "走完一圈了！" : `第 ${done + 1} 步 · ${STEPS[done].name}`),
      h("span", {}, over ? "每一步居民都听到了。换一句再试试。" : STEPS[done].hint),
    );
    this.act.textContent = over ? "再试一句" : STEPS[done].act;
  }

  /** Go where the next step is done, and prepare it as far as the visitor would want. */
  async help() {
    const { people } = this.session;
    const number = this.story?.case ?? "";
    const examples = people.town.examples ?? [];
    if (this.done === 0 || this.done >= STEPS.length) {
      const n = this.session.view.board.cases.length;
      (await this.bring(0, (one) => one.section === "居民")).composer.fill(examples[n % examples.length] ?? "");
    } else if (this.done === 3) {
      const result = this.story.item.includes("飞线")
        ? "已到现场劝离，拆除飞线，告知楼下有充电棚"
        : "已到现场处理好，并当面告知";
      const hands = this.session.people.get(this.story.lead_person)?.id;
      const fits = (one) => (hands ? one.id === hands : one.section !== "居民" && !one.group);
      (await this.bring(2, fits, hands)).composer.fill(`反馈 ${number} ${result}`);
    } else if (this.done === 4) {
      this.point(await this.bring(0, (one) => one.section === "居民"), number);
    } else if (this.done === 1) {
      await this.fetchCard();
      this.point(await this.bring(1, (one) => Boolean(one.group)), number);
    } else {
      // Quarrels and the like are never put in a group: then the card is with a person.
      const index = [1, 2, 0].find((n) => this.shows(this.session.phones[n], number, "accept")) ?? 1;
      this.point(await this.bring(index, (one) => index !== 1 || Boolean(one.group)), number);
    }
  }

  /** Where the card went to another grid's group, that group comes on the second phone. */
  async fetchCard() {
    const group = [...this.session.people.all.values()].find((one) => one.group && this.unread.of(one.id) > 0);
    if (group && !this.session.phones.includes(group.id)) await this.session.show(1, group.id);
  }

  /** The phone for this step, in sight, with somebody fitting on it. */
  async bring(index, fits, wanted = this.session.people.first()[index]) {
    if (!fits(this.phones[index].owner)) await this.session.show(index, wanted);
    this.go(index);
    return this.phones[index];
  }

  /** The focus on the newest button that waits to be pressed, else on the chat. */
  point(phone, number) {
    phone.log.bottom();
    phone.glow();
    const cards = [...phone.log.list.querySelectorAll(".card__buttons")].reverse();
    const card = cards.find((one) => one.closest(".card").textContent.includes(number)) ?? cards[0];
    (card?.querySelector("button") ?? phone.log.el).focus({ preventScroll: true });
  }
}

function stepItem(step, n, done) {
  const state = n < done ? "is-done" : n === done ? "is-now" : "";
  const said = n < done ? "（已完成）" : n === done ? "（现在）" : "";
  return h(
    "li",
    { class: `guide__step ${state}`, "aria-current": n === done ? "step" : null },
    h("span", { class: "guide__n", "aria-hidden": "true" }, n < done ? icon("check") : String(n + 1)),
    h("span", { class: "guide__name" }, step.name, h("span", { class: "hush" }, said)),
  );
}
