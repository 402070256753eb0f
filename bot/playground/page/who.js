// Knows the name plate above a phone, by which a visitor hands the phone to somebody else.

import { h, icon } from "./dom.js";

const NTH = ["第一部", "第二部", "第三部"];

export class Who {
  constructor(phone) {
    this.phone = phone;
    this.face = h("span", { class: "who__face" });
    this.name = h("span", { class: "who__name" });
    this.role = h("span", { class: "who__role" });
    this.select = h("select", {
      class: "who__select",
      "aria-label": `${NTH[phone.index]}手机换成谁的`,
      onchange: () => phone.session.show(phone.index, this.select.value),
    });
    this.fill();
    this.el = h(
      "div",
      { class: "who" },
      this.face,
      h("span", { class: "who__text", "aria-hidden": "true" }, this.name, this.role),
      h("span", { class: "who__turn", "aria-hidden": "true" }, "切换", icon("down")),
      this.select,
    );
  }

  /** Everybody there is now. */
  fill() {
    const option = (one) => h("option", { value: one.id }, this.words(one));
    this.select.replaceChildren(
      ...this.phone.people.sections().map(([section, found]) => h("optgroup", { label: section }, found.map(option))),
    );
  }

  words(one, unread = 0) {
    const mark = unread ? `● ${unread} 条新  ` : "";
    return one.group ? `${mark}${one.label}` : `${mark}${one.label}（${this.phone.people.line(one)}）`;
  }

  dress() {
    const { owner, people, id } = this.phone;
    this.face.replaceChildren(people.avatar(id));
    this.name.textContent = owner.label;
    this.role.textContent = people.line(owner);
    this.select.value = id;
  }

  /** Marks in the list who has something new. */
  mark(unread) {
    for (const option of this.select.querySelectorAll("option")) {
      const words = this.words(this.phone.people.get(option.value), unread.of(option.value));
      if (option.textContent !== words) option.textContent = words;
    }
  }
}
