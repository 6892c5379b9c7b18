// The witness of a figure: what was measured, the row that shows it in hex, and the line that replays it.

const quoted = (word) => (/^[\w+=:,.@/-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'");
const caseOf = (witness) => witness.replace(/#\d+$/, "");
const replayLine = (target, witness) => `${program} replay ${quoted(caseOf(witness))} --target ${quoted(target)}`;
const worstWitness = (record) => `${record.max_ulp_case}#${record.max_ulp_element}`;

function copied(text, name) {
  return make("p", { class: "replay" }, make("code", {}, text), make("button", { type: "button", class: "copy", "aria-label": "Copy " + name }, "Copy"));
}

async function witness(record, title, place) {
  const element = /#(\d+)$/.exec(place);
  const row = await rowInHex(place);
  return [make("h3", {}, title), make("p", { class: "quiet" }, `n = ${record.n}${element ? `, element ${element[1]}` : ""}`),
          row?.includes(":row=") ? copied(row, "the row") : row ? make("p", {}, make("code", {}, row)) : null,
          copied(replayLine(record.target, place), "the line that replays it")];
}

function findingParts(finding) {
  const facts = [`got ${finding.got}`, `want ${finding.want}`];
  if (finding.element !== undefined) facts.unshift(`element ${finding.element}`);
  if (finding.ulp !== undefined) facts.push(`${digits(number(finding.ulp), true)} ULP`);
  if (finding.bound !== undefined) facts.push(`bound ${digits(number(finding.bound))}`);
  return [make("h3", { class: "bad" }, finding.law), make("p", {}, facts.join(", ")), make("p", { class: "quiet" }, finding.source),
          copied(finding.case, "the row"), copied(finding.replay, "the line that replays it")];
}

/** The replay line behind a button, for a row of a table. */
function copyCell(record, place) {
  if (!place || place.startsWith("#")) return textCell("");
  return { value: place, draw: () => make("td", {}, make("button", { type: "button", class: "copy", title: place, "data-copy": replayLine(record.target, place) }, "Copy replay")) };
}

const optional = (value, text = digits) => (value === undefined ? textCell("", NaN) : textCell(text(number(value)), number(value)));
const lengthColumns = [
  [{ name: "n", number: true }, (r) => headCell(() => [String(r.n)], r.n)],
  [{ name: "rows", number: true }, (r) => textCell(String(r.rows) + (r.proved_by_enumeration ? ", all there are" : ""), r.rows)],
  [{ name: "in domain", number: true }, (r) => textCell(String(r.rows_in_domain), r.rows_in_domain)],
  [{ name: "largest error, ULP", number: true }, (r) => optional(r.max_ulp, (v) => digits(v, true))],
  [{ name: "claim there", number: true }, (r) => optional(r.max_ulp_bound)],
  [{ name: "spread there", number: true }, (r) => optional(r.max_ulp_spread)],
  [{ name: "mean", number: true }, (r) => optional(r.mean_abs_ulp)],
  [{ name: "correctly rounded", number: true }, (r) => optional(r.correctly_rounded, percent)],
  [{ name: "claim used", number: true }, (r) => optional(r.bound_utilisation, percent)],
  [{ name: "without a number" }, (r) => textCell(lostIn(r).map(([label, count]) => `${count} ${label}`).join(", "))],
  [{ name: "worst row" }, (r) => copyCell(r, r.max_ulp_case && worstWitness(r))],
];

/** A table in the dialog. */
function detailTable(headings, rows) {
  const name = headings.map((heading) => heading.name).join(", ");
  const table = make("table", { "aria-label": name });
  const box = make("div", { class: "box", tabindex: "0", role: "region", "aria-label": name }, table);
  const whole = make("div", {}, box);
  new Table(table).set(headings, rows);
  return whole;
}

function openDetail(column, name, ...parts) {
  document.getElementById("detail-title").textContent = `${column.target}, ${column.map} ${column.format}, ${name}`;
  document.getElementById("detail-body").replaceChildren(...parts.filter(Boolean));
  const dialog = document.getElementById("detail");
  dialog.showModal();
  dialog.scrollTop = 0;
}

async function openErrors(column, family) {
  const found = column.accuracy.get(family);
  const { worst, judged } = worstOf(found);
  const parts = [make("p", { class: "quiet" }, found[0].claim ? `claims, in units of u: ${found[0].claim}` : "claims no bound")];
  if (judged.length < found.length) {
    parts.push(make("p", { class: "quiet" }, judged.length === 0 ? "outside the domain of its claim: measured, not judged"
        : "at some lengths outside the domain of its claim: measured there, not judged"));
  }
  if (worst.max_ulp !== undefined) parts.push(...await witness(worst, `${digits(number(worst.max_ulp), true)} ULP, the largest error`, worstWitness(worst)));
  const tightest = largest(found.filter((r) => r.utilisation_case), (r) => number(r.bound_utilisation));
  if (tightest) parts.push(...await witness(tightest, `${percent(number(tightest.bound_utilisation))} of the claim used, the most`, tightest.utilisation_case));
  const lost = largest(found.filter((r) => lostCount(r) > 0), lostCount);
  for (const [label, place] of Object.entries(lost?.witnesses ?? {})) parts.push(...await witness(lost, `${lost.outcomes[label]} ${label}, the first`, place));
  for (const finding of found.flatMap((r) => r.findings ?? []).slice(0, 5)) parts.push(...findingParts(finding));
  openDetail(column, family, ...parts, make("h3", {}, "By row length"),
             detailTable(lengthColumns.map(([heading]) => heading), found.map((r) => lengthColumns.map(([, cell]) => cell(r)))));
}

async function openOutcome(column, label, found) {
  const first = largest(found.filter((r) => r.witnesses?.[label]), (r) => r.outcomes[label]);
  const rows = found.map((r) => {
    const all = Object.values(r.outcomes).reduce((sum, count) => sum + count, 0);
    return [headCell(() => [r.family], r.family), textCell(String(r.n), r.n), textCell(String(r.outcomes[label]), r.outcomes[label]),
            textCell(String(all), all), copyCell(r, r.witnesses?.[label])];
  });
  const headings = [{ name: "family" }, { name: "n", number: true }, { name: label, number: true }, { name: "of elements", number: true }, { name: "the first" }];
  const parts = first ? await witness(first, `${first.outcomes[label]} ${label} in ${first.family}, the first`, first.witnesses[label]) : [];
  openDetail(column, label, ...parts, detailTable(headings, rows));
}

function openSpecial(column, logits, id, answer) {
  openDetail(column, logits, make("h3", {}, "gives"), copied(answer, "the answer"), make("h3", {}, "on the row"), copied(id, "the row"),
             copied(replayLine(column.target, id), "the line that replays it"));
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
  const said = document.querySelector("dialog[open] .said") ?? document.getElementById("said");
  said.textContent = "Copied";
  setTimeout(() => { said.textContent = ""; }, 1500);
}
document.addEventListener("click", (event) => {
  if (event.target.matches(".copy")) copy(event.target.dataset.copy ?? event.target.previousElementSibling.textContent);
  if (event.target.matches("dialog")) event.target.close();
});
