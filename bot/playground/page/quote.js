// Knows the card that is being answered in a group: shown above the text field until it is sent or taken back.

import { h, icon } from "./dom.js";

export class Quote {
  constructor(composer) {
    this.composer = composer;
    this.shown = null;
    this.el = h("div", { class: "quoting", hidden: true });
  }

  /** The number of the case whose card is answered, or “”. */
  get number() {
    return this.shown?.case ?? "";
  }

  answer(line) {
    const head = line.text.split("\n")[0].split(line.case);
    this.shown = { case: line.case, text: head[head.length - 1].trim() };
    const close = h(
      "button",
      { type: "button", class: "round round--small", "aria-label": "不回复这张卡片", onclick: () => this.back() },
      icon("close"),
    );
    this.el.replaceChildren(icon("reply"), h("p", { role: "status" }, `回复 ${this.shown.case} ${this.shown.text}`), close);
    this.el.hidden = false;
    this.composer.focus();
  }

  back() {
    this.drop();
    this.composer.focus();
  }

  drop() {
    this.shown = null;
    this.el.hidden = true;
    this.el.replaceChildren();
  }
}

/** What a line answers, above its words. */
export const quoted = ({ quote }) =>
  quote && h("p", { class: "quoted" }, h("span", { class: "hush" }, "回复 "), icon("reply"), `${quote.case} ${quote.text}`.trim());
