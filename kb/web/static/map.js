// Places of claims on coastlines and soft borders. Nothing is fetched but the outlines, from this site.
"use strict";
(() => {
  // A map is drawn when it is about to be seen: the outlines are many.
  document.addEventListener("DOMContentLoaded", () => {
    const near = new IntersectionObserver((seen) => {
      for (const { target } of seen.filter((it) => it.isIntersecting)) {
        near.unobserve(target);
        draw(target, JSON.parse(target.dataset.points));
      }
    }, { rootMargin: "400px" });
    for (const box of document.querySelectorAll(".map[data-points]")) {
      if (box.dataset.points === "[]") continue;
      box.hidden = false;
      near.observe(box);
    }
  });
  window.drawMap = draw;

  async function draw(box, points) {
    const css = getComputedStyle(document.documentElement);
    const colour = (name) => css.getPropertyValue(name).trim();
    const map = L.map(box, { minZoom: 1, maxZoom: 9, worldCopyJump: true });
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution("Natural Earth");
    const bounds = L.latLngBounds(points.map((point) => point.at));
    map.fitBounds(bounds.pad(0.4), { maxZoom: 5 });
    const world = await (await fetch(box.dataset.world)).json();
    L.geoJSON(unwrapped(topojson.feature(world, world.objects.land)), {
      renderer: L.canvas(), interactive: false, style: { stroke: false, fillColor: colour("--land"), fillOpacity: 1 },
    }).addTo(map);
    L.geoJSON(topojson.mesh(world, world.objects.countries, (a, b) => a !== b), {
      renderer: L.canvas(), interactive: false, style: { color: colour("--border"), weight: 0.8, dashArray: "2 4" },
    }).addTo(map);
    for (const point of points) {
      const style = { color: colour("--link"), weight: 1, fillColor: colour("--link"), fillOpacity: 0.12 };
      L.circle(point.at, { ...style, radius: point.radius }).addTo(map);
      const dot = L.circleMarker(point.at, {
        ...style, radius: Math.min(5 + 2 * Math.sqrt(point.number), 16), fillOpacity: 0.75, color: colour("--paper"),
      }).addTo(map);
      const text = document.createElement("div");
      const head = document.createElement("strong");
      head.append(link(point.label, point.page), ` (${point.number})`);
      const list = document.createElement("ul");
      for (const [headline, page] of point.claims) {
        const item = document.createElement("li");
        item.append(link(headline, page));
        list.append(item);
      }
      text.append(head, list);
      dot.bindPopup(text);
      dot.bindTooltip(`${point.label}: ${point.number}`);
    }
    box.dataset.ready = "yes";
  }

  // The outlines run on over the line of 180 degrees; a flat map needs their longitudes without the jump, and twice.
  function unwrapped(land) {
    const polygons = [];
    for (const feature of land.features ?? [land]) {
      const shapes = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
      for (const shape of shapes) {
        const flat = shape.map(flatten);
        polygons.push(flat);
        const wide = flat[0].some(([x]) => Math.abs(x) > 180);
        if (wide) polygons.push(flat.map((ring) => ring.map(([x, y]) => [x - 360 * Math.sign(flat[0].find(([at]) => Math.abs(at) > 180)[0]), y])));
      }
    }
    return { type: "MultiPolygon", coordinates: polygons };
  }

  function flatten(ring) {
    let shift = 0;
    const flat = ring.map(([x, y], at) => {
      if (at && x - ring[at - 1][0] > 180) shift -= 360;
      if (at && x - ring[at - 1][0] < -180) shift += 360;
      return [x + shift, y];
    });
    const [first, last] = [flat[0], flat.at(-1)];
    // A ring around a pole is closed along it.
    if (Math.abs(first[0] - last[0]) > 180) flat.push([last[0], Math.sign(last[1]) * 90], [first[0], Math.sign(last[1]) * 90], first);
    return flat;
  }

  function link(label, page) {
    if (!page) return document.createTextNode(label);
    return Object.assign(document.createElement("a"), { href: page, textContent: label });
  }
})();
