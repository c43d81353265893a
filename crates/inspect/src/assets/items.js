// The record as a list of items: whatever stands somewhere on the sheet.
const DATA = JSON.parse(byId("data").textContent);
const SHEET = DATA.sheet;
const ITEMS = [];
const BY_KEY = new Map();

function addItem(item) {
  item.id = ITEMS.length;
  ITEMS.push(item);
  BY_KEY.set(item.path, item);
  return item;
}
function build() {
  const known = new Map(DATA.measures.map((m) => [m.key, m]));
  for (const m of SHEET.measures) {
    const formed = known.get(m.key);
    addItem({
      kind: "measure", path: m.key, source: m, status: m.status, raw: m.raw, unit: m.unit ?? "",
      label: m.label?.text || formed?.label || m.key, group: m.group?.text || (m.label ? "" : formed?.group) || "",
      at: m.at, candidates: m.candidates ?? [], labelAt: m.label?.at ?? [], isValue: true,
    });
  }
  for (const [table, rows] of Object.entries(SHEET.tables)) {
    rows.forEach((row, r) => {
      for (const [column, cell] of Object.entries(row)) {
        addItem({
          kind: "cell", path: `${table}[${r}].${column}`, table, row: r, column, source: cell,
          status: cell.status ?? (cell.text ? "read" : "blank"), raw: cell.text, unit: cell.unit ?? "",
          label: columnTitle(table, column), group: "", at: cell.at, candidates: [], labelAt: [],
          isValue: cell.status !== undefined,
        });
      }
    });
  }
  const plain = (kind, status, name, texts) => texts.forEach((text, i) => addItem({
    kind, path: `${kind}.${name}[${i}]`, name, source: text, status, raw: text.text, unit: "", label: name, group: "",
    at: text.at, candidates: [], labelAt: [], isValue: false,
  }));
  for (const [name, texts] of Object.entries(SHEET.texts)) plain("text", "text", name, texts);
  plain("heading", "text", "title", [SHEET.title, SHEET.program].filter(Boolean));
  plain("heading", "text", "section", SHEET.sections.map((s) => ({ text: `${s.number} ${s.title}`.trim(), at: s.at })));
  plain("residue", "residue", "residue", SHEET.residue);
  plain("unclaimed", "unclaimed", "unclaimed", SHEET.unclaimed);
  for (const item of ITEMS) item.doubt = isDoubt(item);
}
function columnTitle(table, column) {
  return SHEET.columns[table]?.[column]?.text || column;
}
function concerned(item) {
  return SHEET.diagnostics.filter((d) => (d.keys ?? []).some((key) =>
    key === item.path || (item.kind === "cell" && key === `${item.table}.${item.column}`)));
}
// What a person should look at before the value is used.
function isDoubt(item) {
  if (!item.isValue) return false;
  if (["ambiguous", "missing", "placeholder"].includes(item.status)) return true;
  if (item.kind === "measure" && item.status === "solved" && item.source.confidence < 0.99) return true;
  return item.kind === "measure" && concerned(item).some((d) => d.severity !== "info");
}
// Where an item stands: of an ambiguous one, wherever it may stand.
function places(item) {
  return item.at.length ? item.at : item.candidates.flatMap((c) => c.at);
}

// A number as it may be printed or typed; null for what is none.
function parseNumber(text) {
  const plain = text.normalize("NFKC").replace(/[,\s、，]/g, "").replace(/[−－―ー–]/g, "-");
  const match = /^(-?\d+(?:\.\d+)?)[^\d]*$/.exec(plain);
  return match ? Number(match[1]) : null;
}
const isNothing = (text) => /^[\s‐-―ー−－\-—*＊…・／/]*$/.test(text.normalize("NFKC"));

// What a measure has, a correction of this page first: { raw, value }, or null.
function reading(key) {
  const item = BY_KEY.get(key);
  if (!item || item.kind !== "measure") return null;
  const correction = CORRECTIONS.get(item.path);
  if (correction) return { item, raw: correction.raw, value: parseNumber(correction.raw) };
  return { item, raw: item.raw, value: item.source.value };
}

// The rules of the form that name a measure, each worked out: terms, signs between them, and whether it holds.
function arithmetic(key, assumed) {
  const get = (k) => (assumed && k === key ? { ...reading(k), ...assumed } : reading(k));
  const worked = [];
  for (const relation of DATA.relations) {
    let terms, signs, check, note = "";
    if (relation.rule === "sum") {
      terms = [...relation.parts, relation.total];
      signs = terms.map((_, i) => (i === terms.length - 1 ? "=" : "+"));
      check = (v) => {
        const sum = v.slice(0, -1).reduce((a, b) => a + b, 0);
        note = Math.abs(sum - v.at(-1)) < 1e-6 ? "" : `${sum.toLocaleString("en")} ≠ ${v.at(-1).toLocaleString("en")}`;
        return note === "";
      };
    } else if (relation.rule === "share") {
      terms = [relation.part, relation.total, relation.share];
      signs = ["", "÷", "="];
      check = (v) => {
        const exact = (100 * v[0]) / v[1];
        const places = (get(relation.share).raw.normalize("NFKC").split(".")[1] ?? "").replace(/\D/g, "").length;
        note = Number.isFinite(exact) ? `${exact.toFixed(places + 2)} %` : "";
        return Math.abs(exact - v[2]) <= 10 ** -places + 1e-9;
      };
    } else if (relation.rule === "order") {
      terms = relation.keys;
      signs = terms.map((_, i) => (i === 0 ? "" : "≤"));
      check = (v) => v.every((value, i) => i === 0 || v[i - 1] <= value);
    } else continue;
    if (!terms.includes(key)) continue;
    const read = terms.map(get);
    if (read.some((r) => !r)) continue;
    const known = read.every((r) => typeof r.value === "number");
    worked.push({ rule: relation.rule, keys: terms, signs: relation.rule === "sum" ? ["", ...signs.slice(1)] : signs,
      read, holds: known ? check(read.map((r) => r.value)) : null, note: known ? note : "" });
    if (known) worked.at(-1).note = note;
  }
  return worked;
}
