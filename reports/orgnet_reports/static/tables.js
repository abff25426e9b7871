// Every table can be copied and saved as CSV, as it is shown; used by each page's own script.
"use strict";

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function offerTables(words, live) {
  function button(text, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
  }

  // A cell that a spreadsheet would run as a formula gets an apostrophe in front.
  function shownText(cell) {
    const copy = cell.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".unseen")) hidden.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function guarded(text) {
    return text.replace(/(^|;)(?=\s*[=+\-@＝＋－＠])/g, "$1'");
  }

  function rowsOf(table) {
    const shown = [...table.rows].filter((row) => !row.hidden);
    return shown.map((row) => [...row.cells].map((cell) => guarded(shownText(cell))));
  }

  function csv(table) {
    const quoted = (text) => '"' + text.replaceAll('"', '""') + '"';
    return rowsOf(table).map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
  }

  function offerTable(table) {
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.append(
      button(words.copy, async () => {
        const text = rowsOf(table).map((row) => row.join("\t")).join("\n");
        try {
          await navigator.clipboard.writeText(text);
          live.textContent = words.copied;
        } catch {
          live.textContent = words.notCopied;
        }
      }),
      button(words.download, () => {
        const file = `${table.dataset.file}.csv`;
        const address = URL.createObjectURL(
          new Blob(["\ufeff" + csv(table)], { type: "text/csv;charset=utf-8" }),
        );
        const link = document.createElement("a");
        link.href = address;
        link.download = file;
        link.click();
        setTimeout(() => URL.revokeObjectURL(address), 1000);
        live.textContent = fill(words.downloaded, { file });
      }),
    );
    table.closest(".scroll").after(tools);
  }

  for (const table of document.querySelectorAll("table[data-file]")) offerTable(table);
}
