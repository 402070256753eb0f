// Knows how elements are made: text only ever goes in as text, never as HTML.

const SPRITE = "/playground/static/icons.svg";
const SVG = "http://www.w3.org/2000/svg";

export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") el.className = value;
    else if (key.startsWith("on")) el.addEventListener(key.slice(2), value);
    else el.setAttribute(key, value === true ? "" : value);
  }
  el.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return el;
}

export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** Make `parent` hold exactly `nodes`, in order, moving as few as possible (a live region reads only what is new). */
export function settle(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let cursor = parent.firstChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

let toastTimer = 0;

/** One line at the bottom that goes away by itself. */
export function toast(text) {
  const el = document.getElementById("toast");
  clearTimeout(toastTimer);
  el.textContent = text;
  el.classList.add("is-on");
  toastTimer = setTimeout(() => el.classList.remove("is-on"), 3200);
}

/** A modal dialog that closes by its button, Esc or a click beside it, and gives the focus back. */
export function dialog(label, extra, ...children) {
  const before = document.activeElement;
  const el = h("dialog", { class: `sheet ${extra}`, "aria-label": label }, ...children);
  el.addEventListener("click", (event) => event.target === el && el.close());
  el.addEventListener("close", () => {
    el.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  document.body.append(el);
  el.showModal();
  return el;
}

export const smooth = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
