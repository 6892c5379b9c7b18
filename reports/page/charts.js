// Okabe & Ito's colours, told apart by every kind of eye, then hues between them.
const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#7f7f7f", "#a6761d", "#66a61e"];
const hidden = new Set();
const charts = {};
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
let colours = new Map();
const colourOf = (column) => colours.get(column.target);

const superscript = (text) => text.replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");
function tick(value) {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const leading = Math.round(value / 10 ** exponent);
  if (Math.abs(value / (leading * 10 ** exponent) - 1) > 0.01) return "";
  if (exponent >= -2 && exponent <= 3) return [1, 2, 5].includes(leading) ? String(Number(value.toPrecision(1))) : "";
  return leading === 1 ? "10" + superscript(String(exponent)) : "";
}

function axis(title, [low, high]) {
  return {
    type: "logarithmic", min: low, max: high, border: { display: false },
    title: { display: true, text: title, color: style("--quiet") },
    ticks: { callback: tick, color: style("--quiet"), maxRotation: 0, autoSkipPadding: 12 },
    grid: { color: (line) => (Number.isInteger(Math.log10(line.tick?.value ?? 2)) ? style("--rule") : "transparent"), drawBorder: false },
  };
}

/** The ends of an axis: a little around the values, and inside [least, most]; what is outside is drawn at the edge. */
function ends(values, margin, least, most) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!(value >= least && value <= most)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [least, most] : [Math.max(low / margin, least), Math.min(high * margin, most)];
}
const within = (value, [low, high]) => Math.min(Math.max(value, low), high);
const errorRange = [0.1, 1e7];

function draw(id, said, config) {
  charts[id]?.destroy();
  delete charts[id];
  document.getElementById(id).parentElement.hidden = config === null;
  document.getElementById(id + "-empty").hidden = config !== null;
  if (config === null) return;
  document.getElementById(id).setAttribute("aria-label", said);
  charts[id] = new Chart(document.getElementById(id), {
    type: "scatter", plugins: config.plugins ?? [], data: { datasets: config.datasets },
    options: {
      animation: false, maintainAspectRatio: false, responsive: true, layout: { padding: { top: 12, right: 16 } },
      font: { family: "system-ui, sans-serif" }, scales: { x: config.x, y: config.y },
      plugins: { legend: { display: false }, tooltip: { callbacks: { label: (item) => item.raw.said }, displayColors: false } },
      onClick: (event, items) => { if (items.length > 0) config.open(items[0].element.$context.raw); },
      onHover: (event, items) => { event.native.target.style.cursor = items.length > 0 ? "pointer" : ""; },
    },
  });
}

function spreadPoints(column) {
  return [...column.accuracy.values()].flat().filter((r) => r.max_ulp !== undefined && r.max_ulp_spread !== undefined && familyShown(r))
      .map((record) => ({ record, column, spread: number(record.max_ulp_spread), error: Math.abs(number(record.max_ulp)),
                          bound: record.max_ulp_bound === undefined ? undefined : number(record.max_ulp_bound) }));
}

/** Of more than some thousand points, those that would not cover each other. */
function thin(points, spreads, errors) {
  if (points.length < 4000) return points;
  const cell = (value, [low, high], count) => Math.round(count * Math.log(within(value, [low, high]) / low) / Math.log(high / low));
  return [...new Map(points.map((p) => [cell(p.spread, spreads, 250) * 1000 + cell(p.error, errors, 110), p])).values()];
}

function drawSpread() {
  const series = shown().map((column) => ({ column, points: spreadPoints(column) })).filter(({ points }) => points.length > 0);
  legend(new Set(series.map(({ column }) => column.target)));
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return draw("spread", "", null);
  const spreads = ends(points.map((p) => p.spread), 1.3, 1e-2, 1e4);
  const errors = ends(points.flatMap((p) => [p.error, p.bound ?? p.error]), 1.5, ...errorRange);
  const visible = series.filter(({ column }) => !hidden.has(column.target));
  const kept = new Set(thin(visible.flatMap((one) => one.points), spreads, errors));
  const place = (spread, error) => ({ x: within(spread, spreads), y: within(error, errors) });
  const datasets = visible.map(({ column, points: own }) => ({ column, own: own.filter((p) => kept.has(p)) })).flatMap(({ column, own }) => [
    {
      data: own.map((p) => ({ ...place(p.spread, p.error), point: p,
          said: `${column.target} ${column.format}, ${p.record.family} n=${p.record.n}: ${digits(p.error)} ULP` +
              (p.bound === undefined ? "" : ` of ${digits(p.bound)} claimed`) + `, spread ${digits(p.spread)}` })),
      borderColor: colourOf(column), borderWidth: 1, pointRadius: 2.5, pointHoverRadius: 5,
      backgroundColor: own.map((p) => (inDomain(p.record) ? colourOf(column) + "90" : "transparent")),
    },
    {
      data: own.filter((p) => p.bound !== undefined).map((p) => ({ ...place(p.spread, p.bound), point: p,
          said: `${column.target} ${column.format} claims ${digits(p.bound)} ULP: ${p.record.family} n=${p.record.n}` })),
      pointStyle: "line", pointRadius: 4, borderWidth: 1, borderColor: colourOf(column) + "60",
    },
  ]);
  draw("spread", "Largest error of each row against the spread of its logits, with the claimed bound; the same numbers are in the table by family", {
    datasets, x: axis("spread of the logits, max − min", spreads), y: axis("largest error of the row, ULP", errors),
    open: ({ point }) => openErrors(point.column, point.record.family),
  });
}

