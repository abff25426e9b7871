// Draws the departments with vis-network and filters their lines; the tables need no script.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const frame = document.getElementById("network");
  if (!frame) return;
  const form = document.getElementById("filters");
  const live = document.getElementById("live");
  frame.hidden = false;
  form.hidden = false;

  const fill = (sentence, values) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    const names = ["ink", "paper", "node", "accent", "fewer", "edge"];
    return Object.fromEntries(names.map((name) => [name, read(name)]));
  }

  // No colour and no label is left to the library's own reading: texts are plain, never markup.
  function painted(node) {
    const c = colours();
    const look = { background: c.node, border: c.ink };
    return {
      ...node,
      color: { ...look, highlight: { ...look, border: c.accent }, hover: { ...look, border: c.accent } },
      font: { color: c.ink, size: 20, face: "system-ui, sans-serif", multi: false, strokeWidth: 4, strokeColor: c.paper },
    };
  }

  function drawn(edge) {
    const c = colours();
    const colour = { more: c.accent, fewer: c.fewer, even: c.edge }[edge.side];
    return {
      ...edge,
      color: { color: colour, highlight: colour, hover: colour, opacity: 0.85 },
      dashes: edge.side === "fewer" ? [9, 7] : false,
    };
  }

  const nodes = new vis.DataSet(data.nodes.map(painted));
  const edges = new vis.DataSet(data.edges.map(drawn));
  const network = new vis.Network(frame, { nodes, edges }, data.options);

  function wanted(edge) {
    const { department, side, strength } = form.elements;
    const ends = [String(edge.from), String(edge.to)];
    return (
      (department.value === "" || ends.includes(department.value)) &&
      (side.value === "all" || edge.side === side.value) &&
      edge.strength >= Number(strength.value)
    );
  }

  function filter() {
    const kept = new Set(data.edges.filter(wanted).map((edge) => edge.id));
    edges.update(data.edges.map((edge) => ({ id: edge.id, hidden: !kept.has(edge.id) })));
    const chosen = form.elements.department.value;
    if (chosen === "") {
      network.unselectAll();
      live.textContent = fill(data.words.shown, { shown: kept.size, all: data.edges.length });
    } else {
      network.selectNodes([Number(chosen)], false);
      live.textContent = fill(data.spoken[Number(chosen)], { lines: kept.size });
    }
  }

  function zoom(factor) {
    network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, 0.1), 5) });
  }

  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { filter(); network.fit(); }));
  for (const button of form.querySelectorAll("[data-zoom]")) {
    const act = { in: () => zoom(1.25), out: () => zoom(0.8), fit: () => network.fit() };
    button.addEventListener("click", act[button.dataset.zoom]);
  }
  network.on("click", ({ nodes: clicked }) => {
    form.elements.department.value = clicked.length ? String(clicked[0]) : "";
    filter();
  });
  // The wheel zooms only with Ctrl held: the page's own scrolling is never trapped.
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.1 : 0.9);
  }, { passive: false });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    nodes.update(data.nodes.map(painted));
    edges.update(data.edges.map(drawn));
    filter();
  });
  filter();
  network.fit();
})();
