// The review page of a sheet.
const VALUES = [];
const hidden = new Set();
let chosen = null;
let zoom = 1;

function start() {
  build();
  recall();
  VALUES.push(...ITEMS.filter((item) => item.isValue));
  if (DATA.dump !== null) drawDump();
  else drawBoxes();
  document.addEventListener("keydown", key);
  speak();
  const asked = decodeURIComponent(location.hash.slice(1));
  if (BY_KEY.has(asked)) choose(BY_KEY.get(asked), "link");
}

// ---- the sheet ----

const placeKey = (place) => JSON.stringify([place.page, place.bbox ?? place.span]);
// What stands at each place: a merged cell is in several rows, a candidate is several measures'.
function placed() {
  const found = new Map();
  for (const item of ITEMS) {
    for (const place of places(item)) {
      const id = placeKey(place);
      if (!found.has(id)) found.set(id, { place, items: [] });
      if (!found.get(id).items.includes(item)) found.get(id).items.push(item);
    }
  }
  return [...found.values()];
}
const statusOf = (item) => (CORRECTIONS.has(item.path) ? "corrected" : item.status);
function lead(items) {
  return items.find((i) => i.doubt) ?? items.find((i) => i.isValue) ?? items[0];
}
function drawBoxes() {
  // Large boxes first, so that the small ones on them can be reached.
  const area = ({ place: { bbox: b } }) => (b[2] - b[0]) * (b[3] - b[1]);
  for (const spot of placed().filter((s) => s.place.bbox).sort((a, b) => area(b) - area(a))) {
    const layer = byId(`page-${spot.place.page}`)?.querySelector(".marks");
    if (!layer) continue;
    const [x0, top, x1, bottom] = spot.place.bbox;
    const first = lead(spot.items);
    const value = first.isValue;
    const margin = value ? 1.2 : 0.4;
    const box = draw("g", { class: "mark", role: "button", tabindex: "-1", onclick: () => chooseAt(spot) },
      draw("rect", { x: x0 - margin, y: top - margin, width: x1 - x0 + 2 * margin, height: bottom - top + 2 * margin, rx: 1.2 }),
      value && draw("text", { class: "tag", x: x1 + 1.5, y: top + 3.5, "aria-hidden": "true" }));
    spot.box = box;
    layer.append(box);
    mark(spot);
  }
}
function drawDump() {
  const spots = placed().filter((s) => s.place.span);
  const cuts = new Set([0, ...DATA.page_starts]);
  for (const { place } of spots) place.span.forEach((at) => cuts.add(at));
  const index = offsets(DATA.dump, cuts);
  const bounds = [...index.keys()].sort((a, b) => a - b);
  const starts = [...DATA.page_starts];
  const pages = byId("pages");
  let sheet = null;
  bounds.forEach((from, i) => {
    if (sheet === null || starts.includes(from)) {
      const number = starts.filter((s) => s <= from).length || 1;
      sheet = make("pre", {});
      pages.append(make("figure", { class: "page dump", id: `page-${number}`, "data-page": number }, sheet));
    }
    const to = bounds[i + 1];
    const text = DATA.dump.slice(index.get(from), to === undefined ? undefined : index.get(to));
    if (!text) return;
    const here = spots.filter(({ place }) => place.span[0] <= from && from < place.span[1]);
    if (here.length === 0) return sheet.append(text);
    const spot = { place: { span: [from, to] }, items: [...new Set(here.flatMap((s) => s.items))] };
    spot.box = make("span", { class: "mark", role: "button", tabindex: "-1", onclick: () => chooseAt(spot) }, text);
    here.forEach((s) => (s.parts ??= []).push(spot));
    sheet.append(spot.box);
    mark(spot);
  });
}
// Where bytes of UTF-8 are in the string, for each of the offsets.
function offsets(text, wanted) {
  const found = new Map();
  let bytes = 0, units = 0;
  for (const c of text) {
    if (wanted.has(bytes)) found.set(bytes, units);
    const point = c.codePointAt(0);
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    units += c.length;
  }
  if (wanted.has(bytes)) found.set(bytes, units);
  return found;
}
const SPOTS = new Map();
function mark(spot) {
  const item = lead(spot.items);
  const status = statusOf(item);
  spot.box.setAttribute("class", `mark k-${item.kind} s-${status}${item.isValue ? " is-value" : ""}`);
  const tag = spot.box.querySelector?.(".tag");
  if (tag) tag.textContent = status === "read" ? "" : MARKS[status];
  spot.box.toggleAttribute("hidden", hidden.has(status));
  spot.box.setAttribute("aria-label", `${say("s_" + status)}: ${item.label} ${CORRECTIONS.get(item.path)?.raw ?? item.raw}`);
  for (const i of spot.items) {
    if (!SPOTS.has(i)) SPOTS.set(i, new Set());
    SPOTS.get(i).add(spot);
  }
}
const allSpots = () => new Set([...SPOTS.values()].flatMap((s) => [...s]));
function chooseAt(spot) {
  if (String(getSelection()).length > 0) return;
  const turn = spot.items.includes(chosen) ? (spot.items.indexOf(chosen) + 1) % spot.items.length : spot.items.indexOf(lead(spot.items));
  choose(spot.items[turn], "paper");
}

