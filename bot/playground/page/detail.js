// Knows one case in full: its facts, its tasks, and its history from the first word to the rating.

import { get, Trouble } from "./api.js";
import { dialog, h, icon, toast } from "./dom.js";
import { chip } from "./line.js";
import { spoken } from "./time.js";

const LEVELS = { micro: "微网格", grid: "网格", community: "社区", street: "街道", county: "区县" };

export async function openCase(number, now) {
  let found;
  try {
    found = await get(`case/${encodeURIComponent(number)}`);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    toast(error.message);
    return;
  }
  const title = h("h2", { class: "sheet__title", tabindex: "-1" }, found.item);
  const shown = dialog(
    `事件 ${number}`,
    "sheet--case",
    h(
      "header",
      { class: "sheet__head" },
      h(
        "p",
        { class: "sheet__tags" },
        h("b", {}, number),
        chip(found.colour),
        h("span", { class: "tag" }, found.state_name),
        found.overdue && h("span", { class: "late" }, "超期"),
        found.paused && h("span", { class: "tag" }, "暂停"),
        found.voices > 1 && h("span", { class: "tag" }, `${found.voices}人反映`),
      ),
      title,
      h(
        "button",
        { type: "button", class: "round", "aria-label": "关闭", onclick: () => shown.close() },
        icon("close"),
      ),
    ),
    h("div", { class: "sheet__body" }, facts(found, now), tasks(found, now), history(found, now)),
  );
  title.focus();
}

function facts(found, now) {
  const rows = [
    ["职责", found.duty],
    ["地点", found.place],
    ["承办", found.lead],
    ["层级", LEVELS[found.level] ?? found.level],
    ["反映人", found.reporters.join("、")],
    ["受理", found.opened && spoken(found.opened, now)],
    ["期限", found.due && spoken(found.due, now)],
    ["暂停到", found.paused_until && spoken(found.paused_until, now)],
  ];
  return h(
    "dl",
    { class: "facts" },
    rows.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

function tasks(found, now) {
  if (!found.tasks.length) return null;
  const due = (task) => (task.due ? `${spoken(task.due, now)}前` : "");
  const line = (task) => [task.kind, task.holder, task.person, task.state, due(task)].filter(Boolean).join(" · ");
  return [
    h("h3", { class: "sheet__part" }, "任务"),
    h(
      "ul",
      { class: "tasks" },
      found.tasks.map((task) => h("li", {}, line(task))),
    ),
  ];
}

function history(found, now) {
  const steps = found.history.map((entry) =>
    h(
      "li",
      { class: "step" },
      h(
        "p",
        { class: "step__head" },
        h("b", {}, entry.step_name),
        h("span", {}, entry.by),
        h("time", { datetime: entry.at }, spoken(entry.at, now)),
      ),
      entry.note && h("p", { class: "step__note" }, entry.note),
    ),
  );
  return [h("h3", { class: "sheet__part" }, "经过"), h("ol", { class: "steps" }, steps)];
}
