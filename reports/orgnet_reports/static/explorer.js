// Draws the network with vis-network and filters its lines, in the picture and in their table; the
// tables need no script. No text is ever given to the library as markup.
(() => {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const frame = document.getElementById("network");
  if (!frame) return;
  const form = document.getElementById("filters");
  const live = document.getElementById("live");
  const rows = [...document.querySelector("#lines tbody").rows];
  const marked = new Set(data.marked);
  frame.hidden = false;
  form.hidden = false;

  // Canvas knows no custom properties; in forced colours they are names of the system's colours.
  function colours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["ink", "paper", "node", "accent", "fewer", "edge"];
    return Object.fromEntries(
      names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
    );
  }

  function painted(node, faded) {
    const c = colours();
    const ring = marked.has(node.id);
    const look = { background: c.node, border: ring ? c.fewer : c.ink };
    return {
      ...node,
      borderWidth: ring ? 4 : 1.5,
      borderWidthSelected: 5,
      opacity: faded ? 0.25 : 1,
      color: { ...look, highlight: { ...look, border: c.accent }, hover: { ...look, border: c.accent } },
      font: {
        color: faded ? c.edge : c.ink, size: 20, face: "system-ui, sans-serif", multi: false,
        strokeWidth: 4, strokeColor: c.paper,
      },
    };
  }

  function drawn(edge, hidden) {
    const c = colours();
    const colour = { more: c.accent, fewer: c.fewer, even: c.edge }[edge.side];
    return {
      ...edge,
      hidden,
      color: { color: colour, highlight: colour, hover: colour, opacity: 0.85 },
      dashes: edge.side === "fewer" ? [9, 7] : false,
    };
  }

  const nodes = new vis.DataSet(data.nodes.map((node) => painted(node, false)));
  const edges = new vis.DataSet(data.edges.map((edge) => drawn(edge, false)));
  const network = new vis.Network(frame, { nodes, edges }, data.options);

  function wanted(edge) {
    const { group, node, side, strength } = form.elements;
    const ends = [edge.from, edge.to];
    return (
      (!group || group.value === "" || ends.some((at) => String(data.groups[at]) === group.value)) &&
      (node.value === "" || ends.map(String).includes(node.value)) &&
      (side.value === "all" || edge.side === side.value) &&
      edge.strength >= Number(strength.value)
    );
  }

  // What differs from showing everything, as the filters' own words.
  function choices() {
    return [...form.querySelectorAll("select")]
      .filter((select) => select.selectedIndex > 0)
      .map((select) => fill(data.words.choice, {
        name: select.labels[0].firstChild.textContent.trim(),
        value: select.selectedOptions[0].textContent,
      }))
      .join(data.words.listBreak);
  }

  function filter() {
    const kept = new Set(data.edges.filter(wanted).map((edge) => edge.id));
    const reached = new Set(
      data.edges.filter((edge) => kept.has(edge.id)).flatMap((edge) => [edge.from, edge.to]),
    );
    const { group, node } = form.elements;
    const chosen = node.value === "" ? null : Number(node.value);
    const narrowed = chosen !== null || Boolean(group && group.value !== "");
    if (chosen !== null) reached.add(chosen);
    nodes.update(data.nodes.map((each) => painted(each, narrowed && !reached.has(each.id))));
    edges.update(data.edges.map((edge) => drawn(edge, !kept.has(edge.id))));
    rows.forEach((row, at) => { row.hidden = !kept.has(at); });
    if (chosen === null) network.unselectAll();
    else network.selectNodes([chosen], false);
    const made = choices();
    const counted = fill(made ? data.words.filtered : data.words.shown, {
      shown: kept.size, all: data.edges.length, choices: made,
    });
    live.textContent = chosen === null ? counted : `${data.told[chosen]} ${counted}`;
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
    form.elements.node.value = clicked.length ? String(clicked[0]) : "";
    filter();
  });
  frame.addEventListener("keydown", (event) => {
    if (event.key === "0") network.fit();
  });
  // The wheel zooms only with Ctrl held: the page's own scrolling is never trapped.
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.1 : 0.9);
  }, { passive: false });
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", filter);
  }
  offerTables(data.words, live);
  filter();
  network.fit();
})();
