// Knows the scenes: ready sets of three phones, each one click away.

import { h } from "./dom.js";
import { roving } from "./roving.js";

export class Scenes {
  constructor(session, el, go) {
    this.session = session;
    this.go = go;
    this.row = h("div", { class: "scenes__row", role: "toolbar", "aria-label": "换一个场景" });
    this.keys = roving(this.row);
    this.el = el;
    el.append(h("span", { class: "scenes__label", "aria-hidden": "true" }, "场景"), this.row);
    for (const name of ["phones", "town"]) session.addEventListener(name, () => this.render());
    this.render();
  }

  get scenes() {
    return this.session.people.town.scenes ?? [];
  }

  render() {
    const { phones } = this.session;
    const mark = JSON.stringify([this.scenes, phones]);
    if (mark === this.mark) return;
    this.mark = mark;
    const before = [...this.row.children].indexOf(document.activeElement);
    const buttons = this.scenes.map((scene) => this.button(scene, scene.phones.join() === phones.join()));
    this.row.replaceChildren(...buttons);
    this.keys.settle(buttons.find((one) => one.ariaPressed === "true"));
    buttons[before]?.focus();
    this.el.hidden = !buttons.length;
  }

  button(scene, on) {
    const names = scene.phones.map((id) => this.session.people.get(id)?.label).join("、");
    return h(
      "button",
      {
        type: "button",
        class: "scene",
        "aria-pressed": String(on),
        title: names,
        onclick: () => this.play(scene),
      },
      scene.name,
    );
  }

  async play(scene) {
    await this.session.cast(scene.phones);
    this.go(0);
  }
}
