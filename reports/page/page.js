const data = JSON.parse(document.getElementById("data").textContent);
const words = { inf: Infinity, "-inf": -Infinity, nan: NaN };
const number = (value) => (typeof value === "string" ? words[value] : value);
const numbered = new Set(["exact", "correctly rounded", "faithful", "off"]);
const failing = new Set(data.failing);

/** Three significant digits, as the tables above have them. */
function digits(value, sign = false) {
  const magnitude = Math.abs(value);
  let text = magnitude < 1000 ? String(Number(magnitude.toPrecision(3)))
      : magnitude < 1e6 ? magnitude.toFixed(0)
      : Number.isFinite(magnitude) ? magnitude.toExponential(2).replace(/e\+(\d)$/, "e+0$1")
      : Number.isNaN(magnitude) ? "nan" : "inf";
  if (value < 0 || Object.is(value, -0)) text = "−" + text;
  return sign && value > 0 ? "+" + text : text;
}
const percent = (fraction) => (Number.isFinite(fraction) ? (100 * fraction).toFixed(1) : digits(fraction)) + " %";
const isReal = (record) => record.family.endsWith("_n" + record.n);

/** Whether the claim speaks of the worst row. */
const inDomain = (r) => r.rows_in_domain > 0 &&
    (r.rows_in_domain + (r.special_rows ?? 0) === r.rows || r.max_ulp_bound !== undefined);
const magnitude = (r) => (r.max_ulp === undefined ? -1 : Math.abs(number(r.max_ulp)));
const lostIn = (r) => Object.entries(r.outcomes).filter(([label]) => !numbered.has(label));
const lostCount = (r) => lostIn(r).reduce((sum, [, count]) => sum + count, 0);
const largest = (records, rank) => records.reduce((best, r) => (!best || rank(r) > rank(best) ? r : best), null);

/** 0 where an error is as small as rounding allows, 1 at 2^23 times that; even steps of the logarithm. */
const heat = (ulp) => Math.min(1, Math.max(0, Math.log2(Math.abs(ulp) / 0.5) / 23)) || 0;

/** An element with attributes, listeners (functions) and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Records by what a cell shows: column (target, format of a map) and row (family or law).
const columnKey = (r) => JSON.stringify([r.target, r.map, r.format]);
const columns = new Map();
for (const record of data.records) {
  if (record.kind !== "accuracy" && record.kind !== "law") continue;
  const key = columnKey(record);
  if (!columns.has(key)) {
    columns.set(key, { target: record.target, map: record.map, format: record.format, accuracy: new Map(), law: new Map() });
  }
  const rows = columns.get(key)[record.kind];
  if (!rows.has(record.family)) rows.set(record.family, []);
  rows.get(record.family).push(record);
}

const filter = {};
for (const id of ["map", "format", "kind"]) filter[id] = document.getElementById(id);
for (const id of ["map", "format"]) {
  const values = [...new Set([...columns.values()].map((column) => column[id]))];
  for (const value of values) filter[id].append(make("option", { value }, value));
  filter[id].append(make("option", { value: "" }, "all"));
}
if ([...columns.values()].some(({ format }) => format === "f32")) filter.format.value = "f32";
const shown = () => [...columns.values()].filter((column) =>
    ["map", "format"].every((id) => filter[id].value === "" || column[id] === filter[id].value));
const familyShown = (record) => filter.kind.value === "" || isReal(record) === (filter.kind.value === "real");

function columnName(column) {
  const parts = [filter.map.value === "" ? column.map : "", filter.format.value === "" ? column.format : ""];
  return [column.target, ...parts.filter(Boolean).map((text) => make("small", { class: "quiet" }, " " + text))];
}

/** A table of columns × rows; `cell` makes the td of [column, records]. */
function matrix(table, kind, heading, cell) {
  const shownColumns = shown();
  const names = new Set();
  for (const column of shownColumns) {
    for (const [name, records] of column[kind]) if (kind === "law" || records.some(familyShown)) names.add(name);
  }
  const head = make("tr", {}, make("th", { scope: "col" }, heading),
      ...shownColumns.map((column) => make("th", { scope: "col", class: "number" }, ...columnName(column))));
  const rows = [...names].map((name) => make("tr", {}, make("th", { scope: "row" }, name),
      ...shownColumns.map((column) => column[kind].has(name) ? cell(column, column[kind].get(name))
          : make("td", {}, make("span", { class: "none", title: "not asked" }, "·")))));
  table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
  sortable(table);
}