// ---- choosing ----

// `from` is where it was chosen: "paper", "list", "keys" or "link"; the other sides follow.
function choose(item, from) {
  document.querySelectorAll(".is-chosen, .is-label").forEach((e) => e.classList.remove("is-chosen", "is-label"));
  document.querySelectorAll("[aria-current]").forEach((e) => e.removeAttribute("aria-current"));
  document.querySelectorAll(".label-box").forEach((e) => e.remove());
  chosen = item;
  if (item) {
    const boxes = [...(SPOTS.get(item) ?? [])].map((s) => s.box);
    boxes.forEach((box) => box.classList.add("is-chosen"));
    labelBoxes(item);
    if (from !== "paper" && boxes.length) {
      magnify(boxes[0]);
      bring(boxes[0], byId("paper"));
    }
    else if (from !== "paper" && fallback(item)) bring(fallback(item), byId("paper"));
    const row = byId(`item-${item.id}`);
    if (row) {
      row.setAttribute("aria-current", "true");
      row.closest("details")?.setAttribute("open", "");
      if (from !== "list") bring(row, byId("list"));
      // Where the keys go, the focus goes, so that it is heard as well as seen.
      if (from === "keys") row.focus({ preventScroll: true });
    }
    history.replaceState(null, "", `#${encodeURIComponent(item.path)}`);
  }
  detail();
}
// The page where a value should be that has no place: that of its label, or of the first section, whose values the
// measures are.
function fallback(item) {
  const page = item.labelAt[0]?.page ?? SHEET.sections[0]?.pages[0];
  return item.kind === "measure" && page ? byId(`page-${page}`)?.querySelector(".picture, pre") : null;
}
// A page that fits the width of a phone is too small to check a number on.
function magnify(box) {
  const height = box.getBoundingClientRect().height;
  if (height > 0 && height < 11) setZoom((zoom * 13) / height);
}
function labelBoxes(item) {
  for (const place of item.labelAt) {
    const layer = place.bbox && byId(`page-${place.page}`)?.querySelector(".marks");
    if (!layer) continue;
    const [x0, top, x1, bottom] = place.bbox;
    layer.prepend(draw("rect", { class: "label-box", x: x0 - 1, y: top - 1, width: x1 - x0 + 2, height: bottom - top + 2 }));
  }
}
function bring(element, pane) {
  const box = element.getBoundingClientRect(), view = pane.getBoundingClientRect();
  const near = Math.min(80, view.height / 4);
  const inside = box.top >= view.top + near && box.bottom <= view.bottom - near && box.left >= view.left && box.right <= view.right;
  if (inside) return;
  pane.scrollTo({
    top: pane.scrollTop + box.top + box.height / 2 - view.top - view.height / 2,
    left: pane.scrollLeft + (box.left >= view.left && box.right <= view.right ? 0 : box.left - view.left - 40),
    behavior: calm() ? "auto" : "smooth",
  });
}
function step(list, by) {
  if (list.length === 0) return notice(say("no_doubts"));
  const at = list.indexOf(chosen);
  if (at >= 0) return choose(list[(at + by + list.length) % list.length], "keys");
  // From something that is not in the list: to the nearest after or before it.
  const id = chosen?.id ?? -1;
  const next = by > 0 ? list.find((i) => i.id > id) ?? list[0] : list.findLast((i) => i.id < id) ?? list.at(-1);
  choose(next, "keys");
}
const doubts = () => VALUES.filter((i) => i.doubt && !CORRECTIONS.has(i.path));

