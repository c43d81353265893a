// Corrections made on this page, and the file they are saved in.
const CORRECTIONS = new Map();
const STORE = `chohyo-corrections-${SHEET.source.sha256}`;

function remember() {
  memory.set(STORE, JSON.stringify([...CORRECTIONS]));
}
function recall() {
  try {
    for (const [path, correction] of JSON.parse(memory.get(STORE) ?? "[]")) {
      if (BY_KEY.has(path) && typeof correction.raw === "string") CORRECTIONS.set(path, correction);
    }
  } catch { /* What cannot be read is as if it were not there. */ }
}
// What was read from the sheet: of a value that is corrected already, before that.
const origin = (item) => item.source.correction ?? { raw: item.raw, status: item.source.status, at: item.at };
// Takes a correction; gives what is wrong with it, or null.
function correct(item, raw, place) {
  const text = raw.trim();
  // To say again what is in doubt is to confirm it.
  if (text === item.raw && !item.doubt) return say("same");
  if (item.isNumber && !isNothing(text) && parseNumber(text) === null) return say("not_number");
  const at = place ?? origin(item).at;
  CORRECTIONS.set(item.path, { raw: text, at, picked: Boolean(place), when: new Date().toISOString().replace(/\.\d+Z$/, "Z"), who: memory.get("chohyo-who") ?? "" });
  remember();
  return null;
}
// A TOML basic string: JSON's escapes are TOML's, but for DEL.
const quoted = (text) => JSON.stringify(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")).replace(/\u007f/g, "\\u007F");
const tomlPlace = (p) => `{ page = ${p.page}, ` + (p.bbox ? `bbox = [${p.bbox.map((v) => decimal(v)).join(", ")}]` : `span = [${p.span.join(", ")}]`) + " }";
const decimal = (v) => (Number.isInteger(v) ? `${v}.0` : String(v));
const tomlPlaces = (places) => `[${places.map(tomlPlace).join(", ")}]`;

function correctionsFile() {
  const lines = [
    `schema = "chohyo.corrections/1"`, "", "[source]", `name = ${quoted(SHEET.source.name)}`,
    `sha256 = ${quoted(SHEET.source.sha256)}`, `version = ${quoted(DATA.version)}`,
  ];
  for (const item of ITEMS) {
    const correction = CORRECTIONS.get(item.path);
    if (!correction) continue;
    lines.push("", "[[correction]]");
    if (item.key !== undefined) lines.push(`key = ${quoted(item.key)}`, ...(item.block === undefined ? [] : [`block = ${item.block}`]));
    else lines.push(`table = ${quoted(item.table)}`, `row = ${item.row}`, `column = ${quoted(item.column)}`);
    lines.push(`raw = ${quoted(correction.raw)}`);
    lines.push(`at = ${tomlPlaces(correction.at)}`);
    const was = origin(item);
    lines.push(`printed = ${quoted(correction.picked ? correction.raw : was.raw)}`);
    lines.push(`old = { ${was.status ? `status = ${quoted(was.status)}, ` : ""}raw = ${quoted(was.raw)} }`);
    if (correction.who) lines.push(`who = ${quoted(correction.who)}`);
    lines.push(`when = ${quoted(correction.when)}`);
  }
  return lines.join("\n") + "\n";
}
function save() {
  if (CORRECTIONS.size === 0) return notice(say("nothing_to_save"));
  const url = URL.createObjectURL(new Blob([correctionsFile()], { type: "application/toml" }));
  const name = (SHEET.source.name || "sheet").replace(/\.[^.]*$/, "");
  make("a", { href: url, download: `${name}.corrections.toml` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  notice(say("saved"));
}
