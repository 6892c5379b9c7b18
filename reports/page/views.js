// The tables of targets × families, outcomes, special rows and laws, of what the filters leave.

const filter = {};
for (const id of ["map", "format", "family"]) filter[id] = document.getElementById(id);

function fillFilters() {
  for (const id of ["map", "format"]) {
    const values = new Set([...columns.values()].map((column) => column[id]));
    for (const value of values) filter[id].append(make("option", { value }, value));
    filter[id].append(make("option", { value: "" }, "all"));
  }
  if ([...columns.values()].some(({ format }) => format === "f32")) filter.format.value = "f32";
  const families = new Set([...columns.values()].flatMap((column) => [...column.accuracy.keys()]));
  for (const family of families) filter.family.append(make("option", { value: "=" + family }, family));
}

const shown = () => [...columns.values()].filter((column) =>
    ["map", "format"].every((id) => filter[id].value === "" || column[id] === filter[id].value));

/** Whether the family of this record is asked for: all, the synthetic ones, real logits, or this one. */
function familyShown(record) {
  const wanted = filter.family.value;
  if (wanted.startsWith("=")) return record.family === wanted.slice(1);
  return wanted === "" || isReal(record) === (wanted === "real");
}

function columnName(column) {
  const parts = [filter.map.value === "" ? column.map : "", filter.format.value === "" ? column.format : ""];
  return [column.target, ...parts.filter(Boolean).map((text) => make("small", { class: "quiet" }, " " + text))];
}
const nameCell = (column) => headCell(() => [make("div", { class: "who" }, ...columnName(column))], column.key);

/** Draws the targets against `names`; the cell of [column, name] is made by `cell`. */
function cross(table, names, cell, { upright = true, number: isNumber = true } = {}) {
  const headings = names.map((name) => ({ name, number: isNumber, upright, parts: [make("span", { title: name }, name)] }));
  const rows = shown().map((column) => [nameCell(column), ...names.map((name) => cell(column, name))]);
  const all = rows.filter((cells) => cells.slice(1).some(({ asked }) => asked !== false));
  table.table.closest("section").hidden = all.length === 0;
  table.set([{ name: "target" }, ...headings], all);
}
const notAsked = { ...noneCell("·", "not asked"), asked: false };

function namesOf(kind, isShown = () => true) {
  const names = new Set();
  for (const column of shown()) {
    for (const [name, found] of column[kind]) if (isShown(found[0])) names.add(name);
  }
  return [...names];
}

/** What stands for the records of a target and family: the worst judged error, or, where none is judged, the worst. */
function worstOf(found) {
  const judged = found.filter(inDomain);
  return { worst: largest(judged.length > 0 ? judged : found, magnitude), judged };
}

function errorCell(column, family) {
  const found = column.accuracy.get(family);
  if (!found) return notAsked;
  const { worst, judged } = worstOf(found);
  const lost = largest(found.filter((r) => lostCount(r) > 0), lostCount);
  const value = worst.max_ulp === undefined ? NaN : number(worst.max_ulp);
  const isBroken = found.some((r) => failing.has(r.verdict));
  const domain = judged.length === 0 ? "outside" : judged.length < found.length ? "heat partly" : "heat";
  const said = [`${column.target}, ${family}`, Number.isNaN(value) ? "" : `${digits(value, true)} ULP at n = ${worst.n}`,
                lost ? `${lostCount(lost)} elements without a number at n = ${lost.n}` : "",
                { heat: "", "heat partly": "at some lengths not judged", outside: "not judged" }[domain],
                isBroken ? "breaks its claim" : ""].filter(Boolean).join(", ");
  const parts = () => {
    const label = lost && lostIn(lost).sort((a, b) => b[1] - a[1])[0][0].replace("spurious ", "");
    return [Number.isNaN(value) ? null : make("span", {}, digits(value, true).replace(/e\+0*/, "e")),
            lost ? make("small", { class: failing.has(lost.verdict) ? "lost" : undefined }, label) : null];
  };
  return buttonCell(Math.abs(value), said, () => openErrors(column, family), parts, { class: domain + (isBroken ? " broken" : "") },
                    judged.length > 0 ? heat(value) : 0);
}

