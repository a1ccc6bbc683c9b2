// The explorer: pan, zoom, search, fold and step through a picture of a graph.
"use strict";
(function () {
  const root = document.querySelector(".sd-explorer");
  const details = JSON.parse(root.dataset.details);
  const svg = root.querySelector("svg"), side = root.querySelector(".sd-side"), told = root.querySelector("output");
  const search = root.querySelector("input[type=search]"), bar = root.querySelector("input[type=range]");
  const RED = "#cd0000";

  // -- the graph, as Graphviz wrote it ---------------------------------------------------

  const nodes = new Map(), edges = [];
  for (const g of svg.querySelectorAll("g.node")) {
    const id = take(g);
    nodes.set(id, { id, g, operands: new Set(), users: new Set(), detail: details[id] || {}, hidden: false });
    g.dataset.id = id;
    g.setAttribute("tabindex", "0");
    g.setAttribute("role", "button");
    g.setAttribute("aria-label", nodes.get(id).detail.text || id);
  }
  for (const g of svg.querySelectorAll("g.edge")) {
    const [from, to] = take(g).split("->");
    const line = g.querySelector("path");
    const red = line !== null && line.getAttribute("stroke") === RED;
    edges.push({ g, from, to, red });
    if (!red && nodes.has(from) && nodes.has(to)) {
      nodes.get(from).users.add(to);
      nodes.get(to).operands.add(from);
    }
  }
  for (const title of svg.querySelectorAll("title")) title.remove();

  function take(g) {
    const title = g.querySelector("title"), text = title.textContent;
    title.remove();
    return text;
  }

  function reach(start, along) {
    const found = new Set([start]);
    for (const id of found) for (const next of nodes.get(id)[along]) found.add(next);
    return found;
  }

  // -- view: pan and zoom by the box that is shown --------------------------------------------

  const whole = svg.viewBox.baseVal, home = [whole.x, whole.y, whole.width, whole.height];
  let view = home.slice();
  svg.removeAttribute("width");
  svg.removeAttribute("height");

  function show(box) {
    view = box;
    svg.setAttribute("viewBox", view.join(" "));
  }

  function zoom(factor, x, y) {
    const middle = [view[0] + view[2] / 2, view[1] + view[3] / 2];
    const [cx, cy] = x === undefined ? middle : [x, y];
    const width = Math.min(Math.max(view[2] * factor, home[2] / 200), home[2] * 4), ratio = width / view[2];
    show([cx - (cx - view[0]) * ratio, cy - (cy - view[1]) * ratio, width, view[3] * ratio]);
  }

  function place(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  function reveal(node) {
    const box = node.g.getBBox(), matrix = svg.getScreenCTM().inverse().multiply(node.g.getScreenCTM());
    const at = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(matrix);
    const inside = at.x > view[0] && at.x < view[0] + view[2] && at.y > view[1] && at.y < view[1] + view[3];
    if (!inside) show([at.x - view[2] / 2, at.y - view[3] / 2, view[2], view[3]]);
  }

  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(Math.sign(event.deltaY) * 0.15), ...place(event));
  }, { passive: false });
  let grip = null, moved = false;
  svg.addEventListener("pointerdown", (event) => { grip = place(event); moved = false; });
  svg.addEventListener("pointermove", (event) => {
    if (grip === null) return;
    const [x, y] = place(event), dx = grip[0] - x, dy = grip[1] - y;
    if (!moved && Math.hypot(dx, dy) < view[2] / 250) return;
    moved = true;
    show([view[0] + dx, view[1] + dy, view[2], view[3]]);
  });
  window.addEventListener("pointerup", () => { grip = null; });

  // -- what a node is -----------------------------------------------------------------------

  const HELP = "<p>Point at a node to see what it is and what it is made of.</p><p>Click folds what only it uses, and " +
    "unfolds it. Drag and wheel move and zoom.</p><p><kbd>→</kbd> <kbd>←</kbd> step through values and adjoints, " +
    "<kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom, <kbd>/</kbd> search, <kbd>Tab</kbd> the next node, " +
    "<kbd>Enter</kbd> fold, <kbd>U</kbd> unfold all, <kbd>D</kbd> light or dark.</p>";

  function row(list, term, text) {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = term;
    dd.textContent = text;
    list.append(dt, dd);
  }

  function describe(node) {
    if (node === null) { side.innerHTML = HELP; return; }
    const { detail } = node, list = document.createElement("dl"), head = document.createElement("h2");
    head.textContent = detail.text || "";
    if (detail.value) row(list, "value", detail.value);
    if (detail.adjoint) row(list, "adjoint", detail.adjoint);
    for (const [name, partial] of detail.partials || []) row(list, "∂/∂ " + name, partial);
    row(list, "used by", String(node.users.size));
    if (node.folded) row(list, "folded", node.folded + " below");
    side.replaceChildren(head, list);
  }

  function light(node) {
    const below = node === null ? null : reach(node.id, "operands");
    for (const each of nodes.values()) {
      each.g.classList.toggle("faded", below !== null && !below.has(each.id));
      each.g.classList.toggle("lit", below !== null && below.has(each.id));
    }
    for (const { g, from, to } of edges) g.classList.toggle("faded", below !== null && !(below.has(from) && below.has(to)));
    describe(node);
  }

  for (const node of nodes.values()) {
    node.g.addEventListener("pointerenter", () => { if (grip === null) light(node); });
    node.g.addEventListener("pointerleave", () => light(null));
    node.g.addEventListener("focus", () => { light(node); reveal(node); });
    node.g.addEventListener("blur", () => light(null));
    node.g.addEventListener("click", () => { if (!moved) fold(node); });
  }

  // -- folding: a node stands for all that only it uses ------------------------------------------

  const order = topological();

  function topological() {
    const missing = new Map([...nodes.values()].map((node) => [node.id, node.operands.size]));
    const found = [...missing].filter(([, count]) => count === 0).map(([id]) => id);
    for (const id of found) {
      for (const user of nodes.get(id).users) {
        missing.set(user, missing.get(user) - 1);
        if (missing.get(user) === 0) found.push(user);
      }
    }
    return found;
  }

  function fold(node) {
    node.isFolded = !node.isFolded && node.operands.size > 0;
    refold();
    describe(node);
  }

  function refold() {
    for (const id of order.slice().reverse()) {
      const node = nodes.get(id);
      const users = [...node.users].map((user) => nodes.get(user));
      node.hidden = users.length > 0 && users.every((user) => user.isFolded || user.hidden);
      node.g.classList.toggle("hidden", node.hidden);
    }
    for (const node of nodes.values()) {
      node.g.classList.toggle("folded", Boolean(node.isFolded));
      node.folded = node.isFolded ? [...reach(node.id, "operands")].filter((id) => nodes.get(id).hidden).length : 0;
    }
    const gone = (id) => nodes.has(id) && nodes.get(id).hidden;
    for (const { g, from, to } of edges) g.classList.toggle("hidden", gone(from) || gone(to));
  }

  function unfold() {
    for (const node of nodes.values()) node.isFolded = false;
    refold();
  }

  // -- steps: values upwards, then adjoints back ----------------------------------------------------

  const timed = order.filter((id) => !id.startsWith("c"));  // constants are there from the start
  const back = order.slice().reverse().filter((id) => nodes.get(id).detail.adjoint);
  const steps = [...timed.map((id) => [id, "value"]), ...back.map((id) => [id, "adjoint"])];
  bar.max = bar.value = steps.length;
  let step = steps.length;

  function go(k) {
    step = Math.min(Math.max(k, 0), steps.length);
    bar.value = step;
    const at = { value: new Map(), adjoint: new Map() };
    steps.forEach(([id, what], position) => at[what].set(id, position));
    for (const node of nodes.values()) {
      const has = (what) => !at[what].has(node.id) || at[what].get(node.id) < step;
      node.g.classList.toggle("waiting", !has("value"));
      for (const line of node.g.querySelectorAll("text")) {
        const what = line.textContent.startsWith("= ") ? "value" : line.textContent.startsWith("adj ") ? "adjoint" : null;
        if (what !== null) line.classList.toggle("later", !has(what));
      }
      node.g.classList.toggle("current", step < steps.length && step > 0 && steps[step - 1][0] === node.id);
    }
    for (const { g, to, red } of edges) {
      const passed = red ? at.adjoint.has(to) && at.adjoint.get(to) < step : !(at.value.get(to) >= step);
      g.classList.toggle(red ? "later" : "waiting", !passed);
    }
    told.textContent = step + " / " + steps.length;
    if (step > 0 && step < steps.length) {
      const node = nodes.get(steps[step - 1][0]);
      describe(node);
      reveal(node);
    }
  }

  // -- search, keys, buttons ---------------------------------------------------------------------------

  function find(text) {
    const wanted = text.trim().toLowerCase();
    let first = null;
    for (const node of nodes.values()) {
      const words = [node.detail.text || "", node.g.textContent].join(" ").toLowerCase();
      const found = wanted !== "" && words.includes(wanted);
      node.g.classList.toggle("found", found);
      if (found && first === null && !node.hidden) first = node;
    }
    if (first !== null) { reveal(first); describe(first); }
  }

  const actions = {
    back: () => go(step - 1), next: () => go(step === steps.length ? 1 : step + 1), unfold,
    in: () => zoom(0.8), out: () => zoom(1.25), fit: () => show(home.slice()),
    dark: () => root.classList.toggle("dark"),
  };
  const keys = {
    ArrowRight: "next", ArrowLeft: "back", "+": "in", "=": "in", "-": "out", 0: "fit", u: "unfold", d: "dark",
  };
  for (const button of root.querySelectorAll("[data-do]")) button.addEventListener("click", actions[button.dataset.do]);
  bar.addEventListener("input", () => go(+bar.value));
  search.addEventListener("input", () => find(search.value));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Escape") { search.value = ""; find(""); search.blur(); }
      return;
    }
    const name = keys[event.key] || keys[event.key.toLowerCase()];
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    else if (event.key === "Enter" && event.target.dataset && event.target.dataset.id) fold(nodes.get(event.target.dataset.id));
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(steps.length);
    else if (name && event.target !== bar) { event.preventDefault(); actions[name](); }
  });
  if (window.matchMedia("(prefers-color-scheme: dark)").matches) root.classList.add("dark");
  describe(null);
  go(steps.length);
})();
