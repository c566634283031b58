// Rows of the editor as a chart, over time, and on a map: beside Yasgui's table, wherever the columns allow it.
"use strict";
(() => {
  const own = document.currentScript;
  const MOST = 60;
  const NUMBER = /^-?\d+(\.\d+)?$/;
  const DAY = /^\d{4}-\d{2}-\d{2}/;
  const POINT = /POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)/i;

  function rowsOf(yasr) {
    const found = yasr.results?.getBindings?.() ?? [];
    return found.map((row) => Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value])));
  }
  const columns = (yasr) => yasr.results?.getVariables?.() ?? [];
  const holds = (rows, name, form) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || form.test(row[name]));

  // Which columns are the range: the least and the most, or one number alone.
  function ranged(names, rows) {
    const low = names.find((name) => /^(minimum|lowest|low)$/.test(name));
    const high = names.find((name) => /^(maximum|highest|high)$/.test(name));
    if (low && high && (holds(rows, low, NUMBER) || holds(rows, high, NUMBER))) return [low, high];
    const one = names.find((name) => holds(rows, name, NUMBER));
    return one ? [one, one] : null;
  }
  function labelled(names, rows) {
    const preferred = names.find((name) => /label|name|place|source|harm|title/.test(name) && rows.some((row) => row[name]));
    return preferred ?? names.find((name) => !holds(rows, name, NUMBER) && !holds(rows, name, DAY)) ?? names[0];
  }
  const short = (text = "") => (text.startsWith("http") ? text.split(/[/#]/).pop() : text).slice(0, 40);

  function svg(tag, values = {}, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }
  function range(row, [low, high]) {
    const [from, to] = [row[low], row[high]].map((value) => (value ? Number(value) : null));
    return { from, to, words: from === null && to === null ? "?" : from === to ? `${from}` : `${from ?? "…"} – ${to ?? "…"}` };
  }
  function shown(yasr, drawing, words) {
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", words);
    const box = document.createElement("div");
    box.className = "drawn-results";
    const note = document.createElement("p");
    note.className = "small soft";
    note.textContent = words;
    box.append(drawing, note);
    yasr.resultsEl.replaceChildren(box);
  }

  class View {
    constructor(yasr) { this.yasr = yasr; this.priority = 1; }
    getIcon() { return document.createElement("span"); }
    get rows() { return rowsOf(this.yasr); }
    get names() { return columns(this.yasr); }
  }

  class Chart extends View {
    label = own.dataset.chart;
    canHandleResults() { return this.names.length > 1 && ranged(this.names, this.rows) !== null; }
    draw() {
      const all = this.rows, pair = ranged(this.names, all), head = labelled(this.names.filter((name) => !pair.includes(name)), all);
      const rows = all.map((row) => ({ ...range(row, pair), name: short(row[head]) })).filter((row) => row.words !== "?").slice(0, MOST);
      const most = Math.max(1, ...rows.map((row) => Math.max(row.from ?? 0, row.to ?? 0)));
      const at = (value) => 230 + (430 * value) / most;
      const drawing = svg("svg", { viewBox: `0 0 760 ${rows.length * 24 + 8}`, class: "results" });
      rows.forEach((row, position) => {
        const y = position * 24 + 16;
        const [start, end] = [at(row.from ?? 0), at(row.to ?? most)];
        const open = row.from === null || row.to === null;
        drawing.append(
          svg("text", { x: 222, y: y + 4, "text-anchor": "end" }, row.name),
          row.from === row.to ? svg("circle", { cx: start, cy: y, r: 5 })
            : svg("line", { x1: start, x2: end, y1: y, y2: y, "stroke-width": 8, ...(open && { "stroke-dasharray": "5 3" }) }),
          svg("text", { x: Math.max(start, end) + 10, y: y + 4 }, row.words),
        );
      });
      shown(this.yasr, drawing, `${pair[0] === pair[1] ? pair[0] : pair.join(" – ")}, ${head}: ${rows.length} / ${all.length}`);
    }
  }

  class Timeline extends View {
    label = own.dataset.timeline;
    day() { return this.names.find((name) => holds(this.rows, name, DAY)); }
    canHandleResults() { return this.day() !== undefined; }
    draw() {
      const all = this.rows, day = this.day(), pair = ranged(this.names, all), head = labelled(this.names.filter((name) => name !== day), all);
      const rows = all.filter((row) => row[day]).map((row) => ({ ...(pair ? range(row, pair) : { from: 1, to: 1, words: "" }), time: Date.parse(row[day].slice(0, 10)), day: row[day].slice(0, 10), name: short(row[head]) }));
      const times = rows.map((row) => row.time), first = Math.min(...times), last = Math.max(...times, first + 1);
      const most = Math.max(1, ...rows.map((row) => Math.max(row.from ?? 0, row.to ?? 0)));
      const x = (time) => 70 + (640 * (time - first)) / (last - first), y = (value) => 270 - (240 * value) / most;
      const drawing = svg("svg", { viewBox: "0 0 760 310", class: "results" });
      drawing.append(svg("line", { x1: 60, x2: 720, y1: 272, y2: 272, class: "axis" }));
      for (const share of [0, 0.5, 1])
        drawing.append(svg("text", { x: x(first + share * (last - first)), y: 296, "text-anchor": "middle" }, new Date(first + share * (last - first)).toISOString().slice(0, 10)));
      if (pair) for (const share of [0, 0.5, 1])
        drawing.append(svg("text", { x: 52, y: y(share * most) + 4, "text-anchor": "end" }, `${Math.round(share * most)}`));
      const levels = new Map();
      for (const row of rows.slice(0, 500)) {
        const title = svg("title", {}, `${row.day} ${row.name} ${row.words}`);
        const level = (levels.get(row.time) ?? 0) + 1;
        levels.set(row.time, level);
        if (!pair) drawing.append(svg("circle", { cx: x(row.time), cy: 275 - level * 9, r: 4 }, title));
        else if (row.words !== "?") drawing.append(row.from === row.to ? svg("circle", { cx: x(row.time), cy: y(row.from), r: 5 }, title)
          : svg("line", { x1: x(row.time), x2: x(row.time), y1: y(row.from ?? 0), y2: y(row.to ?? most), "stroke-width": 4,
            ...((row.from === null || row.to === null) && { "stroke-dasharray": "5 3" }) }, title));
      }
      shown(this.yasr, drawing, `${day}${pair ? `, ${pair[0] === pair[1] ? pair[0] : pair.join(" – ")}` : ""}: ${rows.length} / ${all.length}`);
    }
  }

  class Places extends View {
    label = own.dataset.map;
    points() {
      const names = this.names, latitude = names.find((name) => /^lat(itude)?$/i.test(name)), longitude = names.find((name) => /^(lon|lng|long|longitude)$/i.test(name));
      const head = labelled(names, this.rows), found = new Map();
      for (const row of this.rows) {
        const well = Object.values(row).map((value) => POINT.exec(value)).find(Boolean);
        const at = well ? [Number(well[2]), Number(well[1])] : row[latitude] && row[longitude] ? [Number(row[latitude]), Number(row[longitude])] : null;
        if (!at || at.some(Number.isNaN)) continue;
        const point = found.get(`${at}`) ?? { label: short(row[head]), page: null, at, radius: 0, number: 0, claims: [] };
        point.number += 1;
        found.set(`${at}`, point);
      }
      return [...found.values()];
    }
    canHandleResults() { return this.points().length > 0; }
    async draw() {
      const points = this.points(), box = document.createElement("div");
      box.className = "map";
      box.dataset.world = own.dataset.world;
      this.yasr.resultsEl.replaceChildren(box);
      await parts();
      await window.drawMap(box, points);
    }
  }

  // What draws maps comes when the first map is asked for.
  let loading;
  function parts() {
    loading ??= (async () => {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: own.dataset.style }));
      for (const source of own.dataset.parts.split(" ")) await new Promise((done, failed) => {
        const script = Object.assign(document.createElement("script"), { src: source, nonce: own.nonce, onload: done, onerror: failed });
        document.head.append(script);
      });
    })();
    return loading;
  }

  window.addViews = (Yasr) => {
    Yasr.registerPlugin("chart", Chart);
    Yasr.registerPlugin("timeline", Timeline);
    Yasr.registerPlugin("map", Places);
    Yasr.defaults.pluginOrder = ["table", "chart", "timeline", "map", "response"];
  };
})();
