// Knows by what the board is sifted: state, unit and colour.

import { h, icon } from "./dom.js";
import { COLOURS } from "./line.js";

export class Filters {
  constructor(states, onchange) {
    this.states = states;
    this.state = choice("状态", onchange);
    this.unit = choice("网格", onchange);
    this.colour = choice("颜色", onchange);
    options(this.state, states.map(([name]) => name));
    options(this.colour, Object.values(COLOURS));
    const all = [this.state, this.unit, this.colour].map((select) =>
      h("label", { class: "filter" }, h("span", { class: "filter__name" }, select.name), select, icon("down", "filter__down")),
    );
    this.el = h("div", { class: "filters", role: "group", "aria-label": "筛选事件" }, all);
  }

  /** The units that have cases may have changed; what is chosen stays. */
  offer(cases) {
    options(this.unit, [...new Set(cases.map((one) => one.unit_name).filter(Boolean))].sort((a, b) => a.localeCompare(b, "zh")));
    this.unit.parentElement.hidden = this.unit.options.length < 2;
  }

  get on() {
    return [this.state, this.unit, this.colour].some((select) => select.value);
  }

  /** Whether a column is shown. */
  shows(name) {
    return !this.state.value || this.state.value === name;
  }

  sift(cases) {
    const states = this.states.find(([name]) => name === this.state.value)?.[1];
    return cases.filter(
      (one) =>
        (!states || states.includes(one.state)) &&
        (!this.unit.value || one.unit_name === this.unit.value) &&
        (!this.colour.value || COLOURS[one.colour] === this.colour.value),
    );
  }
}

const choice = (name, onchange) => h("select", { name, class: "filter__select", "aria-label": `按${name}筛选`, onchange });

function options(select, names) {
  const before = select.value;
  const mark = names.join();
  if (select.dataset.mark === mark) return;
  select.dataset.mark = mark;
  select.replaceChildren(h("option", { value: "" }, "全部"), ...names.map((name) => h("option", { value: name }, name)));
  select.value = names.includes(before) ? before : "";
}
