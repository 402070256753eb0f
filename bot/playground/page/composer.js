// Knows how one writes on a phone: text, voice, picture, place; Enter sends, but never while an IME composes.

import { Trouble } from "./api.js";
import { Attach } from "./attach.js";
import { h, icon, toast } from "./dom.js";
import { shrink } from "./image.js";
import { Phrases } from "./phrases.js";
import { Quote } from "./quote.js";

const LONGEST = 2000;
const TALLEST = 120;

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.drafts = new Map();
    this.shown = "";
    this.picture = null;
    this.speaking = false;
    this.text = h("textarea", {
      class: "composer__text",
      rows: "1",
      maxlength: String(LONGEST),
      enterkeyhint: "send",
      autocomplete: "off",
      oninput: () => this.resize(),
      onkeydown: (event) => this.key(event),
      onpaste: (event) => this.paste(event),
    });
    this.mic = h("button", { type: "button", class: "tool", onclick: () => this.speak(!this.speaking) });
    this.plus = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": "更多功能",
        "aria-expanded": "false",
        onclick: () => this.attach.toggle(),
      },
      icon("plus"),
    );
    this.submit = h("button", { type: "submit", class: "send", disabled: true }, "发送");
    this.attach = new Attach(this);
    this.quote = new Quote(this);
    this.phrases = new Phrases(this);
    this.as = h("div", { class: "as" });
    this.preview = h("div", { class: "preview", hidden: true });
    this.el = h(
      "form",
      { class: "composer", onsubmit: (event) => this.send(event) },
      this.as,
      this.quote.el,
      this.preview,
      h("div", { class: "composer__row" }, this.mic, this.text, this.plus, this.submit),
      this.phrases.el,
      this.attach.el,
    );
    this.el.addEventListener("keydown", (event) => event.key === "Escape" && this.escape());
  }

  escape() {
    if (!this.attach.el.hidden) this.attach.close(true);
    else if (this.quote.number) this.quote.back();
  }

  /** The sentences a resident may begin with. */
  examples() {
    return this.phone.owner.section === "居民" ? (this.phone.people.town.examples ?? []) : [];
  }

  /** Another owner: their own draft, and in a group the choice of who speaks. */
  dress() {
    const { phone } = this;
    if (this.shown && this.shown !== phone.id) this.drafts.set(this.shown, this.text.value);
    if (this.shown !== phone.id) this.text.value = this.drafts.get(phone.id) ?? "";
    if (this.shown !== phone.id) this.quote.drop();
    this.shown = phone.id;
    this.drop();
    this.attach.close();
    this.speak(false);
    this.as.toggleAttribute("hidden", !phone.group);
    this.mic.toggleAttribute("hidden", Boolean(phone.group));
    this.meet();
    this.resize();
  }

  /** Who may speak here, and what they may say. */
  meet() {
    if (this.phone.group) this.as.replaceChildren(...this.speakers());
    this.phrases.render();
  }

  speakers() {
    const { phone } = this;
    const select = h("select", {
      class: "as__select",
      "aria-label": "在群里以谁的身份",
      onchange: () => phone.speakAs(select.value),
    });
    for (const id of phone.group.members) {
      const one = phone.people.get(id);
      if (one) select.append(h("option", { value: id }, `${one.label}（${one.role_names}）`));
    }
    select.value = phone.me;
    const bot = phone.people.town.bot_name;
    const mention = () =>
      this.fill(this.text.value.startsWith(`@${bot}`) ? this.text.value : `@${bot} ${this.text.value}`);
    return [
      h(
        "label",
        { class: "as__label" },
        h("span", {}, "我是"),
        phone.people.avatar(phone.me, "as__avatar"),
        select,
        icon("down", "as__down"),
      ),
      h("button", { type: "button", class: "as__at", onclick: mention }, `@${bot}`),
    ];
  }

  /** Put words into the field and wait there: the visitor sends them. */
  fill(text) {
    this.text.value = text;
    this.resize();
    this.focus();
    this.text.setSelectionRange(text.length, text.length);
  }

  focus() {
    this.text.focus({ preventScroll: true });
  }

  speak(on) {
    this.speaking = on;
    this.mic.replaceChildren(icon(on ? "keyboard" : "mic"));
    this.mic.setAttribute("aria-label", on ? "改回打字" : "说语音");
    this.mic.setAttribute("aria-pressed", String(on));
    this.el.classList.toggle("is-speaking", on);
    const { owner, me, people, group } = this.phone;
    const words = owner.section === "居民" ? "说说什么事…" : "写一句…";
    this.text.placeholder = on ? "写下说的话…" : words;
    this.text.setAttribute(
      "aria-label",
      on ? "语音识别后的文字" : `${group ? people.get(me)?.label : owner.label}要说的话`,
    );
  }

  key(event) {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.el.requestSubmit(this.submit.disabled ? null : this.submit);
  }

  resize() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, TALLEST)}px`;
    this.submit.disabled = !this.text.value.trim() && !this.picture;
    this.el.classList.toggle("has-words", !this.submit.disabled);
  }

  paste(event) {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    this.take(shrink(file));
  }

  /** A picture has been chosen: show it above the field, with the words there as its caption. */
  async take(making) {
    let blob;
    try {
      blob = await making;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      toast(error.message);
      return;
    }
    this.drop();
    this.attach.close();
    this.picture = { blob, address: URL.createObjectURL(blob) };
    this.preview.replaceChildren(
      h("img", { src: this.picture.address, alt: "要发的照片" }),
      h("p", {}, "写一句说明，或直接发送"),
      h(
        "button",
        { type: "button", class: "round round--small", "aria-label": "不发这张照片", onclick: () => this.drop() },
        icon("close"),
      ),
    );
    this.preview.hidden = false;
    this.resize();
    this.focus();
  }

  drop() {
    this.picture = null;
    this.preview.hidden = true;
    this.preview.replaceChildren();
    this.resize();
  }

  send(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    const { picture, phone } = this;
    if (!text && !picture) return;
    const quote = this.quote.shown;
    this.text.value = "";
    this.drop();
    this.quote.drop();
    this.focus();
    const at = `@${phone.people.town.bot_name}`;
    const addressed = Boolean(phone.group) && text.startsWith(at);
    const said = (addressed && text.slice(at.length).trim()) || text;
    const to = { addressed, quote: quote?.case ?? "" };
    if (picture) {
      phone.send(
        "photo",
        { photo: picture.blob, caption: said, ...to },
        { kind: "photo", text: said, quote, photos: ["new"], previews: { new: picture.address } },
      );
    } else if (this.speaking) {
      phone.send("voice", { text }, { kind: "voice", text });
      this.speak(false);
    } else {
      phone.send("say", { text: said, ...to }, { kind: "text", text: said, quote });
    }
  }
}
