// The page is complete without this script: it adds the colour switch, the way through the matrix
// by arrow keys, other orders of the matrix, lines lit on the map, and tables to copy or download.
(() => {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const live = document.getElementById("live");

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
  offerTables(data.words, live);
  addEventListener("hashchange", () => openAround(document.getElementById(location.hash.slice(1))));
  printOpen();
  offerThemes();
})();
