/* Rows of a record on its form. Without this file the table works with the empty rows that the page brings.

   [data-lines="name"]        the table's box; data-lines-most: so many rows at most
     template                 the row that further ones are copied from, with __n__ for its number in names
     [data-lines-add]         adds a row; so does Enter in the last cell
     [data-lines-remove]      takes a row away, with a way back until the next one
   Cells copied in Excel and pasted into a cell fill the rows from there on.
   portal:restoring           an event of the form (detail: values by name) before kept text is put back: the rows are made to fit
*/
"use strict";

(() => {
  const { make, onContent, fresh } = Portal;
  const CELL = /^(.+)-(\d+)-(\w+)$/;

  function begin(box) {
    const form = box.closest("form");
    const body = box.querySelector("tbody");
    const template = box.querySelector("template");
    const adding = box.querySelector("[data-lines-add]");
    const words = box.querySelector("[data-lines-said]");
    const name = box.dataset.lines;
    const most = Number(box.dataset.linesMost);
    const rows = () => [...body.querySelectorAll("tr:not([data-lines-undo])")];
    const cells = (row) => [...row.querySelectorAll("input, select, textarea")];
    const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
    /** Say what happened; what somebody has to look at is not said to screen readers alone. */
    const tell = (sentence, isLoss = false) => {
      words.textContent = sentence;
      words.classList.toggle("visually-hidden", !isLoss);
    };
    const indexOf = (row) => Number(CELL.exec(cells(row)[0].name)[2]);
    const isEmpty = (row) => cells(row).every((field) => field.value === "" || field.value === "unknown");

    function number() {
      rows().forEach((row, place) => {
        row.querySelector("[data-lines-number]").textContent = place + 1;
        for (const field of cells(row)) {
          const label = field.closest("td").dataset.label;
          field.setAttribute("aria-label", `${fill(words.dataset.row, { row: place + 1 })} ${label}`);
        }
        row.querySelector("[data-lines-remove]").hidden = false;
      });
      adding.disabled = rows().length >= most;
    }

    function add(index = Math.max(-1, ...rows().map(indexOf)) + 1) {
      if (rows().length >= most) {
        tell(words.dataset.full);
        return null;
      }
      const row = template.content.querySelector("tr").cloneNode(true);
      for (const element of row.querySelectorAll("[name], [id]")) {
        for (const attribute of ["name", "id"]) {
          if (element.hasAttribute(attribute)) element.setAttribute(attribute, element.getAttribute(attribute).replace("__n__", index));
        }
      }
      body.append(row);
      number();
      return row;
    }

    function changed() {
      form.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function forget() {
      body.querySelectorAll("[data-lines-undo]").forEach((row) => row.remove());
    }

    function remove(row) {
      const sentence = fill(words.dataset.removed, { row: rows().indexOf(row) + 1 });
      forget();
      const back = make("button", { type: "button", class: "btn btn-sm" }, words.dataset.undo);
      const cell = make("td", { colspan: row.children.length }, sentence, " ", back);
      const notice = make("tr", { "data-lines-undo": true }, cell);
      back.addEventListener("click", () => {
        notice.replaceWith(row);
        number();
        changed();
        cells(row)[0].focus();
      });
      row.replaceWith(notice);
      if (!rows().length) add();
      number();
      tell(sentence);
      changed();
      back.focus();
    }

    /** Put a pasted text into a cell as the cell takes it; whether the cell holds it then. */
    function put(field, text) {
      const said = text.trim();
      if (field.tagName === "SELECT") {
        const option = [...field.options].find((one) => one.text.trim() === said || one.value === said);
        field.value = option ? option.value : "";
        return Boolean(option) || !said;
      }
      if (field.type === "date") {
        const day = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(said);
        field.value = day ? `${day[1]}-${day[2].padStart(2, "0")}-${day[3].padStart(2, "0")}` : "";
        return Boolean(field.value) || !said;
      }
      field.value = field.inputMode === "numeric" || field.inputMode === "decimal" ? said.replace(/[,，\s]/g, "") : said;
      return true;
    }

    function paste(event) {
      const field = event.target.closest("input, select, textarea");
      const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
      if (!field || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
      event.preventDefault();
      const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
      let row = field.closest("tr");
      const first = cells(row).indexOf(field);
      let count = 0;
      const lost = [];
      for (const line of lines) {
        if (!row) break;
        const targets = cells(row).slice(first);
        line.split("\t").forEach((part, place) => {
          if (targets[place] ? put(targets[place], part) : !part.trim()) return;
          const label = targets[place] ? targets[place].closest("td").dataset.label : "";
          lost.push(`${fill(words.dataset.row, { row: rows().indexOf(row) + 1 })}${label}“${part.trim()}”`);
        });
        count += 1;
        const following = rows()[rows().indexOf(row) + 1];
        row = count < lines.length ? following || add() : null;
      }
      const said = [fill(words.dataset.pasted, { count })];
      if (count < lines.length) said.push(fill(words.dataset.cut, { count: lines.length - count }));
      if (lost.length) said.push(fill(words.dataset.lost, { cells: lost.slice(0, 5).join("、"), count: lost.length }));
      tell(said.join(""), said.length > 1);
      changed();
    }

    box.addEventListener("paste", paste);
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-lines-remove]");
      if (button) remove(button.closest("tr"));
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, select")) return;
      const row = event.target.closest("tr");
      const last = cells(row).at(-1) === event.target;
      const end = rows().at(-1) === row;
      if (!last || !end || isEmpty(row)) return;
      event.preventDefault();
      const made = add();
      if (made) cells(made)[0].focus();
    });
    adding.hidden = false;
    adding.addEventListener("click", () => {
      forget();
      const made = add();
      if (made) cells(made)[0].focus();
    });
    form.addEventListener("portal:restoring", (event) => {
      const wanted = new Set();
      for (const key of Object.keys(event.detail)) {
        const found = CELL.exec(key);
        if (found && found[1] === name) wanted.add(Number(found[2]));
      }
      if (!wanted.size) return;
      forget();
      const there = new Set(rows().map(indexOf));
      rows().forEach((row) => { if (!wanted.has(indexOf(row))) row.remove(); });
      [...wanted].sort((a, b) => a - b).forEach((index) => { if (!there.has(index)) add(index); });
      number();
    });
    number();
  }

  onContent((root) => fresh(root, "[data-lines]", "lines").forEach(begin));
})();
