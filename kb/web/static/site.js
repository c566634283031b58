// What every page may do besides being read: copy code, hear of new claims, suggest names, point both ways in a document.
"use strict";
(() => {
  const said = document.body.dataset;

  // Where all stands below each other, what narrows a list down would push it out of sight.
  if (matchMedia("(max-width: 48rem)").matches)
    for (const part of document.querySelectorAll("details.narrow")) part.open = false;

  for (const block of document.querySelectorAll(".code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = said.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      button.textContent = said.copied;
      setTimeout(() => { button.textContent = said.copy; }, 2000);
    });
    block.append(button);
  }

  // Everything that a document's claim and its highlight share is their number.
  for (const mark of document.querySelectorAll("mark[data-claims]")) {
    const cards = mark.dataset.claims.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
    mark.addEventListener("mouseenter", () => cards.forEach((card) => card.classList.add("lit")));
    mark.addEventListener("mouseleave", () => cards.forEach((card) => card.classList.remove("lit")));
    for (const card of cards) {
      card.addEventListener("mouseenter", () => mark.classList.add("lit"));
      card.addEventListener("mouseleave", () => mark.classList.remove("lit"));
    }
  }

  for (const input of document.querySelectorAll("input[data-suggest]")) {
    const list = document.createElement("datalist");
    list.id = input.getAttribute("list");
    document.body.append(list);
    let waiting;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      if (input.value.length < 2) return;
      waiting = setTimeout(async () => {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`);
        if (!answer.ok) return;
        const names = (await answer.json()).names.map((found) => found.label);
        list.replaceChildren(...[...new Set(names)].map((name) => Object.assign(document.createElement("option"), { value: name })));
      }, 150);
    });
  }

  // Forms that look something up renew what they found while one types; without scripts their button does.
  for (const form of document.querySelectorAll("form[data-live]")) {
    let waiting, asked = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const own = ++asked;
        const answer = await fetch(`?${new URLSearchParams(new FormData(form))}`);
        if (!answer.ok || own !== asked) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of form.dataset.live.split(" ")) {
          const part = document.getElementById(id);
          const kept = new Set([...part.querySelectorAll("input:checked")].map((input) => input.value));
          part.replaceChildren(...page.getElementById(id).childNodes);
          for (const input of part.querySelectorAll("input")) input.checked = kept.has(input.value);
        }
      }, 200);
    });
  }

  if (said.events && window.EventSource) {
    let heard;
    // Only the page that is seen listens: a browser keeps few connections to one host.
    const listen = () => {
      heard?.close();
      if (document.visibilityState === "hidden") return;
      heard = new EventSource(said.events);
      hear(heard);
    };
    document.addEventListener("visibilitychange", listen);
    addEventListener("pagehide", () => heard?.close());
    listen();
  }

  function hear(heard) {
    heard.addEventListener("revision", (event) => {
      if (Number(JSON.parse(event.data).revision) <= Number(said.revision) || document.getElementById("news")) return;
      const note = document.createElement("p");
      note.id = "news";
      note.setAttribute("role", "status");
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = said.news;
      note.append(link);
      document.body.append(note);
    });
    // Whoever adds them: this site, or a command line beside it.
    heard.addEventListener("progress", (event) => {
      const shown = document.getElementById("progress");
      const now = JSON.parse(event.data);
      shown.hidden = !now;
      if (!now) return;
      const number = (value) => value.toLocaleString(document.documentElement.lang);
      shown.textContent = shown.dataset.told.replace("{documents}", number(now.documents)).replace("{claims}", number(now.claims));
    });
  }
})();
