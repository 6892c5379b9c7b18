// What page_data.cpp packed: the records by column, and what every other script reads of them.

/** The JSON of a script element: base64 of zlib's format. */
async function unpack(id) {
  const text = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

const data = await unpack("data");
let hexRows = null;
/** The row of a witness in hex floats, as a text; undefined where the page has none. */
async function rowInHex(witness) {
  hexRows ??= new Map(Object.entries(await unpack("rows")));
  return hexRows.get(witness);
}

/** A record under the keys of records.jsonl; undefined where it has no such member. */
class Record {
  constructor(place) { this.place = place; }
}
for (const [key, column] of Object.entries(data.columns)) {
  Object.defineProperty(Record.prototype, key, {
    get: Array.isArray(column) ? function () { return column[this.place] ?? undefined; }
        : function () { return column.values[column.at[this.place]]; },
  });
}
const records = Array.from({ length: data.count }, (_, place) => new Record(place));

const words = { inf: Infinity, "-inf": -Infinity, nan: NaN };
const number = (value) => (typeof value === "string" ? words[value] : value);
const numbered = ["exact", "correctly rounded", "faithful", "off"];
const failing = new Set(data.failing);

/** Three significant digits, as the tables that C++ writes have them. */
function digits(value, sign = false) {
  const magnitude = Math.abs(value);
  let text = magnitude < 1000 ? String(Number(magnitude.toPrecision(3)))
      : magnitude < 1e6 ? magnitude.toFixed(0)
      : Number.isFinite(magnitude) ? magnitude.toExponential(2).replace(/e\+(\d)$/, "e+0$1")
      : Number.isNaN(magnitude) ? "nan" : "inf";
  if (value < 0 || Object.is(value, -0)) text = "−" + text;
  return sign && value > 0 ? "+" + text : text;
}
/** With one decimal, 100.0 only when it is whole. */
function percent(fraction) {
  if (!Number.isFinite(fraction)) return digits(fraction) + " %";
  const text = (100 * fraction).toFixed(1);
  return (text !== "100.0" || fraction === 1 ? text : fraction < 1 ? "99.9" : "100.1") + " %";
}
const grouped = (count) => count.toLocaleString("en-US");

const isReal = (record) => record.family.endsWith("_n" + record.n);
/** Whether the claim speaks of the worst row. */
const inDomain = (r) => r.rows_in_domain > 0 &&
    (r.rows_in_domain + (r.special_rows ?? 0) === r.rows || r.max_ulp_bound !== undefined);
const magnitude = (r) => (r.max_ulp === undefined ? -1 : Math.abs(number(r.max_ulp)));
const lostIn = (r) => Object.entries(r.outcomes).filter(([label]) => !numbered.includes(label));
const lostCount = (r) => lostIn(r).reduce((sum, [, count]) => sum + count, 0);
const largest = (some, rank) => some.reduce((best, r) => (!best || rank(r) > rank(best) ? r : best), null);

/** The target, map and format of records, what they offer, and the records by family or law. */
const columns = new Map();
function columnOf(record) {
  const key = JSON.stringify([record.target, record.map, record.format]);
  if (!columns.has(key)) {
    columns.set(key, { key, target: record.target, map: record.map, format: record.format, accuracy: new Map(), law: new Map(),
                       contract: new Map(), speed: new Map() });
  }
  return columns.get(key);
}
{
  let column = null;
  for (const record of records) {
    if (record.absent && record.kind === "contract" || record.target === data.copy) continue;
    const same = column?.target === record.target && column.map === record.map && column.format === record.format;
    if (!same) column = columnOf(record);
    const rows = column[record.kind];
    const name = record.family ?? "";
    if (rows.has(name)) rows.get(name).push(record);
    else rows.set(name, [record]);
  }
}
