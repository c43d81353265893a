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
// What a value is called in addresses and in what is kept: its key, and of a repeated section its block.
const pathOf = (key, block) => (block === undefined ? key : `${key}#${block}`);
const blockName = (block) => (block === undefined ? "" : `${say("block")} ${block}`);
const NUMBERS = new Set(DATA.numbers);
function build() {
  const known = new Map(DATA.measures.map((m) => [m.key, m]));
  for (const m of SHEET.measures) {
    const formed = known.get(m.key);
    addItem({
      kind: "measure", path: pathOf(m.key, m.block), key: m.key, block: m.block, source: m, status: m.status, raw: m.raw, unit: m.unit ?? "",
      label: m.label?.text || formed?.label || m.key, group: m.group?.text || (m.label ? "" : formed?.group) || "",
      at: m.at, candidates: m.candidates ?? [], labelAt: m.label?.at ?? [], isValue: true, isNumber: true,
    });
  }
  for (const f of SHEET.fields ?? []) {
    addItem({
      kind: "field", path: pathOf(f.key, f.block), key: f.key, block: f.block, source: f, status: f.status ?? (f.text ? "read" : "blank"),
      raw: f.text, unit: f.unit ?? "", label: f.label?.text || f.key, group: "", at: f.at, candidates: [], labelAt: f.label?.at ?? [],
      isValue: f.status !== undefined, isNumber: NUMBERS.has(f.key),
    });
  }
  for (const [table, rows] of Object.entries(SHEET.tables)) {
    rows.forEach((row, r) => {
      for (const [column, cell] of Object.entries(row)) {
        addItem({
          kind: "cell", path: `${table}[${r}].${column}`, table, row: r, column, source: cell,
          status: cell.status ?? (cell.text ? "read" : "blank"), raw: cell.text, unit: cell.unit ?? "",
          label: columnTitle(table, column), group: "", at: cell.at, candidates: [], labelAt: [],
          isValue: cell.status !== undefined, isNumber: NUMBERS.has(`${table}.${column}`),
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
  plain("heading", "text", "caption", SHEET.sections.flatMap((s) => s.captions ?? []));
  plain("residue", "residue", "residue", SHEET.residue);
  plain("furniture", "text", "furniture", SHEET.furniture ?? []);
  plain("unclaimed", "unclaimed", "unclaimed", SHEET.unclaimed);
  for (const item of ITEMS) item.doubt = isDoubt(item);
}
function columnTitle(table, column) {
  return SHEET.columns[table]?.[column]?.text || column;
}
function concerned(item) {
  return SHEET.diagnostics.filter((d) => (d.keys ?? []).some((key) =>
    key === item.key || (item.kind === "cell" && key === `${item.table}.${item.column}`)));
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

// A number as it may be printed or typed, perhaps with a date in brackets behind it; null for what is none. What takes
// the corrections reads them with more care: this is to tell at once what cannot be one.
const POWERS = { "": 1, 百: 100, 千: 1e3, 万: 1e4, 億: 1e8, 兆: 1e12 };
function parseNumber(text) {
  const plain = text.normalize("NFKC").trim().replace(/^\((.*)\)$/, "$1").replace(/\s*\([^()]*[年月日][^()]*\)$/, "");
  const found = /^(?:約|延べ|計)?\s*([-−–△▲ー]?)\s*(\d[\d,.]*(?:[百千]?[万億兆]?\d[\d,.]*)*[百千]?[万億兆]?)\s*([^\d\s?!?!<>"]*)$/.exec(plain);
  if (!found || /^(?:[かヶカケヵ箇]月|年|月|日|時|分|週)/.test(found[3])) return null;
  let value = 0;
  for (const [, digits, small, large] of found[2].matchAll(/(\d[\d,.]*)([百千]?)([万億兆]?)/g)) {
    if (!/^(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/.test(digits)) return null;
    value += Number(digits.replace(/,/g, "")) * POWERS[small] * POWERS[large];
  }
  return found[1] ? -value : value;
}
const isNothing = (text) => /^(?:[\s‐-―ー−－\-—─━*＊…‥・／/～]*|\.{2,}|[xX×※]|.*(?:なし|無し)。?|無|空欄|未定|未?集計中?|不明|非公表|未設定|未把握|未実施|算出不可|対象外|N\/A|n\/a|NA|n\.a\.)$/.test(text.normalize("NFKC").trim());

// What a measure has, a correction of this page first: { raw, value }, or null.
function reading(key, block) {
  const item = BY_KEY.get(pathOf(key, block));
  if (!item || item.kind !== "measure") return null;
  const correction = CORRECTIONS.get(item.path);
  if (correction) return { item, raw: correction.raw, value: parseNumber(correction.raw) };
  return { item, raw: item.raw, value: item.source.value };
}

// The rules of the form that name a measure, each worked out: terms, signs between them, and whether it holds.
function arithmetic({ key, block }, assumed) {
  const get = (k) => (assumed && k === key ? { ...reading(k, block), ...assumed } : reading(k, block));
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
