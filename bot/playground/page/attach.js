// Knows the drawer under the text field: a photo of one's own, a sample photo, a place.

import { h, icon } from "./dom.js";
import { sample, SAMPLES, shrink } from "./image.js";

export class Attach {
  constructor(composer) {
    this.composer = composer;
    this.file = h("input", { type: "file", accept: "image/*", class: "hush", tabindex: "-1", "aria-hidden": "true", onchange: () => this.chosen() });
    this.el = h("div", { class: "panel", role: "group", "aria-label": "照片和定位", hidden: true });
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
    this.composer.el.classList.remove("has-panel");
    this.composer.plus.setAttribute("aria-expanded", "false");
    if (back) this.composer.plus.focus();
  }

  open(...children) {
    this.el.replaceChildren(...children);
    this.el.hidden = false;
    this.composer.el.classList.add("has-panel");
    this.composer.plus.setAttribute("aria-expanded", "true");
    this.el.querySelector("button")?.focus({ preventScroll: true });
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
    const pick = (place) => {
      this.close();
      this.composer.focus();
      this.composer.phone.send("location", { lat: place.lat, lon: place.lon }, { kind: "location", text: place.name });
    };
    this.open(
      this.back("我在哪里"),
      h("ul", { class: "places" }, this.places.map((place) => h("li", {}, h("button", { type: "button", class: "place-button", onclick: () => pick(place) }, icon("pin"), place.name)))),
    );
  }

  back(title) {
    return h("p", { class: "panel__title" }, title, h("button", { type: "button", class: "link", onclick: () => this.menu() }, "返回"));
  }

  chosen() {
    const [file] = this.file.files;
    this.file.value = "";
    if (file) this.composer.take(shrink(file));
  }
}

const tile = (name, label, onclick) => h("button", { type: "button", class: "tile", onclick }, h("span", { class: "tile__icon" }, icon(name)), label);
