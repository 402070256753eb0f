// Knows the ready phrases under the text field: what somebody of this role may say, with the newest case filled in.

import { h } from "./dom.js";
import { roving } from "./roving.js";

const ONE = "A0001";
const TWO = "A0002";

export class Phrases {
  constructor(composer) {
    this.composer = composer;
    this.el = h("div", { class: "phrases", role: "toolbar", "aria-label": "现成的话", hidden: true });
    this.keys = roving(this.el);
    this.el.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  /** The wheel of a mouse moves the row sideways, as long as there is more of it. */
  wheel(event) {
    const before = this.el.scrollLeft;
    if (event.deltaX || event.ctrlKey) return;
    this.el.scrollLeft += event.deltaY;
    if (this.el.scrollLeft !== before) event.preventDefault();
  }

  /** All of them in full, with the cases of this phone. */
  all() {
    const { phone } = this.composer;
    return phone.people.phrases(phone.me, phone.group).map((text) => this.words(text));
  }

  render() {
    const { phone } = this.composer;
    const said = phone.people.phrases(phone.me, phone.group);
    this.el.hidden = !said.length;
    this.el.replaceChildren(...said.map((text) => this.button(text)));
    this.el.scrollLeft = 0;
    this.keys.settle();
  }

  button(text) {
    const fill = () => this.composer.fill(this.words(text));
    return h(
      "button",
      { type: "button", class: "phrase", "aria-label": `填入：${text}`, title: text, onclick: fill },
      h("span", {}, text.split(" ")[0]),
    );
  }

  /** The phrase with the cases of this phone, newest first; in a group the bot is called where no card is answered. */
  words(text) {
    const { phone, quote } = this.composer;
    const [newest = ONE, other = newest === ONE ? TWO : ONE] = [...new Set([quote.number, ...phone.cases()])].filter(
      Boolean,
    );
    const two = text.includes(TWO) && text.includes(ONE);
    const names = two ? { [TWO]: newest, [ONE]: other } : { [TWO]: newest, [ONE]: newest };
    const filled = text.replace(/A000[12]/g, (number) => names[number]);
    const alone = phone.group && !quote.number && filled === text && !text.includes("A000");
    return alone ? `@${phone.people.town.bot_name} ${filled}` : filled;
  }
}
