// Knows how a finished month is put into the town, so that the board and the rates have something to show.

import { post, Trouble } from "./api.js";
import { dialog, h, icon, toast } from "./dom.js";

const PATIENCE = 15 * 60 * 1000;

export class Demo {
  constructor(session) {
    this.session = session;
    this.button = h(
      "button",
      { type: "button", class: "tools__button", "aria-label": "装入示例月份", onclick: () => this.ask() },
      icon("month"),
      h("span", {}, "示例月份"),
    );
    document.getElementById("tools").append(this.button);
    session.addEventListener("town", () => this.render());
    this.render();
  }

  render() {
    this.button.hidden = !this.session.people.town.demo;
  }

  ask() {
    const body = h("div", {});
    const yes = h("button", { type: "button", class: "press press--first", onclick: () => this.load(shown, body) }, "装入");
    const no = h("button", { type: "button", class: "press", autofocus: true, onclick: () => shown.close() }, "先不");
    body.append(
      h("p", {}, "小镇会换成办完一个月的样子：几百件事、评价和各项比率。现在的聊天和事件会清空。"),
      h("div", { class: "sheet__buttons" }, no, yes),
    );
    const shown = dialog("装入示例月份", "sheet--ask", h("h2", { class: "sheet__title" }, "装入示例月份？"), body);
  }

  async load(shown, body) {
    body.replaceChildren(
      h("p", { class: "waiting", role: "status" }, h("span", { class: "sending", "aria-hidden": "true" }), "正在装入，可能要一两分钟…"),
    );
    try {
      await post("demo", {}, PATIENCE);
      location.reload();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      shown.close();
      toast(error.message);
      this.session.forget();
      await this.session.refresh();
    }
  }
}
