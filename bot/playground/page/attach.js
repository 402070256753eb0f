// Knows the drawer under the text field: a photo of one's own, a sample photo, a place, a sentence to try.

import { h, icon } from "./dom.js";
import { sample, SAMPLES, shrink } from "./image.js";

export class Attach {
  constructor(composer) {
    this.composer = composer;
    this.file = h("input", {
      type: "file",
      accept: "image/*",
      class: "hush",
      tabindex: "-1",
      "aria-hidden": "true",
      onchange: () => this.chosen(),
    });
    this.el = h("div", { class: "panel", role: "group", "aria-label": "更多功能", hidden: true });
  }

  get places() {
    return this.composer.phone.people.town.places ?? [];
  }

  toggle() {
    if (this.el.hidden) this.menu();
    else this.close(true);
  }

  close(back = false) {
    if (this.el.hidden) return;
    this.el.hidden = true;
    this.composer.plus.setAttribute("aria-expanded", "false");
    if (back) this.composer.plus.focus();
  }

  open(...children) {
    this.el.replaceChildren(...children);
    this.el.hidden = false;
    this.composer.plus.setAttribute("aria-expanded", "true");
    this.el.querySelector(".tile, .choice")?.focus({ preventScroll: true });
  }

  menu() {
    const alone = !this.composer.phone.group && this.places.length > 0;
    this.open(
      h(
        "div",
        { class: "tiles" },
        tile("photo", "照片", () => this.file.click()),
        tile("image", "示例照片", () => this.samples()),
        alone && tile("pin", "定位", () => this.locations()),
        this.sayings().length > 0 && tile("chat", "例句", () => this.examples()),
      ),
      this.file,
    );
  }

  samples() {
    this.open(
      this.back("选一张示例照片"),
      h(
        "div",
        { class: "tiles" },
        SAMPLES.map(({ name, file }) =>
          h(
            "button",
            { type: "button", class: "tile", onclick: () => this.composer.take(sample(file)) },
            h("img", { src: `/playground/static/${file}`, alt: "", width: 96, height: 72 }),
            name,
          ),
        ),
      ),
    );
  }

  locations() {
    const { phone } = this.composer;
    const pick = (place) => {
      this.close();
      this.composer.focus();
      phone.send("location", { lat: place.lat, lon: place.lon }, { kind: "location", text: place.name });
    };
    this.choose(
      "我在哪里",
      this.places.map((place) => [place.name, icon("pin"), () => pick(place)]),
    );
  }

  /** Everything there is to try: a resident's examples, and the ready phrases in full. */
  sayings() {
    return [...this.composer.examples(), ...this.composer.phrases.all()];
  }

  examples() {
    const pick = (text) => {
      this.close();
      this.composer.fill(text);
    };
    this.choose(
      "换一句试试",
      this.sayings().map((text) => [text, null, () => pick(text)]),
    );
  }

  choose(title, choices) {
    const button = ([words, mark, onclick]) =>
      h("li", {}, h("button", { type: "button", class: "choice", onclick }, mark, words));
    this.open(this.back(title), h("ul", {}, choices.map(button)));
  }

  back(title) {
    return h(
      "p",
      { class: "panel__title" },
      title,
      h("button", { type: "button", class: "link", onclick: () => this.menu() }, "返回"),
    );
  }

  chosen() {
    const [file] = this.file.files;
    this.file.value = "";
    if (file) this.composer.take(shrink(file));
  }
}

const tile = (name, label, onclick) =>
  h("button", { type: "button", class: "tile", onclick }, h("span", { class: "tile__icon" }, icon(name)), label);