function legend(targets) {
  document.getElementById("spread-legend").replaceChildren(...[...targets].map((target) => {
    const toggle = () => {
      if (!hidden.delete(target)) hidden.add(target);
      drawSpread();
      [...document.querySelectorAll("#spread-legend button")].find((button) => button.textContent === target).focus();
    };
    const button = make("button", { type: "button", "aria-pressed": String(!hidden.has(target)), click: toggle }, target);
    button.style.setProperty("--colour", colours.get(target));
    return button;
  }));
}

/** The names of the points, moved apart where they would meet; and the copy of the same bytes as a line. */
const names = (copies) => ({
  id: "names",
  afterDatasetsDraw({ ctx, chartArea, scales, data: { datasets } }) {
    ctx.save();
    ctx.font = "12px system-ui, sans-serif";
    for (const [i, { ns, format }] of copies.entries()) {
      const x = scales.x.getPixelForValue(ns);
      ctx.strokeStyle = ctx.fillStyle = style("--quiet");
      ctx.setLineDash([4, 4]);
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.fillText(`copy ${format}, ${digits(ns)} ns`, x + 6, chartArea.top + 12 + 14 * i);
    }
    const points = datasets[0].data.map((p) => ({ name: p.name, x: scales.x.getPixelForValue(p.x), y: scales.y.getPixelForValue(p.y) }));
    const taken = points.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }));
    ctx.fillStyle = style("--ink");
    ctx.strokeStyle = style("--paper");
    ctx.lineWidth = 5;
    ctx.setLineDash([]);
    for (const { name, x, y } of points) {
      const width = ctx.measureText(name).width;
      const box = (left, top) => ({ left, right: left + width, top, bottom: top + 13 });
      const places = [box(x + 10, y - 7), box(x - 10 - width, y - 7), box(x - width / 2, y - 22), box(x - width / 2, y + 9),
                      box(x + 10, y + 6), box(x - 10 - width, y + 6), box(x + 10, y - 20)];
      const free = ({ left, right, top, bottom }) => left > chartArea.left && right < chartArea.right + 12 && bottom < chartArea.bottom &&
          taken.every((o) => right < o.left || o.right < left || bottom < o.top || o.bottom < top);
      const chosen = places.find(free) ?? places[0];
      taken.push(chosen);
      ctx.strokeText(name, chosen.left, chosen.bottom - 3);
      ctx.fillText(name, chosen.left, chosen.bottom - 3);
    }
    ctx.restore();
  },
});

/** Those that no other one of their map and format beats in both: from the fastest on, each more accurate than all before. */
function front(points) {
  let best = Infinity;
  return [...points].sort((a, b) => a.x - b.x || a.y - b.y).filter(({ y }) => {
    const better = y < best;
    best = Math.min(best, y);
    return better;
  });
}

const inCache = (some) => largest(some.filter((r) => r.cache === "in" && r.ns_median !== undefined), (r) => r.n);

function speedPoint(column) {
  const worst = largest([...column.accuracy.values()].flat().filter((r) => inDomain(r) && r.max_ulp !== undefined), magnitude);
  const speed = inCache([...column.speed.values()].flat());
  return worst && speed && { worst, speed, column };
}

function drawSpeed() {
  const points = shown().map(speedPoint).filter(Boolean);
  if (points.length === 0) return draw("speed", "", null);
  const formats = new Set(points.map(({ speed }) => speed.format));
  const timed = records.filter((r) => r.kind === "speed" && r.target === data.copy);
  const copies = [...formats].map((format) => inCache(timed.filter((r) => r.format === format))).filter(Boolean)
      .map((r) => ({ ns: r.ns_median, format: r.format }));
  const times = ends([...points.map(({ speed }) => speed.ns_median), ...copies.map(({ ns }) => ns)], 1.6, 1e-3, 1e6);
  const errors = ends(points.map(({ worst }) => magnitude(worst)), 3, ...errorRange);
  const placed = points.map(({ worst, speed, column }) => ({
    x: speed.ns_median, y: within(magnitude(worst), errors), column, worst, name: column.target + (formats.size > 1 ? " " + column.format : ""),
    said: `${column.target} ${column.format}: ${digits(magnitude(worst))} ULP, ${digits(speed.ns_median)} ns an element at n=${speed.n}` }));
  const groups = Map.groupBy(placed, ({ column }) => JSON.stringify([column.map, column.format]));
  const fronts = [...groups.values()].map((group) => ({
    data: front(group), showLine: true, stepped: true, pointRadius: 9, pointHoverRadius: 9, pointBackgroundColor: "transparent",
    borderColor: style("--quiet"), borderWidth: 1.25 }));
  draw("speed", "Largest error against nanoseconds per element, and the front of those that no other one beats in both; the same numbers are in the table of targets", {
    datasets: [{ data: placed, backgroundColor: placed.map(({ column }) => colourOf(column)), borderColor: style("--paper"), pointRadius: 6, pointHoverRadius: 8 }, ...fronts],
    x: axis("nanoseconds an element, in cache", times), y: axis("largest error inside the claim's domain, ULP", errors),
    plugins: [names(copies)],
    open: ({ column, worst }) => openErrors(column, worst.family),
  });
}

const drawn = new Set();
const waiting = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) drawOnce(target.id);
}, { rootMargin: "400px" });
const sections = { "spread-section": () => drawSpread(), "speed-section": () => drawSpeed() };

function drawOnce(id) {
  if (drawn.has(id)) return;
  drawn.add(id);
  sections[id]();
}

/** Draws the plots anew: those in sight now, the others once they come near. */
function showCharts() {
  colours = new Map([...new Set(shown().map(({ target }) => target))].map((target, i) => [target, palette[i % palette.length]]));
  drawn.clear();
  waiting.disconnect();
  for (const id in sections) waiting.observe(document.getElementById(id));
}

/** Draws all of them now, for paper. */
function drawCharts() {
  showCharts();
  for (const id in sections) drawOnce(id);
}