// ---- the record ----

function list() {
  const pane = byId("list");
  const open = new Map([...pane.querySelectorAll("details")].map((d) => [d.dataset.part, d.open]));
  pane.replaceChildren();
  const part = (name, title, count, body, opened) => pane.append(
    make("details", { "data-part": name, open: open.get(name) ?? opened }, make("summary", {}, make("h2", {}, title), make("span", { class: "count" }, String(count))), body));
  if (SHEET.diagnostics.length) part("diagnostics", say("diagnostics"), SHEET.diagnostics.length, diagnosticsList(SHEET.diagnostics), SHEET.diagnostics.some((d) => d.severity !== "info"));
  const measures = ITEMS.filter((i) => i.kind === "measure");
  let group = null;
  if (measures.length) part("measures", say("measures"), measures.length, make("ul", { class: "measures" }, inBlocks(measures).map(([block, item]) => {
    const head = item.group && (item.group !== group || block) ? make("li", { class: "group" }, item.group) : null;
    group = item.group;
    return [block, head, make("li", { class: item.group ? "in-group" : null }, measureRow(item))];
  })), true);
  const fields = ITEMS.filter((i) => i.kind === "field");
  if (fields.length) part("fields", say("fields"), fields.length, make("ul", { class: "measures" }, inBlocks(fields).map(([head, item]) => [head, make("li", {}, measureRow(item))])), true);
  for (const [table, rows] of Object.entries(SHEET.tables)) {
    if (rows.length) part(`table-${table}`, tableTitle(table), rows.length, tableOf(table, rows), rows.length < 8);
  }
  const plain = (kind, title) => {
    const items = ITEMS.filter((i) => i.kind === kind);
    if (items.length) part(kind, title, items.length, make("ul", { class: "plain" }, items.map((i) => make("li", {}, itemButton(i, i.raw)))), false);
  };
  plain("text", say("texts"));
  plain("residue", say("residue"));
  plain("furniture", say("furniture"));
  plain("unclaimed", say("unclaimed"));
  plain("heading", say("sections"));
  if (chosen) byId(`item-${chosen.id}`)?.setAttribute("aria-current", "true");
}
// The items with the head of their block before its first one.
function inBlocks(items) {
  let block;
  return items.map((item) => {
    const head = item.block !== block ? make("li", { class: "group block" }, blockName(item.block)) : null;
    block = item.block;
    return [head, item];
  });
}
const tableTitle = (table) => SHEET.sections.find((s) => s.id === table)?.title ?? DATA.tables[table] ?? table;
function measureRow(item) {
  const correction = CORRECTIONS.get(item.path);
  const shown = correction ? correction.raw || say("blank") : item.raw || "―";
  return make("button", { type: "button", id: `item-${item.id}`, class: `row s-${statusOf(item)}${item.doubt ? " doubt" : ""}`, onclick: () => choose(item, "list") },
    make("span", { class: "name" }, item.label), make("span", { class: "number" }, shown, item.raw || correction ? make("small", {}, ` ${item.unit}`) : null), badge(statusOf(item)));
}
function itemButton(item, text) {
  return make("button", { type: "button", id: `item-${item.id}`, class: `cell s-${statusOf(item)}${item.doubt ? " doubt" : ""}`, onclick: () => choose(item, "list") }, text);
}
function tableOf(table, rows) {
  const names = [...new Set(rows.flatMap((r) => Object.keys(r)))];
  const order = Object.keys(SHEET.columns[table] ?? {});
  const columns = names.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const place = (c) => { const at = rows.map((r) => r[c]?.at?.[0]).find((p) => p); return at?.bbox ? at.bbox[0] : at?.span ? at.span[0] : 0; };
  columns.sort((a, b) => place(a) - place(b));
  return make("div", { class: "scroll" }, make("table", {},
    make("thead", {}, make("tr", {}, columns.map((c) => make("th", { scope: "col" }, columnTitle(table, c))))),
    make("tbody", {}, rows.map((row, r) => make("tr", {}, columns.map((c) => {
      const item = BY_KEY.get(`${table}[${r}].${c}`);
      if (!item) return make("td", {});
      const correction = CORRECTIONS.get(item.path);
      return make("td", {}, itemButton(item, correction ? correction.raw || say("blank") : item.raw || "―"));
    }))))));
}
function diagnosticsList(diagnostics) {
  return make("ul", { class: "diagnostics" }, diagnostics.map((d) => make("li", { class: `severity-${d.severity}` },
    make("strong", {}, say(d.severity)), ` ${d.message} `, make("code", {}, d.code), " ",
    (d.keys ?? []).map((key) => keyItem(key)).filter(Boolean).map((item) => [make("button", { type: "button", class: "link", onclick: () => choose(item, "keys") }, named(item)), " "]))));
}
// The label, with the unit where the label alone does not tell one value from another.
const named = (item) => (item.unit && ITEMS.some((i) => i !== item && i.isValue && i.label === item.label && i.block === item.block && i.unit !== item.unit) ? `${item.label} (${item.unit})` : item.label);
function keyItem(key) {
  if (BY_KEY.has(key)) return BY_KEY.get(key);
  const [table, column] = key.split(".");
  return ITEMS.find((i) => i.key === key) ?? ITEMS.find((i) => i.kind === "cell" && i.table === table && i.column === column);
}

