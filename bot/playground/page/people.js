// Knows the people and groups of the sample town: how they are sorted, called and coloured, and who is shown first.

import { h, icon } from "./dom.js";

const SECTIONS = [
  ["值班", ["dispatcher", "supervisor", "admin"]],
  ["部门", ["department"]],
  ["调解员", ["mediator"]],
  ["网格员", ["grid_worker", "grid_head", "liaison"]],
];
const ORDER = ["居民", "网格员", "调解员", "部门", "值班", "群"];
const PALETTE = ["#2563a8", "#a1386f", "#0f766e", "#9a3412", "#5b4bb7", "#4d6b12", "#8a5a00", "#a83232", "#33607a"];

export class People {
  constructor(town) {
    this.read(town);
  }

  /** The town as it is told: at first, and when its people or groups have changed. */
  read(town) {
    this.town = town;
    this.all = new Map();
    for (const [n, person] of town.people.entries()) {
      const section = SECTIONS.find(([, roles]) => roles.some((role) => person.roles.includes(role)))?.[0] ?? "居民";
      this.all.set(person.id, {
        ...person,
        section,
        label: section === "居民" ? person.call || person.name : person.name,
        colour: PALETTE[n % PALETTE.length],
      });
    }
    for (const group of town.groups)
      this.all.set(group.id, { ...group, section: "群", label: group.name, group: true });
  }

  get(id) {
    return this.all.get(id);
  }

  /** Name and role on one line, as the switcher shows them. */
  line(one) {
    if (one.group) return `${one.members.length} 人`;
    return [one.role_names, one.unit_name].filter(Boolean).join(" · ");
  }

  /** The sections of the switcher that have somebody in them. */
  sections() {
    return ORDER.map((name) => [name, [...this.all.values()].filter((one) => one.section === name)]).filter(
      ([, found]) => found.length,
    );
  }

  /** A resident, the work group of their grid, and a grid worker of it. */
  first() {
    if (this.town.start?.length === 3 && this.town.start.every((id) => this.all.has(id))) return this.town.start;
    const people = [...this.all.values()];
    const resident = people.find((one) => one.section === "居民") ?? people[0];
    const workers = people.filter((one) => !one.group && one.roles.includes("grid_worker"));
    const worker = workers.find((one) => one.unit === resident.unit) ?? workers[0] ?? people[0];
    const groups = people.filter((one) => one.group && one.purpose === "work");
    const group = groups.find((one) => one.members.includes(worker.id)) ?? groups[0] ?? worker;
    return [resident.id, group.id, worker.id];
  }

  /** As whom a visitor speaks in a group at first: a resident among residents, else a grid worker if there is one. */
  speaker(group) {
    const members = group.members.map((id) => this.all.get(id)).filter(Boolean);
    const wanted = group.purpose === "residents" ? "resident" : "grid_worker";
    const fitting = members.filter((one) => one.roles.includes(wanted));
    return (fitting.find((one) => one.roles.length === 1) ?? fitting[0] ?? members[0])?.id ?? "";
  }

  /** What somebody may say, by the purpose of the group and by their roles. */
  phrases(id, group) {
    const kinds = [group?.purpose, ...(this.get(id)?.roles ?? [])];
    const said = kinds.flatMap((kind) => this.town.phrases?.[kind] ?? []);
    return [...new Set(said)];
  }

  avatar(id, extra = "") {
    const one = this.all.get(id);
    if (id === "bot" || !one) {
      return h("img", { class: `avatar ${extra}`, src: "/playground/static/logo.svg", alt: "", width: 40, height: 40 });
    }
    const el = h("span", { class: `avatar ${extra}`, "aria-hidden": "true" }, one.group ? icon("group") : initial(one));
    el.style.setProperty("--avatar", one.group ? "#4b5a53" : one.colour);
    return el;
  }
}

const initial = (one) => [...(one.name || one.label)][0] ?? "";
