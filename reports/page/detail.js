// The witness of a figure: what was measured, the row that shows it, and the line that replays it.

const quoted = (word) => (/^[\w+=:,.@/-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'");
const replayLine = (target, witness) => `${program} replay ${quoted(witness.replace(/#\d+$/, ""))} --target ${quoted(target)}`;

function replay(line) {
  return make("p", { class: "replay" }, make("code", {}, line), make("button", { type: "button", class: "copy" }, "Copy"));
}

function witness(record, title, place) {
  const element = /#(\d+)$/.exec(place);
  return [make("h3", {}, title), make("p", { class: "quiet" }, `n = ${record.n}${element ? `, element ${element[1]}` : ""}`),
          replay(replayLine(record.target, place))];
}

function findingParts(finding) {
  const facts = [`got ${finding.got}`, `want ${finding.want}`];
  if (finding.element !== undefined) facts.unshift(`element ${finding.element}`);
  if (finding.ulp !== undefined) facts.push(`${digits(number(finding.ulp), true)} ULP`);
  if (finding.bound !== undefined) facts.push(`bound ${digits(number(finding.bound))}`);
  return [make("h3", { class: "bad" }, finding.law), make("p", {}, facts.join(", ")),
          make("p", { class: "quiet" }, finding.source), replay(finding.replay)];
}

const lengthColumns = [
  ["n", (r) => String(r.n)],
  ["rows", (r) => String(r.rows) + (r.proved_by_enumeration ? ", all there are" : "")],
  ["in domain", (r) => String(r.rows_in_domain)],
  ["largest error, ULP", (r) => (r.max_ulp === undefined ? "" : digits(number(r.max_ulp), true))],
  ["claim there", (r) => (r.max_ulp_bound === undefined ? "" : digits(number(r.max_ulp_bound)))],
  ["spread there", (r) => (r.max_ulp_spread === undefined ? "" : digits(number(r.max_ulp_spread)))],
  ["mean", (r) => (r.mean_abs_ulp === undefined ? "" : digits(number(r.mean_abs_ulp)))],
  ["correctly rounded", (r) => (r.correctly_rounded === undefined ? "" : percent(number(r.correctly_rounded)))],
  ["claim used", (r) => (r.bound_utilisation === undefined ? "" : percent(number(r.bound_utilisation)))],
  ["without a number", (r) => lostIn(r).map(([label, count]) => `${count} ${label}`).join(", ")],
];

function lengthTable(records) {
  const head = make("tr", {}, ...lengthColumns.map(([name]) => make("th", { scope: "col", class: "number" }, name)));
  const rows = records.map((record) => make("tr", {},
      ...lengthColumns.map(([, text], i) => make(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : undefined, class: "number" }, text(record)))));
  const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
  sortable(table);
  return make("div", { class: "box" }, table);
}

function openDetail(column, name, ...parts) {
  document.getElementById("detail-title").textContent = `${column.target}, ${column.map} ${column.format}, ${name}`;
  document.getElementById("detail-body").replaceChildren(...parts);
  document.getElementById("detail").showModal();
}

function openErrors(column, records) {
  const claim = data.claims[records[0].claim];
  const parts = [make("p", { class: "quiet" }, claim ? `claims, in units of u: ${claim}` : "claims no bound")];
  const judged = records.filter(inDomain);
  if (judged.length < records.length) {
    parts.push(make("p", { class: "quiet" }, judged.length === 0 ? "outside the domain of its claim: measured, not judged"
        : "at some lengths outside the domain of its claim: measured there, not judged"));
  }
  const worst = largest(judged.length > 0 ? judged : records, magnitude);
  if (worst.max_ulp !== undefined) {
    parts.push(...witness(worst, `${digits(number(worst.max_ulp), true)} ULP, the largest error`, `${worst.max_ulp_case}#${worst.max_ulp_element}`));
  }
  const tightest = largest(records.filter((r) => r.utilisation_case), (r) => number(r.bound_utilisation));
  if (tightest) parts.push(...witness(tightest, `${percent(number(tightest.bound_utilisation))} of the claim used, the most`, tightest.utilisation_case));
  const lost = largest(records.filter((r) => lostCount(r) > 0), lostCount);
  for (const [label, place] of Object.entries(lost?.witnesses ?? {})) parts.push(...witness(lost, `${lost.outcomes[label]} ${label}, the first`, place));
  for (const finding of records.flatMap((r) => r.findings ?? []).slice(0, 5)) parts.push(...findingParts(finding));
  openDetail(column, records[0].family, ...parts, make("h3", {}, "By row length"), lengthTable(records));
}

function openLaw(column, record) {
  openDetail(column, record.family, make("p", { class: "quiet" }, `tried on ${record.rows} rows`),
      ...(record.findings.length === 0 ? [make("p", { class: "good" }, "kept")] : record.findings.flatMap(findingParts)));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", {});
    area.value = text;
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const said = document.getElementById("said");
  said.textContent = "Copied";
  setTimeout(() => { said.textContent = ""; }, 1500);
}
document.addEventListener("click", (event) => {
  if (event.target.matches(".copy")) copy(event.target.previousElementSibling.textContent);
  if (event.target.matches("dialog")) event.target.close();
});
