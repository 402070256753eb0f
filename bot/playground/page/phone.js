// Knows one phone: whose it is, the chat on it, and what its owner does.

import { Trouble } from "./api.js";
import { Composer } from "./composer.js";
import { h, icon, toast } from "./dom.js";
import { Log } from "./log.js";
import { parts } from "./time.js";
import { Who } from "./who.js";

const WELCOME = {
  居民: "遇到什么事，像平常说话一样告诉小格。",
  网格员: "接单以后，\n地点、原话和下一步都会发到这里。",
  调解员: "需要调解的事\n只发给您本人，不进群。",
  部门: "派给本部门的事和吹哨\n都会发到这里。",
  值班: "没人接、超时、拿不准的事\n都会到这里。",
  群: "来了新事件，卡片会发到这里。\n卡片上没有居民的原话。",
};

/** The words for a role or a purpose, else for the section. */
const BY_ROLE = {
  supervisor: "督办、周报会发到这里。\n看得到进展，看不到居民是谁。",
  grid_head: "社区里超时没人接的事，\n会提到这里。",
  liaison: "走访时看到的苗头，\n随手说一句就报上来。",
  residents: "邻居们说话，小格不插嘴；\n@它、回复卡片，它才答。",
};

const welcomeOf = (owner) =>
  BY_ROLE[(owner.roles ?? [owner.purpose]).find((role) => role in BY_ROLE)] ?? WELCOME[owner.section];

export class Phone {
  constructor(session, index) {
    this.session = session;
    this.people = session.people;
    this.index = index;
    this.speakers = new Map();
    this.who = new Who(this);
    this.log = new Log(this);
    this.composer = new Composer(this);
    this.time = h("span", { class: "status__time" });
    this.title = h("p", { class: "chat-head__title" });
    this.note = h("p", { class: "chat-head__note" });
    this.frame = h(
      "div",
      { class: "frame" },
      h(
        "div",
        { class: "screen" },
        h(
          "div",
          { class: "status", "aria-hidden": "true" },
          this.time,
          h("span", { class: "status__icons" }, icon("signal"), icon("battery")),
        ),
        h("header", { class: "chat-head" }, this.title, this.note),
        h("div", { class: "log-box" }, this.log.el, this.log.pill),
        this.composer.el,
      ),
    );
    this.el = h("section", { class: "phone" }, this.who.el, this.frame);
    this.dress();
  }

  get id() {
    return this.session.phones[this.index];
  }

  get owner() {
    return this.people.get(this.id);
  }

  get group() {
    return this.owner.group ? this.owner : null;
  }

  /** The person who acts on this phone; in a group the visitor chooses. */
  get me() {
    if (!this.group) return this.id;
    const chosen = this.speakers.get(this.id);
    return this.group.members.includes(chosen) ? chosen : this.people.speaker(this.group);
  }

  get chat() {
    return this.group ? this.id : "";
  }

  speakAs(person) {
    this.speakers.set(this.id, person);
    this.composer.dress();
    this.render();
  }

  /** The cases that this chat has seen, newest first; else the newest of the board. */
  cases() {
    const seen = this.session.timeline(this.id).map((line) => line.case);
    const board = this.session.view.board.cases.map((one) => one.case);
    return [...new Set((seen.some(Boolean) ? seen : board).filter(Boolean).reverse())];
  }

  /** The people of the town have changed: names and choices, and where the owner has left, another one. */
  meet() {
    this.who.fill();
    if (this.shown !== this.id) this.dress();
    else this.head();
    this.composer.meet();
  }

  head() {
    const { owner } = this;
    this.el.setAttribute("aria-label", owner.group ? `群：${owner.label}` : `${owner.label}的手机`);
    this.title.textContent = owner.group ? `${owner.label}（${owner.members.length}）` : this.people.town.bot_name;
    this.note.textContent = owner.group ? "小格在群里" : `${this.people.town.name} · 网格小助手`;
    this.who.dress();
  }

  /** Another owner: names, draft and chat change. */
  dress() {
    this.shown = this.id;
    this.head();
    this.log.clear(`${this.owner.label}的聊天`);
    this.composer.dress();
  }

  render() {
    const { now, view } = this.session;
    if (!view.timelines[this.id]) return;
    const before = this.log.known.size;
    const fresh = this.log.fresh;
    this.tick();
    this.log.render(this.session.timeline(this.id), now, this.me);
    if (!fresh && this.log.known.size > before) this.glow();
  }

  tick() {
    this.time.textContent = parts(this.session.now).clock;
  }

  glow() {
    this.el.classList.remove("has-news");
    void this.el.offsetWidth;
    this.el.classList.add("has-news");
  }

  welcome() {
    const { owner } = this;
    const examples = this.composer.examples().slice(0, 4);
    return h(
      "li",
      { class: "welcome" },
      this.people.avatar(owner.group ? this.id : "bot", "welcome__avatar"),
      h("p", { class: "welcome__title" }, owner.group ? owner.label : `这是${owner.label}的手机`),
      h("p", { class: "welcome__text" }, welcomeOf(owner)),
      examples.length > 0 && h("p", { class: "welcome__try" }, "点一句试试"),
      examples.map((text) =>
        h("button", { type: "button", class: "example", onclick: () => this.composer.fill(text) }, text),
      ),
    );
  }

  reply(line) {
    this.composer.quote.answer(line);
  }

  open(number) {
    this.session.tell("open", number);
  }

  pressed(line, button) {
    return this.session.pressed.has(`${line.id} ${button.action}`);
  }

  async press(line, button, el) {
    const box = el.closest(".card__buttons");
    if (box.classList.contains("is-busy")) return;
    const mark = `${line.id} ${button.action}`;
    box.classList.add("is-busy");
    this.session.pressed.add(mark);
    try {
      await this.session.act("press", { who: this.me, chat: this.chat, mark: button.mark });
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.session.pressed.delete(mark);
      toast(error.message);
    } finally {
      box.classList.remove("is-busy");
    }
  }

  /** Send something: it shows at once as on its way, and stays with “重新发送” when it did not arrive. */
  async send(path, fields, shown) {
    const { me, chat, group } = this;
    const line = {
      id: "",
      from: me,
      name: this.people.get(me)?.label ?? "",
      text: "",
      buttons: [],
      photos: [],
      case: "",
      colour: "",
      ...shown,
    };
    const sent = this.log.send(line, me, () => this.send(path, fields, shown));
    if (!group || fields.addressed || fields.quote) this.log.think(true);
    try {
      await this.session.act(path, { who: me, chat, ...fields });
      sent.drop();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      sent.fail(error.message);
    } finally {
      this.log.think(false);
    }
  }
}