/** The records of a column that have an outcome, by its label. */
function outcomesOf(column) {
  const found = new Map();
  for (const record of [...column.accuracy.values()].flat()) {
    if (!familyShown(record)) continue;
    for (const label in record.outcomes) {
      if (found.has(label)) found.get(label).push(record);
      else found.set(label, [record]);
    }
  }
  return found;
}

function outcomeCell(column, label, found) {
  if (!found) return { ...textCell("", 0), asked: false };
  const count = found.reduce((sum, r) => sum + r.outcomes[label], 0);
  return buttonCell(count, `${column.target}, ${label}: ${count} elements`, () => openOutcome(column, label, found), () => [grouped(count)],
                    { class: numbered.includes(label) ? "number" : "number lost" });
}

function showOutcomes() {
  const found = new Map(shown().map((column) => [column, outcomesOf(column)]));
  const labels = new Set([...numbered, "flushed", "leaked", ...[...found.values()].flatMap((some) => [...some.keys()])]);
  cross(tables.outcomes, [...labels], (column, label) => outcomeCell(column, label, found.get(column).get(label)), { upright: false });
}

/** The value of a hex float, or of "inf", "-inf", "nan". */
function hexFloat(text) {
  const parts = /^(-?)0x([0-9a-f]+)\.?([0-9a-f]*)p([+-]\d+)$/.exec(text);
  if (!parts) return words[text] ?? NaN;
  const [, sign, whole, fraction, exponent] = parts;
  const power = Number(exponent) - 4 * fraction.length, half = Math.trunc(power / 2);
  return (sign ? -1 : 1) * parseInt(whole + fraction, 16) * 2 ** half * 2 ** (power - half);
}
const typeset = (text) => (text === "nan" ? "NaN" : digits(hexFloat(text)).replace("inf", "∞").replace(/e\+0*/, "e"));

/** The logits of a CaseId, for a heading: "NaN, 0, 1". */
function logitsOf(id) {
  const values = (/:row=([^:]*)/.exec(id)?.[1] ?? id).split(",").flatMap((part) => {
    const [, count, value] = /^(?:(\d+)@)?(.*)$/s.exec(part);
    return Array(Math.min(Number(count ?? 1), 64)).fill(value);
  });
  return values.map(typeset).join(", ");
}

/** The special rows that a column was asked, by their logits: [CaseId, answer]. */
const specialOf = (column) => new Map([...column.contract.values()].flat().flatMap((r) => Object.entries(r.answers ?? {}))
    .map(([id, answer]) => [logitsOf(id), { id, answer }]));

function specialCell(column, logits, asked) {
  if (!asked) return notAsked;
  const { id, answer } = asked;
  const isNumbers = answer.split(" ").every((part) => part === "nan" || !Number.isNaN(hexFloat(part)));
  const text = isNumbers ? answer.split(" ").map(typeset).join("  ") : answer;
  return buttonCell(text, `${column.target}, ${logits}: ${text}`, () => openSpecial(column, logits, id, answer), () => [text],
                    { class: isNumbers ? "answer" : "broken" });
}

function showSpecial() {
  const found = new Map(shown().map((column) => [column, specialOf(column)]));
  const rows = new Set([...found.values()].flatMap((some) => [...some.keys()]));
  cross(tables.special, [...rows], (column, logits) => specialCell(column, logits, found.get(column).get(logits)),
        { upright: false, number: false });
}

function lawCell(column, law) {
  const record = column.law.get(law)?.[0];
  if (!record) return notAsked;
  if (record.absent) return noneCell("–", record.absent);
  const isBroken = record.findings.length > 0;
  const said = `${column.target}, ${law}: ${isBroken ? "broken" : record.rows === 0 ? "no row" : `kept on ${record.rows} rows`}`;
  return buttonCell(isBroken ? -1 : record.rows, said, () => openLaw(column, record), () => [isBroken ? "✗" : record.rows === 0 ? "0" : "✓"],
                    { class: isBroken || failing.has(record.verdict) ? "broken law" : "kept" });
}

const tables = {};
function showTables() {
  const inSummary = (cells) => ["map", "format"].every((id, i) => filter[id].value === "" || cells[1 + i].value === filter[id].value);
  tables.summary.set(tables.summary.headings, tables.summary.static.filter(inSummary));
  cross(tables.errors, namesOf("accuracy", familyShown), errorCell);
  showOutcomes();
  showSpecial();
  cross(tables.laws, namesOf("law"), lawCell);
}
