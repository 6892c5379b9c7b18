// Tables that are drawn from data: sorted by any column, the first hundred rows until all are asked for.

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

/** 0 where an error is as small as rounding allows, 1 at 2^23 times that; even steps of the logarithm. */
const heat = (ulp) => Math.min(1, Math.max(0, Math.log2(Math.abs(ulp) / 0.5) / 23)) || 0;

const firstRows = 100;

/**
 * Headings are {name, number, upright, parts}; a row is a list of cells {value, draw}: a number, or a text, to sort by, NaN
 * last, and what makes the td. Numbers are sorted from the largest, texts from the first; again, the other way round.
 */
class Table {
  constructor(table) {
    this.table = table;
    this.more = make("button", { type: "button", class: "more", click: () => this.drawAll() });
    (table.closest(".box") ?? table).after(this.more);
    table.addEventListener("keydown", (event) => this.move(event));
    table.addEventListener("focusin", (event) => this.stopAt(event.target));
  }

  /** Takes over a table that is there already. */
  static of(table) {
    const view = new Table(table);
    const headings = [...table.tHead.rows[0].cells].map((th) => ({ name: th.textContent, number: th.classList.contains("number") }));
    const valueOf = (td, { number: isNumber }) => {
      const text = td.dataset.value ?? td.textContent.trim().replace("−", "-");
      return isNumber ? (text === "" ? NaN : words[text] ?? Number(text.split("/")[0])) : text;
    };
    view.static = [...table.tBodies[0].rows].map((tr) => [...tr.cells].map((td, i) => ({ value: valueOf(td, headings[i]), draw: () => td })));
    view.set(headings, view.static);
    return view;
  }

  set(headings, rows) {
    this.headings = headings;
    this.rows = rows;
    this.all = false;
    this.draw();
  }

  sortBy(name) {
    const heading = this.headings.find((one) => one.name === name);
    const first = heading.number ? "descending" : "ascending";
    const other = heading.number ? "ascending" : "descending";
    this.by = { name, order: this.by?.name === name && this.by.order === first ? other : first };
    this.draw();
    this.table.tHead.querySelector("[aria-sort] button").focus({ preventScroll: true });
  }

  drawAll() {
    this.all = true;
    this.draw();
    this.table.closest("[tabindex]")?.focus({ preventScroll: true });
  }

  /** Of the buttons of a table Tab stops at one, the last that had the focus; the arrow keys go to the others. */
  stopAt(button) {
    this.stop?.setAttribute("tabindex", -1);
    this.stop = button;
    button.setAttribute("tabindex", 0);
  }

  move(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target.closest("td, th");
    if (!step || !cell) return;
    event.preventDefault();
    let [row, column] = [cell.parentElement.rowIndex, cell.cellIndex];
    for (;;) {
      row += step[0];
      column += step[1];
      const next = this.table.rows[row]?.cells[column];
      if (!next) return;
      const button = next.querySelector("button");
      if (button) return button.focus();
    }
  }

  sorted() {
    const i = this.headings.findIndex(({ name }) => name === this.by?.name);
    if (i < 0) return this.rows;
    const direction = this.by.order === "ascending" ? 1 : -1;
    return [...this.rows].sort(({ [i]: { value: a } }, { [i]: { value: b } }) =>
        Number.isNaN(a) || Number.isNaN(b) ? Number.isNaN(a) - Number.isNaN(b)
            : typeof a === "string" ? direction * a.localeCompare(b) : a === b ? 0 : direction * (a - b));
  }

  heading({ name, number: isNumber, upright, parts }) {
    const button = make("button", { type: "button", click: () => this.sortBy(name) }, ...(parts ?? [name]));
    const kinds = [isNumber && "number", upright && "upright"].filter(Boolean).join(" ");
    return make("th", { scope: "col", class: kinds || undefined, "aria-sort": this.by?.name === name ? this.by.order : undefined }, button);
  }

  draw() {
    const rows = this.sorted();
    const shownRows = this.all ? rows : rows.slice(0, firstRows);
    this.table.replaceChildren(
        make("thead", {}, make("tr", {}, ...this.headings.map((heading) => this.heading(heading)))),
        make("tbody", {}, ...shownRows.map((cells) => make("tr", {}, ...cells.map((cell) => cell.draw())))));
    for (const button of this.table.querySelectorAll("button")) button.setAttribute("tabindex", -1);
    this.stopAt(this.table.querySelector("button"));
    this.more.hidden = shownRows.length === rows.length;
    this.more.textContent = `Show all ${grouped(rows.length)} rows`;
  }
}

/** A cell that shows a text, right-aligned when it sorts as a number. */
const textCell = (text, value = text) => ({
  value, draw: () => make("td", { class: typeof value === "number" ? "number" : undefined }, text),
});
const headCell = (parts, value) => ({ value, draw: () => make("th", { scope: "row" }, ...parts()) });
const noneCell = (text, title) => ({ value: NaN, draw: () => make("td", {}, make("span", { class: "none", title }, text)) });
/** A cell that opens something; `said` is what a screen reader says in place of its text. */
const buttonCell = (value, said, open, parts, attributes = {}, t = 0) => ({
  value,
  draw: () => {
    const td = make("td", attributes, make("button", { type: "button", "aria-label": said, title: said, click: open }, ...parts()));
    if (t > 0) td.style.setProperty("--t", t);
    return td;
  },
});