function errorCell(column, records) {
  const judged = records.filter(inDomain);
  const worst = largest(judged.length > 0 ? judged : records, magnitude);
  const lost = largest(records.filter((r) => lostCount(r) > 0), lostCount);
  const value = worst.max_ulp === undefined ? NaN : number(worst.max_ulp);
  const isBroken = records.some((r) => failing.has(r.verdict));
  const domain = judged.length === 0 ? "outside" : judged.length < records.length ? "heat partly" : "heat";
  const lines = [worst.max_ulp === undefined ? null : make("span", {}, digits(value, true)),
                 worst.max_ulp === undefined ? null : make("small", {}, "n = " + worst.n)];
  if (lost) {
    const [label, count] = lostIn(lost).sort((a, b) => b[1] - a[1])[0];
    lines.push(make("small", { class: failing.has(lost.verdict) ? "lost" : "" }, `${count} ${label.replace("spurious ", "")}`));
  }
  const said = `${column.target}, ${worst.family}: ` + (worst.max_ulp === undefined ? "" : `${digits(value, true)} ULP at n = ${worst.n}`) +
      (lost ? `, ${lostCount(lost)} without a number` : "") + { heat: "", "heat partly": ", at some lengths not judged", outside: ", not judged" }[domain] + (isBroken ? ", breaks its claim" : "");
  const cell = make("td", { class: domain + (isBroken ? " broken" : ""), "data-value": Math.abs(value) },
      make("button", { type: "button", "aria-label": said, title: said, click: () => openErrors(column, records) }, ...lines));
  cell.style.setProperty("--t", judged.length > 0 ? heat(value) : 0);
  return cell;
}

function lawCell(column, [record]) {
  if (record.absent) return make("td", {}, make("span", { class: "none", title: record.absent }, "does not apply"));
  const isBroken = record.findings.length > 0;
  const text = isBroken ? "broken" : record.rows === 0 ? "no row" : "✓ " + record.rows;
  const said = `${column.target}, ${record.family}: ${isBroken ? "broken" : `kept on ${record.rows} rows`}`;
  return make("td", { class: isBroken ? "broken law" : "", "data-value": isBroken ? -1 : record.rows },
      make("button", { type: "button", "aria-label": said, click: () => openLaw(column, record) }, text));
}

/** Makes every heading a button that sorts the body by its column: first the largest or, of texts, the first. */
function sortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  const valueOf = (row, i) => {
    const cell = row.cells[i];
    const text = cell.dataset.value ?? cell.textContent.trim().replace("−", "-");
    return text === "" ? NaN : words[text] ?? Number(text.split("/")[0]);
  };
  headings.forEach((heading, i) => {
    const sort = () => {
      const isNumber = heading.classList.contains("number");
      const first = isNumber ? "descending" : "ascending";
      const order = heading.getAttribute("aria-sort") === first ? (isNumber ? "ascending" : "descending") : first;
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", order);
      const direction = order === "ascending" ? 1 : -1;
      const compare = (a, b) => {
        if (!isNumber) return direction * a.cells[i].textContent.localeCompare(b.cells[i].textContent);
        const [x, y] = [valueOf(a, i), valueOf(b, i)];
        return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) : direction * (x - y);
      };
      const body = table.tBodies[0];
      body.append(...[...body.rows].sort(compare));
    };
    heading.replaceChildren(make("button", { type: "button", click: sort }, ...heading.childNodes));
  });
}

function show() {
  if (shown().length === 0) filter.format.value = "";
  matrix(document.getElementById("errors"), "accuracy", "family", errorCell);
  matrix(document.getElementById("laws"), "law", "law", lawCell);
  drawCharts();
}
