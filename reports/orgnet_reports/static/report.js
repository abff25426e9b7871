// The page is complete without this script: it adds the colour switch, the way through the matrix
// by arrow keys, other orders of the matrix, lines lit on the map, and tables to copy or download.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const live = document.getElementById("live");

  function fill(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  function button(text, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
  }

  // Colours: the choice lasts as long as the page is open; nothing is stored.
  function offerThemes() {
    const group = document.querySelector(".theme");
    const choices = [...group.querySelectorAll("button")];
    for (const choice of choices) {
      choice.addEventListener("click", () => {
        for (const other of choices) other.setAttribute("aria-pressed", String(other === choice));
        if (choice.dataset.choice === "system") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = choice.dataset.choice;
      });
    }
    group.hidden = false;
  }

  // Matrix: one cell is in the tab order; arrow keys, Home and End move; the sentence is read out.
  function walkMatrix(table) {
    const reading = document.getElementById("reading");
    const rows = () => [...table.tBodies[0].rows];
    const cells = (row) => [...row.querySelectorAll("td")];
    const stop = (cell) => {
      for (const other of table.querySelectorAll("td[tabindex='0']")) other.tabIndex = -1;
      cell.tabIndex = 0;
    };
    for (const cell of table.tBodies[0].querySelectorAll("td")) cell.tabIndex = -1;
    stop(cells(rows()[0])[0]);

    table.addEventListener("focusin", (event) => {
      const cell = event.target.closest("tbody td");
      if (!cell) return;
      stop(cell);
      reading.textContent = cell.querySelector(".unseen").textContent;
    });
    table.addEventListener("click", (event) => event.target.closest("tbody td")?.focus());
    table.addEventListener("keydown", (event) => {
      const cell = event.target.closest("tbody td");
      if (!cell) return;
      const all = rows();
      const row = all.indexOf(cell.parentElement);
      const column = cells(cell.parentElement).indexOf(cell);
      const last = all.length - 1;
      const goal = {
        ArrowUp: [row - 1, column],
        ArrowDown: [row + 1, column],
        ArrowLeft: [row, column - 1],
        ArrowRight: [row, column + 1],
        Home: [event.ctrlKey ? 0 : row, 0],
        End: [event.ctrlKey ? last : row, last],
      }[event.key];
      if (!goal) return;
      event.preventDefault();
      const [down, across] = goal.map((at) => Math.min(Math.max(at, 0), last));
      cells(all[down])[across].focus();
    });
  }

  function offerOrders(table) {
    const select = document.getElementById("matrix-order");
    const rows = [...table.tBodies[0].rows];
    const grid = rows.map((row) => [...row.cells]);
    const heads = [...table.tHead.rows[0].cells];
    select.addEventListener("change", () => {
      const order = data.orders[select.value];
      table.tHead.rows[0].append(...order.map((at) => heads[at + 1]));
      for (const at of order) {
        rows[at].append(...order.map((other) => grid[at][other + 1]));
        table.tBodies[0].append(rows[at]);
      }
      live.textContent = fill(data.words.reordered, {
        order: select.selectedOptions[0].textContent,
      });
    });
    select.closest(".matrix-controls").hidden = false;
  }

  // Map: the lines of the department under the pointer or the focus stay, the others fade.
  function lightMap(map) {
    const lines = [...map.querySelectorAll("line[data-ends]")];
    const light = (at) => {
      map.classList.toggle("chosen", at !== null);
      for (const line of lines) {
        line.classList.toggle("lit", at !== null && line.dataset.ends.split(" ").includes(at));
      }
    };
    for (const department of map.querySelectorAll(".department")) {
      const at = department.dataset.at;
      for (const event of ["focus", "pointerenter"]) {
        department.addEventListener(event, () => light(at));
      }
      for (const event of ["blur", "pointerleave"]) {
        department.addEventListener(event, () => light(null));
      }
    }
  }

  // Tables: a cell that a spreadsheet would run as a formula gets an apostrophe in front.
  function shownText(cell) {
    const copy = cell.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".unseen")) hidden.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function guarded(text) {
    return /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  }

  function rowsOf(table) {
    return [...table.rows].map((row) => [...row.cells].map((cell) => guarded(shownText(cell))));
  }

  function csv(table) {
    const quoted = (text) => '"' + text.replaceAll('"', '""') + '"';
    return rowsOf(table).map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
  }

  function offerTable(table) {
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.append(
      button(data.words.copy, async () => {
        const text = rowsOf(table).map((row) => row.join("\t")).join("\n");
        try {
          await navigator.clipboard.writeText(text);
          live.textContent = data.words.copied;
        } catch {
          live.textContent = data.words.notCopied;
        }
      }),
      button(data.words.download, () => {
        const file = `${table.dataset.file}.csv`;
        const address = URL.createObjectURL(
          new Blob(["\ufeff" + csv(table)], { type: "text/csv;charset=utf-8" }),
        );
        const link = document.createElement("a");
        link.href = address;
        link.download = file;
        link.click();
        setTimeout(() => URL.revokeObjectURL(address), 1000);
        live.textContent = fill(data.words.downloaded, { file });
      }),
    );
    table.closest(".scroll").after(tools);
  }

  // A link to something inside closed details opens them; so does printing.
  function openAround(element) {
    for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  }

  function printOpen() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open])")];
      for (const details of opened) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of opened) details.open = false;
    });
  }

  const matrix = document.querySelector("table.matrix");
  if (matrix) {
    walkMatrix(matrix);
    offerOrders(matrix);
  }
  for (const map of document.querySelectorAll(".chart-map .scroll svg")) lightMap(map);
  for (const table of document.querySelectorAll("table[data-file]")) offerTable(table);
  addEventListener("hashchange", () => openAround(document.getElementById(location.hash.slice(1))));
  printOpen();
  offerThemes();
})();