// ---- one item in full ----

function detail() {
  const pane = byId("detail");
  pane.replaceChildren();
  if (!chosen) return pane.append(make("p", { class: "hint" }, say("nothing")));
  const item = chosen, status = statusOf(item), correction = CORRECTIONS.get(item.path);
  const place = places(item)[0];
  pane.append(make("header", {}, make("h2", {}, [blockName(item.block), item.group, item.label].filter(Boolean).join(" › ")), badge(status),
    place && make("span", { class: "where" }, `${say("page")} ${place.page}`),
    make("button", { type: "button", class: "shut", "aria-label": say("close"), onclick: () => choose(null) }, "×")));
  if (item.isValue || item.raw.length < 80) {
    pane.append(make("p", { class: "big" }, correction ? correction.raw || say("blank") : item.raw || say(`s_${item.status}`), item.raw || correction ? make("small", {}, ` ${item.unit}`) : null));
  } else pane.append(make("p", { class: "long" }, item.raw));
  pane.append(make("p", { class: "says" }, say(`d_${status}`)));
  const facts = make("dl", {});
  const fact = (name, ...value) => facts.append(make("dt", {}, name), make("dd", {}, ...value));
  if (correction) fact(say("was"), `${item.raw || "―"} (${say("s_" + item.status)})`);
  const period = item.source.as_of ?? item.source.period;
  if (period) fact(say("as_of"), `${period.text} `, make("code", {}, period.edtf));
  if (item.kind === "measure") {
    fact(say("confidence"), make("meter", { min: 0, max: 1, low: 0.9, high: 0.98, optimum: 1, value: item.source.confidence }), ` ${Number(item.source.confidence.toFixed(3))}`);
    if (item.source.evidence.length) fact(say("evidence"), item.source.evidence.map((e) => say(`e_${e}`)).join(" · "));
  }
  if (item.kind !== "text") {
    const before = item.source.correction;
    if (before) fact(say("was"), `${before.raw || "―"}${before.status ? ` (${say("s_" + before.status)})` : ""}`, before.who ? ` · ${say("by")}: ${before.who}` : "", before.when ? ` · ${before.when}` : "");
  }
  if (facts.children.length) pane.append(facts);
  // What is in doubt is decided here, with what speaks for and against it below.
  const correctable = item.isValue || item.kind === "cell" || item.kind === "field";
  if (correctable && item.candidates.length) pane.append(correctionForm(item, correction));
  if (item.kind === "measure") {
    const worked = arithmetic(item);
    if (worked.length) pane.append(make("h3", {}, say("rules")), make("ul", { class: "rules" }, worked.map(equation)));
  }
  const related = concerned(item);
  if (related.length) pane.append(make("h3", {}, say("diagnostics")), diagnosticsList(related.map((d) => ({ ...d, keys: [] }))));
  if (correctable && !item.candidates.length) pane.append(correctionForm(item, correction));
}
function equation(worked) {
  const state = worked.holds === null ? "unknown" : worked.holds ? "holds" : "fails";
  return make("li", { class: `rule ${state}` },
    worked.read.map((r, i) => [worked.signs[i] ? make("span", { class: "op" }, ` ${worked.signs[i]} `) : null,
      make("button", { type: "button", class: `term s-${statusOf(r.item)}${r.item === chosen ? " own" : ""}`, title: r.item.label, onclick: () => choose(r.item, "keys") },
        make("span", {}, (r.raw || "?") + (r.item.unit === "％" || r.item.unit === "%" ? " %" : "")), make("span", { class: "term-name" }, r.item.label))]),
    make("span", { class: "verdict" }, worked.holds === null ? ` ${say("unknown")}` : worked.holds ? ` ✓ ${say("holds")}` : ` ✗ ${say("fails")}`, worked.note ? ` (${worked.note})` : ""));
}
function correctionForm(item, correction) {
  const form = make("form", { class: "correction" });
  const problem = make("p", { class: "problem", role: "alert" });
  const input = make("input", { type: "text", id: "says", autocomplete: "off", value: correction?.raw ?? (item.status === "ambiguous" ? "" : item.raw) });
  input.value = correction?.raw ?? (item.status === "ambiguous" ? "" : item.raw);
  const take = (raw, place) => {
    const wrong = correct(item, raw, place);
    if (wrong) { problem.textContent = wrong; return; }
    refresh(item);
  };
  if (item.candidates.length) {
    form.append(make("h3", {}, say("candidates")), make("ol", { class: "candidates" }, item.candidates.map((candidate, i) => {
      const worked = typeof candidate.value === "number" ? arithmetic(item, { raw: candidate.raw, value: candidate.value }).filter((w) => w.holds !== null) : [];
      return make("li", {}, make("button", { type: "button", class: "candidate", "data-digit": i + 1, "aria-pressed": correction?.raw === candidate.raw ? "true" : "false", onclick: () => take(candidate.raw, candidate.at.length ? candidate.at : null) },
        make("kbd", {}, String(i + 1)), " ", make("strong", {}, candidate.raw || say("blank")), ` ${candidate.raw ? item.unit : ""} `,
        make("span", { class: "weight" }, `${say("weight")} ${Math.round(candidate.weight * 100)} %`)),
      make("span", { class: "speaks" }, candidate.evidence.map((e) => say(`e_${e}`)).join(" · ")),
      worked.length ? make("span", { class: "speaks" }, worked.map((w) => `${w.holds ? "✓" : "✗"} ${say("e_" + w.rule)}`).join("  ")) : null);
    })));
  }
  const who = make("input", { type: "text", id: "who", autocomplete: "name", size: 10 });
  who.value = memory.get("chohyo-who") ?? "";
  who.addEventListener("change", () => memory.set("chohyo-who", who.value.trim()));
  form.append(make("div", { class: "fields" },
    make("label", {}, say("says"), input), make("label", {}, say("who"), who),
    make("button", { type: "submit", class: "primary" }, say("correct")),
    correction && make("button", { type: "button", id: "undo", onclick: () => { CORRECTIONS.delete(item.path); remember(); refresh(item); } }, say("undo"))), problem);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    memory.set("chohyo-who", who.value.trim());
    const picked = item.candidates.find((c) => c.raw === input.value.trim() && c.at.length);
    take(input.value, picked?.at ?? null);
  });
  return form;
}
function refresh(item) {
  SPOTS.get(item)?.forEach(mark);
  SPOTS.get(item)?.forEach((s) => s.box.classList.add("is-chosen"));
  frame();
  list();
  detail();
  byId(`item-${item.id}`)?.focus({ preventScroll: true });
}

