// The values of one measure over all sheets.
const BINS = 28;

// Counts are compared on a logarithmic scale, shares on a plain one.
function scaleOf(series) {
  const linear = /^[%％]$/.test(series.unit) || series.values.every(([, v]) => v >= 0 && v <= 20);
  return linear ? { log: false, of: (v) => v, back: (x) => x } : { log: true, of: (v) => Math.log10(Math.max(v, 0.5)), back: (x) => 10 ** x };
}
function quantile(sorted, q) {
  if (sorted.length === 0) return NaN;
  const at = (sorted.length - 1) * q, low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}
// Values far from the others, or from the same municipality's in another year: a misread, or a story.
function outliersOf(series, scale, rows) {
  const points = series.values.map(([row, value, status]) => ({ row, value, status, x: scale.of(value) }));
  const sorted = points.map((p) => p.x).sort((a, b) => a - b);
  const middle = quantile(sorted, 0.5);
  const deviation = 1.4826 * quantile(points.map((p) => Math.abs(p.x - middle)).sort((a, b) => a - b), 0.5);
  // A tenth of the scale's unit at least, lest equal values make every other one far off.
  const reach = Math.max(3.5 * deviation, scale.log ? 0.5 : 10);
  const found = new Map();
  if (points.length >= 8) for (const p of points) if (Math.abs(p.x - middle) > reach) found.set(p.row, { ...p, than: scale.back(middle), of: "median" });
  const years = new Map();
  for (const p of points) {
    const { code, year } = rows[p.row];
    if (!code || year === null) continue;
    if (!years.has(code)) years.set(code, []);
    years.get(code).push({ ...p, year });
  }
  for (const same of years.values()) {
    same.sort((a, b) => a.year - b.year);
    for (let i = 1; i < same.length; i += 1) {
      const [before, after] = [same[i - 1], same[i]];
      const jump = Math.abs(after.x - before.x);
      if (before.year === after.year || jump <= (scale.log ? Math.log10(3) : 20) || Math.max(before.value, after.value) < 10) continue;
      const odd = Math.abs(after.x - middle) >= Math.abs(before.x - middle) ? after : before;
      if (!found.has(odd.row)) found.set(odd.row, { ...odd, than: (odd === after ? before : after).value, of: String((odd === after ? before : after).year) });
    }
  }
  return { middle: scale.back(middle), list: [...found.values()].sort((a, b) => Math.abs(b.x - middle) - Math.abs(a.x - middle)) };
}
const short = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });

// A histogram with the outliers as points under it. `pick` is called with the rows of a bar, `open` with one row.
function plot(series, rows, name, pick, open) {
  const scale = scaleOf(series);
  const xs = series.values.map(([, value]) => scale.of(value));
  const values = series.values.map(([, value]) => value), [least, greatest] = [Math.min(...values), Math.max(...values)];
  let low = Math.min(...xs), high = Math.max(...xs);
  if (low === high) { low -= 0.5; high += 0.5; }
  const bins = Array.from({ length: BINS }, () => []);
  series.values.forEach(([row], i) => bins[Math.min(BINS - 1, Math.floor(((xs[i] - low) / (high - low)) * BINS))].push(row));
  const most = Math.max(...bins.map((b) => b.length));
  const { middle, list } = outliersOf(series, scale, rows);
  const width = 280, floor = 66, at = (x) => ((x - low) / (high - low)) * width;
  const svg = draw("svg", { viewBox: `0 0 ${width} 92`, role: "group", "aria-label": name, preserveAspectRatio: "none" });
  bins.forEach((bin, i) => {
    if (bin.length === 0) return;
    const height = Math.max(2, (bin.length / most) * (floor - 4));
    const from = scale.back(low + ((high - low) * i) / BINS), to = scale.back(low + ((high - low) * (i + 1)) / BINS);
    const label = `${short(from)} – ${short(to)} ${series.unit}: ${bin.length}`;
    const bar = draw("rect", { class: "bar", x: (i * width) / BINS + 0.5, y: floor - height, width: width / BINS - 1, height, role: "button", tabindex: "0", "aria-label": label,
      onclick: () => pick(bin, bar, `${name} ${label}`), onkeydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); pick(bin, bar, `${name} ${label}`); } } },
      draw("title", {}, label));
    svg.append(bar);
  });
  svg.append(draw("line", { class: "axis", x1: 0, x2: width, y1: floor, y2: floor }));
  svg.append(draw("text", { x: 0, y: 90 }, short(least)), draw("text", { x: width, y: 90, "text-anchor": "end" }, short(greatest)));
  for (const point of list) {
    svg.append(draw("circle", { class: "out", cx: at(point.x), cy: floor + 8, r: 4, onclick: () => open(point.row, series.key) }, draw("title", {}, `${rows[point.row].name} ${rows[point.row].year ?? ""}: ${short(point.value)}`)));
  }
  const shown = list.slice(0, 40);
  return make("article", { class: "plot", "data-key": series.key }, make("h3", {}, name),
    make("p", { class: "facts" }, `${series.values.length} ${say("values")} · ${say("median")} ${short(middle)} ${series.unit}${scale.log ? ` · ${say("log")}` : ""}`), svg,
    list.length ? make("ul", { class: "outliers", "aria-label": say("outliers") }, shown.map((point) => make("li", {},
      make("a", { href: address(rows[point.row], series.key), class: "outlier" }, `${rows[point.row].name || rows[point.row].path} ${rows[point.row].year ?? ""}`),
      make("span", {}, `${short(point.value)} ${series.unit} (${point.of === "median" ? say("median") : point.of}: ${short(point.than)})`)))) : null);
}
const address = (row, key) => (row.page ? row.page + (key ? `#${encodeURIComponent(key)}` : "") : null);
