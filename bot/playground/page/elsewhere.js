// Knows who else has got something new: people and groups that are on none of the three phones.

import { h } from "./dom.js";

export class Elsewhere {
  constructor(session, unread, el, go) {
    this.session = session;
    this.unread = unread;
    this.el = el;
    this.go = go;
    unread.addEventListener("change", () => this.render());
    this.render();
  }

  render() {
    const { people, phones } = this.session;
    const found = [...people.all.values()].filter((one) => !phones.includes(one.id) && this.unread.of(one.id) > 0);
    const mark = found.map((one) => `${one.id} ${this.unread.of(one.id)}`).join();
    if (mark === this.mark) return;
    this.mark = mark;
    this.el.classList.toggle("is-empty", !found.length);
    this.el.replaceChildren(
      h("p", { class: "elsewhere__label" }, "别处的新消息"),
      ...found.map((one) => this.button(one)),
      h("button", { type: "button", class: "link elsewhere__done", onclick: () => this.unread.done() }, "知道了"),
    );
  }

  button(one) {
    const count = this.unread.of(one.id);
    return h(
      "button",
      { type: "button", class: "elsewhere__one", onclick: () => this.open(one) },
      this.session.people.avatar(one.id, "avatar--small"),
      h("span", {}, one.label),
      !one.group && h("small", {}, one.role_names),
      h("b", { class: "badge", "aria-label": `${count} 条新消息` }, String(count)),
    );
  }

  /** Residents come on the first phone, groups on the second, everyone else on the third. */
  async open(one) {
    const index = one.group ? 1 : one.section === "居民" ? 0 : 2;
    await this.session.show(index, one.id);
    this.go(index);
  }
}
