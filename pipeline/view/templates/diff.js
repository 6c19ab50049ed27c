"use strict";
(() => {
  const root = document.documentElement;
  const $ = (name) => document.getElementById(name);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  const rows = all("table.changes tbody tr:not(.group)");
  const pairs = all(".pair");
  const blocks = { a: [], b: [] };
  for (const block of all(".block")) blocks[block.dataset.side].push(block);
  for (const side of ["a", "b"]) blocks[side].sort((one, other) => one.dataset.order - other.dataset.order);
  const pairOf = new Map(pairs.map((pair) => [pair.id.slice(5), pair]));
  const cells = new Map(all(".block").map((block) => [block, block.parentElement]));
  const texts = new Map();
  const marks = new Map();
  for (const mark of all("[data-m]")) {
    for (const name of mark.dataset.m.split(" ")) {
      if (!marks.has(name)) marks.set(name, []);
      marks.get(name).push(mark);
    }
  }
  // The partner of a block: the first block of its pair on the other side.
  const partner = new Map();
  for (const pair of pairs) {
    const [a, b] = ["a", "b"].map((side) => all(".block", pair.querySelector(".cell." + side)));
    for (const block of a) if (b.length) partner.set(block, b[0]);
    for (const block of b) if (a.length) partner.set(block, a[0]);
  }

  /* Two panes, or pair by pair. Printing takes the pairs. */
  const panes = { a: $("pane-a"), b: $("pane-b") };
  let split = null;
  function setPanes(on) {
    if (on === split) return;
    const moved = split !== null || on;
    split = on;
    if (on) {
      for (const side of ["a", "b"]) panes[side].append(...blocks[side]);
    } else if (moved) {
      // In the order of the side, so that the parts of a pair stand as before.
      for (const side of ["a", "b"]) for (const block of blocks[side]) cells.get(block).append(block);
    }
    $("panes").hidden = !on;
    $("pairs").hidden = on;
    root.classList.toggle("rows", !on);
    measure();
  }
  let wanted = true;
  const wide = matchMedia("(min-width: 641px)");
  function arrange() {
    setPanes(wanted && wide.matches);
    $("view").setAttribute("aria-pressed", String(wanted));
    $("view").textContent = wanted ? "Pair by pair" : "Two panes";
  }
  wide.addEventListener("change", arrange);
  $("view").addEventListener("click", () => { wanted = !wanted; arrange(); });
  let before = false;
  addEventListener("beforeprint", () => { before = split; setPanes(false); });
  addEventListener("afterprint", () => setPanes(Boolean(before)));

  /* Synchronised scrolling: what stands at the reading line on one side stands there on the other. */
  const shown = { a: [], b: [] };
  function measure() {
    for (const side of ["a", "b"]) shown[side] = blocks[side].filter((block) => !block.classList.contains("off"));
  }
  let driver = "";
  for (const side of ["a", "b"]) {
    for (const event of ["pointerenter", "pointerdown", "wheel", "touchstart", "keydown", "focusin"]) {
      panes[side].addEventListener(event, () => { driver = side; }, { passive: true });
    }
    panes[side].addEventListener("scroll", () => { if (driver === side) settle(side); }, { passive: true });
  }
  let frame = 0;
  function settle(side, times = 2) {
    cancelAnimationFrame(frame);
    // Blocks that come into sight get their real height; the second look takes it into account.
    frame = requestAnimationFrame(() => {
      follow(side);
      if (times > 1) settle(side, times - 1);
    });
  }
  function at(side, line) {
    let low = 0, high = shown[side].length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (shown[side][middle].offsetTop <= line) low = middle; else high = middle - 1;
    }
    return low;
  }
  function follow(side) {
    const pane = panes[side], other = panes[side === "a" ? "b" : "a"];
    if (!split || !shown[side].length) return;
    const most = pane.scrollHeight - pane.clientHeight;
    // At the top the line is the upper edge, at the end the lower one: both ends can be reached.
    const share = most > 0 ? pane.scrollTop / most : 0;
    const line = pane.scrollTop + share * pane.clientHeight;
    let index = at(side, line);
    const here = shown[side][index];
    let mate = partner.get(here), within = (line - here.offsetTop) / Math.max(here.offsetHeight, 1);
    while (index > 0 && !(mate && !mate.classList.contains("off"))) {
      mate = partner.get(shown[side][--index]);
      within = 1;
    }
    if (!mate || mate.classList.contains("off")) return;
    other.scrollTop = mate.offsetTop + Math.min(within, 1) * mate.offsetHeight - share * other.clientHeight;
  }

  /* Filters */
  const pressed = (selector, key) => new Set(all(selector + '[aria-pressed="true"]').map((button) => button.dataset[key]));
  const byId = new Map(all(".block").map((block) => [block.id, block]));
  const words = (node) => {
    if (!texts.has(node)) texts.set(node, node.textContent.toLowerCase());
    return texts.get(node);
  };
  function filter() {
    const types = pressed(".type", "type"), elements = pressed(".element", "element");
    const search = $("search").value.trim().toLowerCase();
    const narrowed = types.size || elements.size || search;
    const visible = new Set();
    for (const row of rows) {
      const { dataset } = row;
      const on = (!types.size || dataset.types.split(" ").some((type) => types.has(type)))
        && (!elements.size || elements.has(dataset.element))
        && (!search || words(row).includes(search));
      row.hidden = !on;
      if (on && (types.has("unchanged") || !row.closest(".unchanged"))) for (const pair of dataset.pairs.split(" ")) visible.add(pair);
    }
    for (const body of all("table.changes tbody")) body.hidden = !all("tr:not(.group)", body).some((row) => !row.hidden);
    const rest = $("unchanged");
    if (rest) { rest.open = types.has("unchanged"); rest.hidden = Boolean(types.size) && !types.has("unchanged"); }
    if (search && !types.size && !elements.size) {
      for (const block of [...blocks.a, ...blocks.b]) if (words(block).includes(search)) visible.add(block.dataset.pair);
    }
    for (const [number, pair] of pairOf) pair.classList.toggle("off", Boolean(narrowed) && !visible.has(number));
    for (const side of ["a", "b"]) {
      for (const block of blocks[side]) block.classList.toggle("off", Boolean(narrowed) && !visible.has(block.dataset.pair));
      // The headings above stay, so that a reader knows where he is.
      if (narrowed) for (const block of blocks[side]) {
        if (!visible.has(block.dataset.pair)) continue;
        for (let above = byId.get(block.dataset.parent); above && !above.dataset.seen; above = byId.get(above.dataset.parent)) {
          above.classList.remove("off");
          pairOf.get(above.dataset.pair).classList.remove("off");
        }
      }
    }
    measure();
    tell();
  }
  let waiting = 0;
  $("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 150); });
  for (const button of all(".type, .element")) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }
  $("reset").addEventListener("click", () => {
    for (const button of all(".type, .element")) button.setAttribute("aria-pressed", "false");
    $("search").value = "";
    filter();
  });
  $("unfold").addEventListener("click", () => {
    const on = $("unfold").getAttribute("aria-pressed") !== "true";
    $("unfold").setAttribute("aria-pressed", String(on));
    $("unfold").textContent = on ? "Fold unchanged text" : "Unfold unchanged text";
    for (const block of [...blocks.a, ...blocks.b]) for (const fold of all("details", block)) fold.open = on;
  });

  /* Going to a change */
  let current = null, lit = [];
  const offered = () => rows.filter((row) => !row.hidden && (!row.closest(".unchanged") || $("unchanged").open));
  function tell() {
    const list = offered(), place = list.indexOf(current);
    $("position").textContent = place < 0 ? list.length + (list.length === 1 ? " row" : " rows") : place + 1 + " of " + list.length;
  }
  function bring(pane, mark) {
    for (let box = mark.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const place = mark.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += place - pane.clientHeight * 0.3;
  }
  function light(marked) {
    for (const mark of lit) mark.classList.remove("hit");
    lit = marked;
    for (const mark of lit) {
      mark.classList.add("hit");
      mark.closest(".block")?.classList.remove("off");
      if (mark.closest(".block")) pairOf.get(mark.closest(".block").dataset.pair).classList.remove("off");
    }
    driver = "";
    measure();
  }
  function bench() {
    const work = $("work").getBoundingClientRect();
    if (work.bottom > innerHeight + 4) scrollTo({ top: scrollY + work.top });
  }
  // A place that no row points to, such as a damaged word: light it and bring the other side into line.
  function show(name) {
    const [mark] = marks.get(name);
    light(marks.get(name));
    if (!split) { mark.scrollIntoView({ block: "center" }); return; }
    const { side } = mark.closest(".block").dataset;
    bench();
    for (let times = 0; times < 2; times++) bring(panes[side], mark);
    follow(side);
  }
  function go(row, remember = true) {
    if (current) current.removeAttribute("aria-current");
    current = row;
    row.setAttribute("aria-current", "true");
    const targets = {}, marked = [row];
    for (const side of ["a", "b"]) {
      const found = (row.dataset[side] && marks.get(row.dataset[side])) || [];
      targets[side] = found.find((mark) => !mark.matches("li") ) || found[0];
      marked.push(...found);
    }
    light(marked);
    if (row.closest(".unchanged")) row.closest("details").open = true;
    const tables = document.querySelector(".tables");
    const top = row.getBoundingClientRect().top - tables.getBoundingClientRect().top;
    if (top < 40 || top + row.offsetHeight > tables.clientHeight) tables.scrollTop += top - tables.clientHeight / 2;
    if (split) {
      bench();
      for (let times = 0; times < 2; times++) for (const side of ["a", "b"]) if (targets[side]) bring(panes[side], targets[side]);
      if (!targets.a !== !targets.b) follow(targets.a ? "a" : "b");
    } else {
      (targets.b || targets.a)?.scrollIntoView({ block: "center" });
    }
    if (remember) try { history.replaceState(null, "", "#" + row.id); } catch { location.hash = row.id; }
    tell();
  }
  function step(by) {
    const list = offered();
    if (!list.length) return;
    const place = list.indexOf(current);
    go(list[place < 0 ? (by > 0 ? 0 : list.length - 1) : (place + by + list.length) % list.length]);
  }
  $("next").addEventListener("click", () => step(1));
  $("previous").addEventListener("click", () => step(-1));
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) {
      if (event.key === "Escape") event.target.blur?.();
      return;
    }
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "/") { event.preventDefault(); $("search").focus(); }
  });
  for (const table of all("table.changes")) {
    table.addEventListener("click", (event) => {
      const row = event.target.closest("tbody tr:not(.group)");
      if (!row || getSelection().toString() || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(row);
    });
  }
  // A fragment names a row, or a place in a text that a row points to.
  function fromAddress() {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* a fragment that is no text names nothing */ }
    if (!name) return;
    const row = document.getElementById(name)?.closest("tr")
      || rows.find((one) => one.dataset.a === name || one.dataset.b === name);
    if (row) go(row, false);
    else if (marks.has(name)) show(name);
  }
  addEventListener("hashchange", fromAddress);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || link.closest("table.changes")) return;
    event.preventDefault();
    const same = location.hash === link.getAttribute("href");
    location.hash = link.getAttribute("href");
    if (same) fromAddress();
  });

  arrange();
  filter();
  fromAddress();
})();
