// Knows how one line of a chat looks: bubbles, photos, places, voice, and cards with buttons.

import { photoAddress } from "./api.js";
import { dialog, h, icon } from "./dom.js";
import { quoted } from "./quote.js";

export const COLOURS = { red: "红·紧急", yellow: "黄·较急", green: "绿·一般" };
const STARS = 4;
const PRIMARY = new Set(["accept", "feed_back", "acknowledge"]); // what moves a case on; answers stay unprompted

/** One line as a list item. `me` is the person whose phone this is. */
export function lineItem(line, me, phone) {
  const mine = line.from === me;
  const side = mine ? "line--me" : "line--them";
  const called = phone.people.get(line.from)?.label ?? line.name;
  const name = !mine && phone.group ? h("p", { class: "line__name" }, called) : null;
  return h(
    "li",
    { class: `line ${side}` },
    phone.people.avatar(line.from, "line__avatar"),
    h(
      "div",
      { class: "line__body" },
      !name && h("span", { class: "hush" }, `${mine ? "我" : called}：`),
      name,
      quoted(line),
      content(line, phone),
    ),
  );
}

function content(line, phone) {
  if (line.kind === "photo") return photos(line, true);
  if (line.kind === "location") return place(line);
  if (line.kind === "voice") return voice(line);
  if (line.from === "bot" && (isCard(line) || line.buttons.length)) return card(line, phone);
  return bubble(line, phone);
}

/** A case as a card: in a group, or the same words in private. */
const isCard = (line) => line.kind === "card" || line.text.startsWith("【");

function bubble(line, phone) {
  return h(
    "div",
    { class: "bubble" },
    h("p", { class: "bubble__text" }, line.text),
    line.photos.length > 0 && photos(line, false),
    line.case &&
      line.from === "bot" &&
      h("p", { class: "bubble__foot" }, line.colour && chip(line.colour), caseLink(line.case, phone)),
  );
}

function card(line, phone) {
  const formal = isCard(line);
  const [head, ...rest] = formal ? line.text.split("\n") : [line.text];
  return h(
    "article",
    { class: `card ${line.colour ? `card--${line.colour}` : ""}` },
    h(
      "div",
      { class: "card__main" },
      (line.colour || line.case) &&
        h(
          "p",
          { class: "card__head" },
          line.colour && chip(line.colour),
          line.case && h("span", { class: "card__acts" }, replyLink(line, phone), caseLink(line.case, phone)),
        ),
      h("p", { class: formal ? "card__title" : "card__text" }, formal ? bare(head, line.case) : head),
      rest.length > 0 && h("p", { class: "card__text" }, rest.join("\n")),
      line.photos.length > 0 && photos(line, false),
      line.edited && h("p", { class: "card__edited" }, icon("check"), "卡片已更新"),
    ),
    line.buttons.length > 0 && buttons(line, phone),
  );
}

/** The first line without what stands above it anyway: 【黄·较急】A0001. */
function bare(head, number) {
  const words = head.replace(/^【[^】]*】/, "").trim();
  return (number && words.startsWith(number) && words.slice(number.length).trim()) || words || head;
}

function buttons(line, phone) {
  const many =
    line.buttons.length > STARS || line.buttons.every((button) => button.label.length <= 2 && line.buttons.length > 2);
  return h(
    "div",
    { class: `card__buttons ${many ? "card__buttons--many" : ""}` },
    line.buttons.map((button) => {
      const done = phone.pressed(line, button);
      return h(
        "button",
        {
          type: "button",
          class: `press ${PRIMARY.has(button.action.split(":")[0]) ? "press--first" : ""} ${done ? "is-pressed" : ""}`,
          onclick: (event) => phone.press(line, button, event.currentTarget),
        },
        done && icon("check"),
        button.label,
      );
    }),
  );
}

export const chip = (colour) =>
  h(
    "span",
    { class: `chip chip--${colour}` },
    h("span", { class: "chip__dot", "aria-hidden": "true" }),
    COLOURS[colour] ?? colour,
  );

const caseLink = (number, phone) =>
  h(
    "button",
    { type: "button", class: "link", onclick: () => phone.open(number), "aria-label": `查看事件 ${number}` },
    `${number} 详情`,
    icon("right"),
  );

/** In a group a card can be answered: what is written next belongs to its case. */
const replyLink = (line, phone) =>
  phone.group &&
  line.kind === "card" &&
  h(
    "button",
    { type: "button", class: "link", "aria-label": `回复 ${line.case} 的卡片`, onclick: () => phone.reply(line) },
    "回复",
  );

function photos(line, alone) {
  const shown = line.photos.map((id) => {
    const address = line.previews?.[id] ?? photoAddress(id);
    const alt = `${line.name}发的照片`;
    return h(
      "button",
      { type: "button", class: "photo", "aria-label": `放大看${alt}`, onclick: () => enlarge(address, alt) },
      h("img", { src: address, alt, loading: "lazy" }),
    );
  });
  return h(
    "div",
    { class: `photos ${alone ? "photos--alone" : ""}` },
    shown,
    alone && line.text && h("p", { class: "bubble bubble__text" }, line.text),
  );
}

function enlarge(address, alt) {
  const shown = dialog("看照片", "sheet--photo", h("img", { src: address, alt }));
  shown.append(
    h("button", { type: "button", class: "round", "aria-label": "关闭", onclick: () => shown.close() }, icon("close")),
  );
}

const place = (line) =>
  h(
    "div",
    { class: "place" },
    h("p", { class: "place__text" }, line.text || "我的位置"),
    h("div", { class: "place__map", "aria-hidden": "true" }, icon("pin")),
  );

function voice(line) {
  const seconds = Math.max(1, Math.min(60, Math.round([...line.text].length / 4)));
  const length = h("div", { class: "bubble voice" }, icon("mic"), h("span", {}, `语音 ${seconds}″`));
  length.style.setProperty("--long", String(Math.min(1, seconds / 20)));
  return h(
    "div",
    { class: "voice__wrap" },
    length,
    line.text && h("p", { class: "voice__text" }, h("span", { class: "voice__mark" }, "转文字"), line.text),
  );
}
