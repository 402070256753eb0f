// Knows which phones are in sight when there is not room for three, and how one gets to the others.

import { h, icon, smooth } from "./dom.js";

const IN_SIGHT = 0.6;
const HAND = "(max-width: 760px)";

export class Tabs {
  constructor(session, unread, phones) {
    this.session = session;
    this.unread = unread;
    this.phones = phones;
    this.row = document.getElementById("phones");
    this.hand = matchMedia(HAND);
    this.inSight = new Set();
    this.buttons = phones.map((_, index) => this.button(() => this.go(index)));
    this.board = this.button(() => this.showBoard(true));
    this.board.classList.add("tab--board");
    const nav = document.getElementById("tabs");
    nav.append(...this.buttons, this.board);
    nav.hidden = false;
    const watch = new IntersectionObserver((seen) => this.moved(seen), { root: this.row, threshold: [0, IN_SIGHT] });
    for (const phone of phones) watch.observe(phone.el);
    unread.addEventListener("change", () => this.mark());
    for (const name of ["phones", "town"]) session.addEventListener(name, () => this.mark());
    this.hand.addEventListener("change", () => this.showBoard(false));
    this.mark();
  }

  button(onclick) {
    return h(
      "button",
      { type: "button", class: "tab", onclick },
      h("span", { class: "tab__face" }),
      h("span", { class: "tab__name" }),
      h("span", { class: "badge tab__badge", hidden: true }),
    );
  }

  moved(seen) {
    for (const entry of seen) {
      const index = this.phones.findIndex((phone) => phone.el === entry.target);
      if (entry.isIntersecting && entry.intersectionRatio >= IN_SIGHT) this.inSight.add(index);
      else this.inSight.delete(index);
    }
    this.sight();
  }

  get boarded() {
    return document.body.classList.contains("shows-board");
  }

  sight() {
    this.unread.sight(this.boarded ? new Set() : new Set(this.inSight));
  }

  /** Bring a phone into sight. */
  go(index) {
    this.showBoard(false);
    const { el } = this.phones[index];
    this.row.scrollTo({ left: el.offsetLeft - this.row.offsetLeft, behavior: smooth() });
  }

  showBoard(on) {
    document.body.classList.toggle("shows-board", on && this.hand.matches);
    if (on && !this.hand.matches) document.getElementById("board").scrollIntoView({ behavior: smooth() });
    this.sight();
  }

  mark() {
    this.phones.forEach((phone, index) => {
      const { owner } = phone;
      phone.who.mark(this.unread);
      this.dress(this.buttons[index], phone.people.avatar(owner.id), owner.label, this.unread.of(owner.id));
      const here = !this.boarded && this.inSight.has(index);
      this.buttons[index].setAttribute("aria-current", String(here));
    });
    this.dress(this.board, icon("board"), "看板", 0);
    this.board.setAttribute("aria-current", String(this.boarded));
  }

  dress(button, face, name, unread) {
    const [slot, label, badge] = button.children;
    if (label.textContent !== name) {
      slot.replaceChildren(face);
      label.textContent = name;
    }
    badge.hidden = !unread;
    badge.textContent = unread ? String(unread) : "";
    if (unread) badge.setAttribute("aria-label", `${unread} 条新消息`);
  }
}
