// The start: fills the filters, draws what they leave, and again whenever they change.

function show() {
  const from = performance.now();
  if (shown().length === 0) filter.format.value = "";
  showTables();
  showCharts();
  performance.measure("shown", { start: from });
}

function start() {
  for (const [ulp, text] of [[0.5, "0.5"], [10, "10"], [100, "100"], [1e3, "1000"], [1e4, "10⁴"], [1e5, "10⁵"], [4e6, "≥ 4·10⁶"]]) {
    const span = make("span", { class: "heat" }, text);
    span.style.setProperty("--t", heat(ulp));
    document.querySelector(".scale").append(span);
  }
  for (const cell of document.querySelectorAll("#summary .heat")) cell.style.setProperty("--t", heat(Number(cell.dataset.value)));
  for (const id of ["errors", "outcomes", "special", "laws"]) tables[id] = new Table(document.getElementById(id));
  tables.summary = Table.of(document.getElementById("summary"));
  document.getElementById("summary").addEventListener("click", (event) => {
    const place = event.target.closest("td button")?.dataset.record;
    if (place !== undefined) openErrors(columnOf(records[place]), records[place].family);
  });
  fillFilters();
  for (const select of Object.values(filter)) select.addEventListener("change", show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showCharts);
  matchMedia("print").addEventListener("change", drawCharts);
  show();
  document.body.dataset.ready = "true";
}
start();