// ---- the frame ----

function frame() {
  const place = SHEET.municipality ? `${SHEET.municipality.name}` : SHEET.source.name;
  byId("title").textContent = SHEET.fiscal_year ? `${place} ${SHEET.fiscal_year}${language === "ja" ? say("fiscal_year") : ""}` : place;
  byId("source").textContent = [SHEET.source.name, `${SHEET.source.pages} ${say("pages")}`, SHEET.form.id, SHEET.source.sha256.slice(0, 12)].filter(Boolean).join(" · ");
  if (DATA.index) fill(byId("back"), { href: DATA.index }, []).hidden = false;
  byId("back").textContent = `← ${say("index")}`;
  const counts = new Map();
  for (const item of ITEMS) {
    const status = statusOf(item);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  byId("chips").setAttribute("aria-label", say("show"));
  byId("chips").replaceChildren(...Object.keys(MARKS).filter((s) => counts.has(s)).map((status) =>
    make("button", { type: "button", class: `chip s-${status}`, "aria-pressed": hidden.has(status) ? "false" : "true", title: say("d_" + status), onclick: () => toggle(status) },
      make("span", { class: "sign", "aria-hidden": "true" }, MARKS[status]), ` ${say("s_" + status)} `, make("b", {}, String(counts.get(status))))));
  const tool = (name, sign, act, extra = {}) => make("button", { type: "button", id: `do-${name}`, title: say(name), "aria-label": say(name), onclick: act, ...extra }, sign);
  byId("tools").setAttribute("aria-label", say("keys"));
  byId("tools").replaceChildren(
    tool("previous", "▲", () => step(VALUES, -1)), tool("next", "▼", () => step(VALUES, 1)),
    tool("previous_doubt", "▲?", () => step(doubts(), -1)),
    tool("next_doubt", `▼? ${doubts().length}`, () => step(doubts(), 1), { class: doubts().length ? "doubtful" : null }),
    tool("smaller", "−", () => scale(zoom / 1.25)), tool("larger", "＋", () => scale(zoom * 1.25)),
    tool("save", `✎ ${CORRECTIONS.size}`, save, { class: CORRECTIONS.size ? "primary" : null }),
    tool("language", say("language"), speakOther), tool("help", "?", help));
  byId("do-language").removeAttribute("title");
  byId("do-language").setAttribute("aria-label", say("language"));
}
function toggle(status) {
  if (!hidden.delete(status)) hidden.add(status);
  allSpots().forEach(mark);
  if (chosen) SPOTS.get(chosen)?.forEach((s) => s.box.classList.add("is-chosen"));
  frame();
}
function setZoom(to) {
  zoom = Math.min(6, Math.max(0.4, to));
  byId("pages").style.setProperty("--zoom", zoom.toFixed(3));
}
function scale(to) {
  setZoom(to);
  if (chosen) [...(SPOTS.get(chosen) ?? [])].slice(0, 1).forEach((s) => bring(s.box, byId("paper")));
}
function speakOther() {
  language = language === "ja" ? "en" : "ja";
  memory.set("chohyo-language", language);
  speak();
}
function speak() {
  document.documentElement.lang = language;
  byId("paper").setAttribute("aria-label", say("paper"));
  byId("record").setAttribute("aria-label", say("record"));
  byId("detail").setAttribute("aria-label", say("chosen"));
  for (const figure of document.querySelectorAll("figure.page")) {
    figure.setAttribute("aria-label", `${say("page")} ${figure.dataset.page}`);
    figure.querySelector("figcaption")?.remove();
    figure.append(make("figcaption", {}, `${say("page")} ${figure.dataset.page} / ${SHEET.source.pages}${figure.dataset.cut ? ` · ${say("cut")}` : ""}`));
  }
  allSpots().forEach(mark);
  if (chosen) SPOTS.get(chosen)?.forEach((s) => s.box.classList.add("is-chosen"));
  frame();
  list();
  detail();
}
function help() {
  const keys = [["j / k", "k_j"], ["n / N", "k_n"], ["c", "k_enter"], ["1 … 9", "k_digit"], ["s", "k_s"], ["+ / - / 0", "k_zoom"], ["l", "k_l"], ["Esc", "k_esc"], ["?", "k_help"]];
  byId("help").replaceChildren(make("h2", {}, say("help")), make("p", {}, say("how")), make("p", {}, say("how_correct")),
    make("dl", {}, keys.flatMap(([k, what]) => [make("dt", {}, make("kbd", {}, k)), make("dd", {}, say(what))])),
    make("ul", { class: "legend" }, Object.keys(MARKS).map((s) => make("li", {}, badge(s), ` ${say("d_" + s)}`))),
    make("button", { type: "button", class: "primary", onclick: () => byId("help").close() }, say("close")));
  byId("help").showModal();
}
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "Escape") {
    if (typing) event.target.blur();
    else choose(null);
    return;
  }
  if (typing) return;
  const digit = /^[1-9]$/.test(event.key) && document.querySelector(`[data-digit="${event.key}"]`);
  const act = {
    j: () => step(VALUES, 1), k: () => step(VALUES, -1), n: () => step(doubts(), 1), N: () => step(doubts(), -1),
    c: () => { byId("says")?.focus(); byId("says")?.select(); }, s: save, "?": help, l: speakOther,
    "+": () => scale(zoom * 1.25), ";": () => scale(zoom * 1.25), "-": () => scale(zoom / 1.25), 0: () => scale(1),
  }[event.key] ?? (digit ? () => digit.click() : null);
  if (!act) return;
  event.preventDefault();
  act();
}
start();
