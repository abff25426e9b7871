// Draws the map on a canvas in two layers, and gives search, groups and everybody's contacts. The
// names are those of the tables: the page holds each once, and is complete without this script.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const canvas = document.getElementById("canvas");
  const form = document.getElementById("filters");
  const live = document.getElementById("live");
  const panel = document.getElementById("panel");
  const context = canvas.getContext("2d");

  const BATCH = 300, SETTLE = 120, PAGE = 40, CLOSEST = 60, ROOMY = 64;

  function numbers(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Uint16Array.from({ length: bytes.length / 2 }, (_, at) => view.getUint16(2 * at, true));
  }

  const x = numbers(data.x), y = numbers(data.y);
  const first = numbers(data.first), second = numbers(data.second);
  const groups = data.groups.map(([people, cx, cy, radius]) => ({ people, x: cx, y: cy, radius }));
  const everybody = [], groupOf = new Uint16Array(x.length), cells = [];
  for (const [at, details] of document.querySelectorAll("details.group").entries()) {
    groups[at].name = details.querySelector(".name").textContent;
    for (const row of details.querySelectorAll("tbody tr")) {
      groupOf[everybody.length] = at;
      everybody.push(row.cells[0].textContent.trim());
      cells.push(row.cells);
    }
  }
  const sought = everybody.map((label) => label.toLocaleLowerCase());

  // Ties come strongest first: for each least strength, how many of them there are.
  const [most, regular] = data.strengths;
  const upTo = [first.length, most + regular, most];

  // Who is in contact with whom, as one array of neighbours with a start for each person.
  const starts = new Uint32Array(x.length + 1);
  for (const end of [first, second]) for (const at of end) starts[at + 1] += 1;
  for (let at = 0; at < x.length; at += 1) starts[at + 1] += starts[at];
  const places = starts.slice(), ties = new Uint32Array(2 * first.length);
  for (let tie = 0; tie < first.length; tie += 1) {
    ties[places[first[tie]]++] = tie;
    ties[places[second[tie]]++] = tie;
  }

  const state = { group: -1, least: 0, person: -1, found: null, hover: -1 };
  const view = { scale: 1, left: 0, top: 0 };
  let drawn = null, settling = 0, frame = 0, colours = {}, width = 0, height = 0, ratio = 1;

  const fill = (sentence, values) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const count = (number) => number.toLocaleString(document.documentElement.lang);
  const toX = (at) => (at - view.left) * view.scale;
  const toY = (at) => (at - view.top) * view.scale;

  function readColours() {
    if (matchMedia("(forced-colors: active)").matches) {
      colours = { ink: "CanvasText", paper: "Canvas", raised: "Canvas", edge: "GrayText",
        accent: "Highlight", rule: "CanvasText", soft: "CanvasText" };
      return;
    }
    const style = getComputedStyle(document.documentElement);
    for (const name of ["ink", "paper", "raised", "edge", "accent", "rule", "soft"]) {
      colours[name] = style.getPropertyValue(`--${name}`).trim();
    }
  }

  // ---------------------------------------------------------------- drawing

  const box = groups.reduce(
    (all, group) => ({
      left: Math.min(all.left, group.x - group.radius), right: Math.max(all.right, group.x + group.radius),
      top: Math.min(all.top, group.y - group.radius), bottom: Math.max(all.bottom, group.y + group.radius),
    }),
    { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity },
  );

  function wholeScale() {
    const room = 34;
    return Math.min((width - 2 * room) / (box.right - box.left), (height - 2 * room) / (box.bottom - box.top));
  }

  function showWhole() {
    view.scale = wholeScale();
    view.left = (box.left + box.right) / 2 - width / 2 / view.scale;
    view.top = (box.top + box.bottom) / 2 - (height + 14) / 2 / view.scale;
  }

  function dotRadius() {
    return Math.min(Math.max(data.spacing * view.scale * 0.23, 1.1), 8);
  }

  const touches = (tie, group) => groupOf[first[tie]] === group || groupOf[second[tie]] === group;

  function strokeTies(to, which, colour, lineWidth, opacity) {
    to.strokeStyle = colour;
    to.lineWidth = lineWidth;
    to.globalAlpha = opacity;
    let inBatch = 0;
    to.beginPath();
    for (const tie of which) {
      const ax = toX(x[first[tie]]), ay = toY(y[first[tie]]);
      const bx = toX(x[second[tie]]), by = toY(y[second[tie]]);
      if ((ax < 0 && bx < 0) || (ay < 0 && by < 0) || (ax > width && bx > width) || (ay > height && by > height)) continue;
      to.moveTo(ax, ay);
      to.lineTo(bx, by);
      inBatch += 1;
      if (inBatch === BATCH) {
        to.stroke();
        to.beginPath();
        inBatch = 0;
      }
    }
    to.stroke();
    to.globalAlpha = 1;
  }

  function* shownTies() {
    for (let tie = 0; tie < upTo[state.least]; tie += 1) {
      if (state.group < 0 || touches(tie, state.group)) yield tie;
    }
  }

  function dots(to, which, colour, radius) {
    to.fillStyle = colour;
    to.beginPath();
    for (const at of which) {
      const cx = toX(x[at]), cy = toY(y[at]);
      if (cx < -radius || cy < -radius || cx > width + radius || cy > height + radius) continue;
      to.moveTo(cx + radius, cy);
      to.arc(cx, cy, radius, 0, 2 * Math.PI);
    }
    to.fill();
  }

  function text(to, words, at, down, align = "center") {
    to.textAlign = align;
    to.lineJoin = "round";
    to.lineWidth = 4;
    to.strokeStyle = colours.paper;
    to.strokeText(words, at, down);
    to.fillStyle = colours.ink;
    to.fillText(words, at, down);
  }

  const shortened = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

  // The largest groups are named first; a name that would cover another waits for a closer look.
  function nameGroups(to) {
    to.font = "600 13px system-ui, sans-serif";
    const taken = [];
    const order = [...groups.keys()].sort((a, b) => (b === state.group) - (a === state.group) || groups[b].people - groups[a].people);
    for (const at of order) {
      const group = groups[at], words = shortened(group.name, 28);
      const cx = toX(group.x), cy = Math.max(toY(group.y - group.radius) - 7, 15);
      const half = to.measureText(words).width / 2 + 4;
      const covers = taken.some(([l, r, d]) => cx - half < r && l < cx + half && Math.abs(d - cy) < 16);
      if (covers || cx + half < 0 || cx - half > width || cy > height + 20 || toY(group.y + group.radius) < 0) continue;
      taken.push([cx - half, cx + half, cy]);
      text(to, words, cx, cy);
    }
  }

  // The slow layer: everything, drawn once the map has come to rest.
  function redraw() {
    const layer = drawn?.layer ?? document.createElement("canvas");
    layer.width = canvas.width;
    layer.height = canvas.height;
    const to = layer.getContext("2d");
    to.setTransform(ratio, 0, 0, ratio, 0, 0);
    to.lineWidth = 1;
    for (const group of groups) {
      to.beginPath();
      to.arc(toX(group.x), toY(group.y), group.radius * view.scale, 0, 2 * Math.PI);
      to.fillStyle = colours.raised;
      to.fill();
      to.strokeStyle = colours.rule;
      to.stroke();
    }
    const which = [...shownTies()];
    strokeTies(to, which, state.group < 0 ? colours.edge : colours.accent, 1,
      Math.min(0.5, 0.03 + 8 / Math.sqrt(which.length + 1)));
    const all = [...everybody.keys()];
    const lit = (at) => state.group >= 0 && groupOf[at] === state.group;
    dots(to, all.filter((at) => !lit(at)), state.group < 0 ? colours.ink : colours.edge, dotRadius());
    dots(to, all.filter(lit), colours.accent, dotRadius() + 0.5);
    drawn = { layer, scale: view.scale, left: view.left, top: view.top };
    paint();
  }

  // The quick layer: the last full drawing, moved and scaled, and what is chosen on top of it.
  function paint() {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, width, height);
    if (drawn) {
      const by = view.scale / drawn.scale;
      context.globalAlpha = state.person >= 0 ? 0.3 : 1;
      context.drawImage(drawn.layer, toX(drawn.left), toY(drawn.top), width * by, height * by);
      context.globalAlpha = 1;
    }
    nameGroups(context);
    const radius = dotRadius();
    if (state.found) ring(state.found, radius + 2.5, 1.5);
    if (state.person >= 0) {
      const near = contactsOf(state.person);
      strokeTies(context, near.map(([, tie]) => tie), colours.accent, 1.6, 0.9);
      dots(context, near.map(([other]) => other), colours.accent, radius + 1);
      dots(context, [state.person], colours.ink, radius + 2);
      ring([state.person], radius + 6, 2.5);
    }
    namePeople(radius);
  }

  function ring(which, radius, lineWidth) {
    context.strokeStyle = colours.accent;
    context.lineWidth = lineWidth;
    context.beginPath();
    for (const at of which) {
      context.moveTo(toX(x[at]) + radius, toY(y[at]));
      context.arc(toX(x[at]), toY(y[at]), radius, 0, 2 * Math.PI);
    }
    context.stroke();
  }

  function namePeople(radius) {
    context.font = "12px system-ui, sans-serif";
    const inView = (at) => toX(x[at]) > 0 && toX(x[at]) < width && toY(y[at]) > 0 && toY(y[at]) < height;
    let named = [];
    if (data.spacing * view.scale >= ROOMY) named = [...everybody.keys()].filter(inView);
    if (state.person >= 0) named = [state.person, ...contactsOf(state.person).map(([other]) => other), ...named];
    if (state.hover >= 0) named = [state.hover, ...named];
    const taken = [];
    for (const at of new Set(named)) {
      const words = shortened(everybody[at], 30), wide = context.measureText(words).width;
      const right = toX(x[at]) + radius + 4, cy = toY(y[at]) + 4;
      const cx = right + wide > width ? right - wide - 2 * radius - 8 : right, end = cx + wide;
      if (taken.some(([l, r, d]) => cx < r && l < end && Math.abs(d - cy) < 13)) continue;
      taken.push([cx, end, cy]);
      text(context, words, cx, cy, "left");
    }
  }

  function moved() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(paint);
    clearTimeout(settling);
    settling = setTimeout(redraw, SETTLE);
  }

  function zoom(by, cx = width / 2, cy = height / 2) {
    const scale = Math.min(Math.max(view.scale * by, wholeScale() / 2), wholeScale() * CLOSEST);
    view.left += cx / view.scale - cx / scale;
    view.top += cy / view.scale - cy / scale;
    view.scale = scale;
    moved();
  }

  function pan(right, down) {
    view.left += right / view.scale;
    view.top += down / view.scale;
    moved();
  }

  const moves = {
    left: () => pan(-60, 0), right: () => pan(60, 0), up: () => pan(0, -60), down: () => pan(0, 60),
    in: () => zoom(1.4), out: () => zoom(1 / 1.4), whole: () => { showWhole(); moved(); },
  };

  function fitCanvas() {
    const size = canvas.getBoundingClientRect();
    if (!size.width || (size.width === width && size.height === height && devicePixelRatio === ratio)) return;
    const before = width ? { x: view.left + width / 2 / view.scale, y: view.top + height / 2 / view.scale, by: view.scale / wholeScale() } : null;
    ({ width, height } = size);
    ratio = devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    if (before) {
      view.scale = wholeScale() * before.by;
      view.left = before.x - width / 2 / view.scale;
      view.top = before.y - height / 2 / view.scale;
    } else showWhole();
    redraw();
  }

  // ---------------------------------------------------------------- people

  function contactsOf(person) {
    const near = [];
    for (let at = starts[person]; at < starts[person + 1]; at += 1) {
      const tie = ties[at];
      if (tie < upTo[state.least]) near.push([first[tie] === person ? second[tie] : first[tie], tie]);
    }
    return near.sort(([a], [b]) => a - b);
  }

  function element(name, words, attributes = {}) {
    const made = document.createElement(name);
    if (words !== undefined) made.textContent = words;
    return Object.assign(made, attributes);
  }

  function personButton(at) {
    const made = element("button", undefined, { type: "button" });
    made.append(element("bdi", everybody[at]));
    made.addEventListener("click", () => choose(at, true));
    const item = element("li");
    item.append(made);
    return item;
  }

  function groupButton(group, at) {
    const made = element("button", undefined, { type: "button" });
    made.append(element("bdi", group.name), ` (${count(group.people)})`);
    made.addEventListener("click", () => {
      form.elements.group.value = String(at);
      filter();
      panel.querySelector("button").focus();
    });
    const item = element("li");
    item.append(made);
    return item;
  }

  // A list that grows on demand, so that everybody in it can be reached by keyboard.
  function listOf(people) {
    const list = element("ul"), parts = [list];
    let shown = 0;
    const more = element("button", data.words.more, { type: "button" });
    const grow = () => {
      const next = people.slice(shown, shown + PAGE).map(personButton);
      list.append(...next);
      shown += next.length;
      more.hidden = shown >= people.length;
      return next[0];
    };
    more.addEventListener("click", () => grow()?.querySelector("button").focus());
    grow();
    if (people.length > shown) parts.push(more);
    return parts;
  }

  function showPanel() {
    const { person } = state;
    panel.replaceChildren();
    if (person >= 0) {
      const [, contacts, outside] = cells[person];
      const near = contactsOf(person);
      const back = element("button", data.words.close, { type: "button" });
      back.addEventListener("click", () => choose(-1, true));
      panel.append(back, element("h3", fill(data.words.contacts_of, { label: everybody[person] })),
        element("p", fill(data.words.chosen, { label: everybody[person], group: groups[groupOf[person]].name,
          contacts: contacts.textContent.trim(), outside: outside.textContent.trim() })));
      if (Number(contacts.textContent) < 3) panel.append(element("p", data.words.few));
      if (near.length < Number(contacts.textContent)) {
        panel.append(element("p", fill(data.words.drawn, { drawn: count(near.length), contacts: contacts.textContent.trim() })));
      }
      for (const at of new Set(near.map(([other]) => groupOf[other]))) {
        panel.append(element("h3", groups[at].name),
          ...listOf(near.map(([other]) => other).filter((other) => groupOf[other] === at)));
      }
    } else if (state.found) {
      panel.append(element("h3", data.words.results), ...listOf(state.found));
    } else if (state.group >= 0 || groups.length === 1) {
      const group = Math.max(state.group, 0);
      panel.append(element("h3", fill(data.words.members, { group: groups[group].name })),
        ...listOf([...everybody.keys()].filter((at) => groupOf[at] === group)));
    } else {
      const list = element("ul");
      list.append(...groups.map(groupButton));
      panel.append(element("h3", data.words.groups), list);
    }
  }

  function say() {
    if (state.person >= 0) live.textContent = panel.querySelector("p").textContent;
    else if (state.found) {
      const { length } = state.found;
      live.textContent = length ? fill(data.words[length === 1 ? "found.one" : "found.other"], { count: count(length) }) : data.words.nobody;
    } else {
      const lines = [...shownTies()].length;
      live.textContent = state.group >= 0
        ? fill(data.words.group, { group: groups[state.group].name, people: count(groups[state.group].people), ties: count(lines) })
        : fill(data.words.all, { people: count(everybody.length), ties: count(lines) });
    }
  }

  function choose(person, moveFocus = false) {
    state.person = person;
    if (person >= 0) {
      const cx = toX(x[person]), cy = toY(y[person]);
      if (cx < 20 || cy < 20 || cx > width - 20 || cy > height - 20) pan(cx - width / 2, cy - height / 2);
    }
    showPanel();
    say();
    paint();
    if (moveFocus) (panel.querySelector("button") ?? form.elements.search).focus();
  }

  function filter() {
    const { search, group, strength } = form.elements;
    const wanted = search.value.trim().toLocaleLowerCase();
    state.group = group && group.value !== "" ? Number(group.value) : -1;
    state.least = strength ? Number(strength.value) : 0;
    state.found = wanted === "" ? null : [...everybody.keys()].filter(
      (at) => sought[at].includes(wanted) && (state.group < 0 || groupOf[at] === state.group));
    state.person = -1;
    showPanel();
    say();
    redraw();
  }

  function nearest(event) {
    const size = canvas.getBoundingClientRect();
    const px = event.clientX - size.left, py = event.clientY - size.top;
    let best = -1, least = (dotRadius() + 8) ** 2;
    for (let at = 0; at < x.length; at += 1) {
      const away = (toX(x[at]) - px) ** 2 + (toY(y[at]) - py) ** 2;
      if (away < least) [best, least] = [at, away];
    }
    return best;
  }

  // ---------------------------------------------------------------- listening

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(() => { showWhole(); filter(); }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.person >= 0) choose(-1, true);
  });
  for (const made of document.querySelectorAll("[data-move]")) {
    made.addEventListener("click", moves[made.dataset.move]);
  }
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", "+": "in", "=": "in", "-": "out", 0: "whole" }[event.key];
    if (!move) return;
    event.preventDefault();
    moves[move]();
  });
  // The wheel zooms only with Ctrl held: the page's own scrolling is never trapped.
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const size = canvas.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - size.left, event.clientY - size.top);
  }, { passive: false });
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, far: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (held) {
      const right = held.x - event.clientX, down = held.y - event.clientY;
      if (!held.far && Math.hypot(right, down) < 4) return;
      held = { x: event.clientX, y: event.clientY, far: true };
      pan(right, down);
      return;
    }
    const at = nearest(event);
    if (at === state.hover) return;
    state.hover = at;
    paint();
  });
  canvas.addEventListener("pointerleave", () => { state.hover = -1; paint(); });
  canvas.addEventListener("pointercancel", () => { held = null; });
  canvas.addEventListener("pointerup", (event) => {
    if (held && !held.far) choose(nearest(event));
    held = null;
  });

  function offerThemes() {
    const group = document.querySelector(".theme");
    const choices = [...group.querySelectorAll("button")];
    for (const choice of choices) {
      choice.addEventListener("click", () => {
        for (const other of choices) other.setAttribute("aria-pressed", String(other === choice));
        if (choice.dataset.choice === "system") delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = choice.dataset.choice;
        readColours();
        redraw();
      });
    }
    group.hidden = false;
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => { readColours(); redraw(); });
    }
  }

  // A cell that a spreadsheet would run as a formula gets an apostrophe in front.
  function offerList() {
    const quoted = (words) => `"${words.replace(/^(?=[\t\r\n])|(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])/g, "$1'").replaceAll('"', '""')}"`;
    const made = element("button", data.words.download, { type: "button" });
    made.addEventListener("click", () => {
      const file = "people.csv";
      const heads = [...document.querySelectorAll("details.group thead")][0].querySelectorAll("th");
      const rows = [[heads[0], document.querySelector("select[name=group]")?.labels[0]?.firstChild, heads[1], heads[2]].map((head) => (head?.textContent ?? "").trim())];
      for (const at of everybody.keys()) {
        rows.push([everybody[at], groups[groupOf[at]].name, cells[at][1].textContent.trim(), cells[at][2].textContent.trim()]);
      }
      const content = rows.map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
      const address = URL.createObjectURL(new Blob(["\ufeff" + content], { type: "text/csv;charset=utf-8" }));
      element("a", "", { href: address, download: file }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
      live.textContent = fill(data.words.downloaded, { file });
    });
    const tools = element("p", undefined, { id: "list-tools" });
    tools.append(made);
    document.querySelector("details.group")?.before(tools);
  }

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details[data-print]:not([open])")) {
      details.open = true;
      details.dataset.opened = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details[data-opened]")) {
      details.open = false;
      delete details.dataset.opened;
    }
  });

  document.documentElement.classList.add("scripted");
  for (const hidden of [canvas, form, document.querySelector(".moves"), document.getElementById("keys"), panel]) hidden.hidden = false;
  readColours();
  offerThemes();
  offerList();
  showPanel();
  fitCanvas();
  say();
  addEventListener("resize", fitCanvas);
})();
