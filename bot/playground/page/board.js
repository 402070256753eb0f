// Knows the board: the cases by state, and the rates with what they are counted from.

import { h, settle } from "./dom.js";
import { Filters } from "./filters.js";
import { chip } from "./line.js";
import { spoken } from "./time.js";

const COLUMNS = [
  ["待派单", ["collected"]],
  ["已派单", ["assigned"]],
  ["办理中", ["handling"]],
  ["待评价", ["fed_back"]],
  ["已办结", ["closed"]],
  ["其他", ["referred", "withdrawn", "merged"]],
];
const WEIGHT = { red: 0, yellow: 1, green: 2 };

export class Board {
  constructor(session, el) {
    this.session = session;
    this.known = new Map();
    this.rates = h("dl", { class: "rates" });
    this.columns = COLUMNS.map(([name, states]) => {
      const count = h("span", { class: "column__count" });
      const list = h("ul", { class: "column__list" });
      const rest = states[0] === "referred" ? "转出、撤回、并案" : "";
      const head = h("h3", { class: "column__name" }, name, count);
      return {
        name,
        states,
        count,
        list,
        rest,
        el: h("section", { class: `column column--${states[0]}`, "aria-label": name }, head, list),
      };
    });
    this.sum = h("p", { class: "board__sum", role: "status" });
    this.filters = new Filters(COLUMNS, () => this.render());
    el.append(
      h(
        "div",
        { class: "board__head" },
        h("div", {}, h("h2", { class: "board__title", id: "board-title", tabindex: "-1" }, "事件看板"), this.sum),
        this.rates,
      ),
      this.filters.el,
      h(
        "div",
        { class: "columns" },
        this.columns.map((column) => column.el),
      ),
    );
    session.addEventListener("view", () => this.render());
  }

  render() {
    const { cases: all, rates } = this.session.view.board;
    const { now } = this.session;
    this.filters.offer(all);
    this.filters.el.hidden = !all.length;
    const cases = this.filters.sift(all);
    this.sum.textContent = all.length ? sum(cases, this.filters.on) : "还没有事件。居民说一句话，这里就会多一张。";
    settle(
      this.rates,
      Object.values(rates).map((rate) => tile(rate)),
    );
    const kept = new Map();
    for (const column of this.columns) {
      column.el.hidden = !this.filters.shows(column.name);
      const found = cases.filter((one) => column.states.includes(one.state));
      found.sort(
        (a, b) =>
          b.overdue - a.overdue || (WEIGHT[a.colour] ?? 3) - (WEIGHT[b.colour] ?? 3) || (a.opened < b.opened ? 1 : -1),
      );
      column.count.textContent = String(found.length);
      column.el.classList.toggle("is-empty", !found.length);
      const items = found.map((one) => this.item(one, now, kept));
      settle(column.list, items.length ? items : [h("li", { class: "column__none" }, column.rest || "暂无")]);
    }
    this.known = kept;
  }

  item(one, now, kept) {
    const mark = JSON.stringify([one, spoken(one.due ?? now, now)]);
    const old = this.known.get(one.case);
    if (old?.mark === mark) {
      kept.set(one.case, old);
      return old.el;
    }
    const button = h(
      "button",
      { type: "button", class: `ticket ticket--${one.colour}`, onclick: () => this.session.tell("open", one.case) },
      h(
        "span",
        { class: "ticket__head" },
        h("b", {}, one.case),
        chip(one.colour),
        one.overdue && h("span", { class: "late" }, "超期"),
        one.paused && h("span", { class: "tag" }, "暂停"),
      ),
      h("span", { class: "ticket__item" }, one.item),
      h("span", { class: "ticket__facts" }, [one.place, one.lead].filter(Boolean).join(" · ")),
      one.voices > 1 && h("span", { class: "ticket__voices" }, `${one.voices}人反映`),
      waits(one) && h("span", { class: "ticket__due" }, waits(one, now)),
    );
    const el = h("li", { class: "is-new" }, button);
    if (old?.el.contains(document.activeElement)) queueMicrotask(() => button.focus({ preventScroll: true }));
    kept.set(one.case, { el, mark });
    return el;
  }
}

const OPEN = ["collected", "assigned", "handling", "fed_back"];

function sum(cases, sifted) {
  const open = cases.filter((one) => OPEN.includes(one.state)).length;
  const count = (key) => cases.filter((one) => one[key]).length;
  const paused = count("paused") ? `，暂停 ${count("paused")} 件` : "";
  return `${sifted ? "筛出" : "共"} ${cases.length} 件，在办 ${open} 件，超期 ${count("overdue")} 件${paused}`;
}

/** Until when: a paused case has no running deadline. */
function waits(one, now = 0) {
  if (!OPEN.includes(one.state)) return "";
  if (one.paused) return one.paused_until ? `暂停到 ${spoken(one.paused_until, now)}` : "暂停中";
  return one.due ? `期限 ${spoken(one.due, now)}` : "";
}

/** How far a rate is from its goal; the words beside it say the same. */
function goalBar(rate) {
  const bar = h("span", { class: "rate__bar", "aria-hidden": "true" }, h("i", {}), h("b", {}));
  bar.style.setProperty("--value", `${Math.round((rate.value ?? 0) * 100)}%`);
  bar.style.setProperty("--goal", `${Math.round(rate.goal * 100)}%`);
  return h("dd", { class: "rate__goal" }, bar, `目标 ${Math.round(rate.goal * 100)}%`);
}

function tile(rate) {
  const none = rate.value === null || rate.value === undefined;
  const value = none ? "—" : `${Math.round(rate.value * 1000) / 10}%`;
  const of = rate.of ? `${rate.n}/${rate.of} 件` : "暂无数据";
  const unrated = rate.unrated ? `未评价 ${rate.unrated} 件` : "";
  return h(
    "div",
    { class: "rate" },
    h("dt", {}, rate.name),
    h("dd", { class: "rate__value" }, value, none && h("span", { class: "hush" }, "还没有数据")),
    h("dd", { class: "rate__of" }, [of, unrated].filter(Boolean).join(" · ")),
    rate.goal && goalBar(rate),
  );
}
