// What the review page of a sheet and the index share. All text goes into the page as text, never as markup.
const SVG = "http://www.w3.org/2000/svg";
const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* A page may be shown where nothing can be kept. */ } },
};
let language = memory.get("chohyo-language")
  || ((navigator.language || "ja").toLowerCase().startsWith("ja") ? "ja" : "en");
const say = (key) => WORDS[language][key] ?? key;
const byId = (id) => document.getElementById(id);

// An element: attributes by name, "on…" listeners, then children; a string is a text node.
function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}
function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}
const MARKS = {
  read: "✓", solved: "∑", ambiguous: "?", blank: "○", null_mark: "–", placeholder: "□",
  missing: "✗", corrected: "✎", residue: "¶", unclaimed: "·", text: "≡",
};
const badge = (status) =>
  make("span", { class: `badge s-${status}` }, make("span", { class: "sign", "aria-hidden": "true" }, MARKS[status] ?? ""), ` ${say("s_" + status)}`);

let noticeTimer = 0;
function notice(text) {
  byId("notice").textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { byId("notice").textContent = ""; }, 4000);
}
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
