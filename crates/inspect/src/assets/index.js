// The index of a run.
const DATA = JSON.parse(byId("data").textContent);
const ROWS = DATA.rows;
const HEIGHT = 30;
const COLLATOR = new Intl.Collator("ja", { numeric: true });
const STATUSES = ["read", "solved", "ambiguous", "blank", "null_mark", "placeholder", "missing", "corrected"].filter((s) => ROWS.some((r) => r.counts[s]));
const warnings = (row) => Object.values(row.diagnostics).reduce((a, b) => a + b, 0);
const doubtsOf = (row) => ["ambiguous", "missing", "placeholder"].reduce((sum, s) => sum + (row.counts[s] ?? 0), 0);
ROWS.forEach((row, i) => {
  row.index = i;
  row.words = [row.name, row.path, row.year ?? "", ...Object.keys(row.diagnostics), ...Object.keys(row.counts)].join(" ").normalize("NFKC").toLowerCase();
});
const state = { text: "", year: "", doubtful: false, only: null, onlyName: "", by: null, down: false, rows: ROWS };

const COLUMNS = () => [
  { id: "municipality", of: (r) => `${r.code || "~"} ${r.name}` }, { id: "fiscal_year", of: (r) => r.year ?? 0, n: true }, { id: "file", of: (r) => r.path },
  ...STATUSES.map((s) => ({ id: `s_${s}`, status: s, of: (r) => r.counts[s] ?? 0, n: true })),
  { id: "diagnostics", of: warnings, n: true },
];
function select() {
  const words = state.text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  state.rows = ROWS.filter((r) => (state.year === "" || String(r.year ?? "") === state.year) && (!state.doubtful || doubtsOf(r) + warnings(r) > 0)
    && (state.only === null || state.only.has(r.index)) && words.every((w) => r.words.includes(w)));
  const column = COLUMNS().find((c) => c.id === state.by);
  if (column) {
    const by = new Map(state.rows.map((r) => [r, column.of(r)]));
    const compare = (a, b) => (column.n ? by.get(a) - by.get(b) : COLLATOR.compare(by.get(a), by.get(b)));
    state.rows.sort((a, b) => (state.down ? compare(b, a) : compare(a, b)) || a.index - b.index);
  }
  byId("window").scrollTop = 0;
  byId("shown").textContent = `${state.rows.length} / ${ROWS.length}${state.onlyName ? ` · ${state.onlyName}` : ""}`;
  byId("clear").hidden = state.only === null;
  rowsInView();
}
// Only the rows in view are in the page, so that thousands of sheets cost no more than dozens.
function rowsInView() {
  const pane = byId("window"), body = byId("rows");
  const first = Math.max(0, Math.floor(pane.scrollTop / HEIGHT) - 10);
  const last = Math.min(state.rows.length, first + Math.ceil(pane.clientHeight / HEIGHT) + 24);
  const columns = COLUMNS();
  const spacer = (count) => {
    const cell = make("td", { colspan: columns.length });
    cell.style.height = `${count * HEIGHT}px`;
    return make("tr", { class: "spacer", "aria-hidden": "true" }, cell);
  };
  const focused = document.activeElement?.dataset?.row;
  body.replaceChildren(spacer(first), ...state.rows.slice(first, last).map((row, i) => make("tr", { "aria-rowindex": first + i + 2, "data-index": row.index },
    columns.map((c) => {
      if (c.id === "municipality") return make("td", {}, row.page ? make("a", { href: address(row), "data-row": row.index }, row.name || row.path) : row.name || "―");
      if (c.id === "file") return make("td", { title: row.path }, row.path);
      if (c.id === "fiscal_year") return make("td", { class: "n some" }, String(row.year ?? "―"));
      const value = c.of(row);
      const codes = c.id === "diagnostics" ? Object.keys(row.diagnostics).join(", ") : null;
      return make("td", { class: `n s-${c.status ?? "ambiguous"}${value ? " some" : ""}`, title: codes }, String(value));
    }))), spacer(state.rows.length - last));
  byId("table").setAttribute("aria-rowcount", state.rows.length + 1);
  if (focused !== undefined) body.querySelector(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
}
function sheets() {
  const years = [...new Set(ROWS.map((r) => r.year))].sort((a, b) => (a ?? 0) - (b ?? 0));
  const option = (value, text) => make("option", { value, selected: state.year === value }, text);
  const pane = make("div", { class: "window", id: "window", tabindex: "0", "aria-label": say("sheets"), onscroll: rowsInView },
    make("table", { id: "table" }, make("thead", {}, make("tr", { "aria-rowindex": 1 }, COLUMNS().map((c) => make("th", { scope: "col", class: c.n ? "n" : null, "aria-sort": state.by === c.id ? (state.down ? "descending" : "ascending") : "none" },
      make("button", { type: "button", "data-sort": c.id, onclick: () => sortBy(c) }, say(c.id) + (state.by === c.id ? (state.down ? " ▼" : " ▲") : "")))))), make("tbody", { id: "rows" })));
  const search = make("input", { type: "search", id: "filter", placeholder: say("filter"), "aria-label": say("filter"), oninput: (e) => { state.text = e.target.value; select(); } });
  search.value = state.text;
  const doubtful = make("input", { type: "checkbox", id: "doubtful", onchange: (e) => { state.doubtful = e.target.checked; select(); } });
  doubtful.checked = state.doubtful;
  byId("sheets").replaceChildren(make("h2", {}, say("sheets")), make("div", { class: "controls" }, search,
    make("label", {}, say("year"), make("select", { id: "year", onchange: (e) => { state.year = e.target.value; select(); } }, option("", say("all")), years.map((y) => option(String(y ?? ""), String(y ?? say("unknown_year")))))),
    make("label", {}, doubtful, say("doubtful")), make("button", { type: "button", id: "clear", hidden: true, onclick: () => only(null, "") }, `× ${say("all")}`), make("span", { id: "shown", class: "shown", role: "status" })), pane);
  select();
}
function sortBy(column) {
  // Numbers are mostly wanted from the largest on.
  if (state.by === column.id) state.down = !state.down;
  else { state.by = column.id; state.down = Boolean(column.n); }
  sheets();
  document.querySelector(`[data-sort="${column.id}"]`).focus();
}
function only(rows, name) {
  state.only = rows && new Set(rows);
  state.onlyName = name;
  document.querySelectorAll(".bar.is-on").forEach((b) => b.classList.remove("is-on"));
  select();
}
function distribution() {
  const pick = (rows, bar, name) => { only(rows, name); bar.classList.add("is-on"); byId("sheets").scrollIntoView({ behavior: calm() ? "auto" : "smooth" }); };
  const open = (row, key) => { const to = address(ROWS[row], key); if (to) location.href = to; else only([row], ROWS[row].name); };
  byId("distribution").replaceChildren(make("h2", {}, say("distribution")),
    make("div", { class: "plots" }, DATA.measures.filter((m) => m.values.length).map((m) => plot(m, ROWS, m.label, pick, open))));
}
function coverage() {
  const share = (part, whole) => [make("meter", { min: 0, max: 1, value: whole ? part / whole : 0 }), ` ${whole ? Math.round((100 * part) / whole) : 0} %`];
  const sections = make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, say("section")), make("th", { class: "n" }, say("found")), make("th", {}, say("share")))),
    make("tbody", {}, DATA.sections.map((s) => make("tr", {}, make("td", {}, s.title || s.id), make("td", { class: "n" }, `${s.sheets} / ${ROWS.length}`), make("td", {}, share(s.sheets, ROWS.length))))));
  const years = new Map();
  for (const row of ROWS) {
    const year = row.year ?? null;
    if (!years.has(year)) years.set(year, { sheets: 0, all: 0, known: 0, ambiguous: 0, missing: 0 });
    const sum = years.get(year);
    sum.sheets += 1;
    for (const [status, count] of Object.entries(row.counts)) {
      sum.all += count;
      if (["read", "solved", "corrected"].includes(status)) sum.known += count;
      if (status === "ambiguous" || status === "missing") sum[status] += count;
    }
  }
  const byYear = make("table", {}, make("thead", {}, make("tr", {}, [say("year"), say("sheets"), say("values"), say("s_ambiguous"), say("s_missing")].map((t, i) => make("th", { class: i === 2 ? null : "n" }, t)))),
    make("tbody", {}, [...years].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)).map(([year, s]) => make("tr", {}, make("td", { class: "n" }, String(year ?? say("unknown_year"))), make("td", { class: "n" }, String(s.sheets)), make("td", {}, share(s.known, s.all)), make("td", { class: "n" }, String(s.ambiguous)), make("td", { class: "n" }, String(s.missing))))));
  byId("coverage").replaceChildren(make("h2", {}, say("coverage")), make("div", { class: "cover" }, make("div", {}, make("h3", {}, say("by_section")), sections), make("div", {}, make("h3", {}, say("by_year")), byYear)));
}
function failures() {
  byId("failures").hidden = DATA.failures.length === 0;
  byId("failures").replaceChildren(make("h2", {}, `${say("failures")} (${DATA.failures.length})`),
    make("table", {}, make("thead", {}, make("tr", {}, [say("file"), say("kind"), say("page"), say("message")].map((t) => make("th", { scope: "col" }, t)))),
      make("tbody", {}, DATA.failures.map((f) => make("tr", {}, make("td", {}, f.path), make("td", {}, f.kind), make("td", {}, String(f.page ?? "")), make("td", {}, f.message))))));
}
function speak() {
  document.documentElement.lang = language;
  document.title = `${say("review")} · ${ROWS.length} ${say("sheets")}`;
  byId("title").textContent = say("review");
  byId("source").textContent = `${ROWS.length} ${say("sheets")} · ${DATA.failures.length} ${say("failures")} · chohyo ${DATA.version}`;
  byId("tools").replaceChildren(make("button", { type: "button", id: "do-language", onclick: () => { language = language === "ja" ? "en" : "ja"; memory.set("chohyo-language", language); speak(); } }, say("language")));
  sheets();
  distribution();
  coverage();
  failures();
}
addEventListener("resize", rowsInView);
speak();
