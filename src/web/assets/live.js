/* Live pages: what another person does appears here. A page says with data-live which of its parts follow ("change": whatever happens in the
 * company, "customer": what happens to the one in data-customer); they are read anew from the page's own address and put in the place of the
 * old ones, unless somebody is writing or choosing in them: then a line says that there is news. Only a visible page listens. */
(function () {
  "use strict";
  const bar = document.querySelector("[data-live-bar]");
  const parts = () => [...document.querySelectorAll("[data-live]")];
  /* The rail alone is not worth a connection. */
  const follows = parts().some((p) => p.dataset.live !== "rail") || document.querySelector("[data-progress]");
  if (!bar || !window.EventSource || !follows) return;
  const customer = document.querySelector("[data-customer]")?.dataset.customer;
  const wanted = customer ? "customer" : "change";
  const LEAST_MS = 2000;
  const AGAIN_MS = 3000, AGAIN_MOST_MS = 60000;
  let source = null, timer = 0, last = 0, seen = 0, again = 0, again_ms = AGAIN_MS;

  const isBusy = (part) =>
    [...part.querySelectorAll("input, textarea, select")].some((f) =>
      f.type === "checkbox" || f.type === "radio" ? f.checked !== f.defaultChecked
        : f.tagName === "SELECT" ? [...f.options].some((o) => o.selected !== o.defaultSelected) && f.value !== f.options[0]?.value
        : f.type !== "hidden" && f.value !== f.defaultValue) ||
    (part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, button")) ||
    Boolean(part.querySelector("dialog[open]"));

  function put(part, fresh) {
    if (part.innerHTML === fresh.innerHTML) return false;
    if (isBusy(part)) return true;
    const link = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const unfolded = [...part.querySelectorAll("details")].map((d) => d.open);
    const bits = document.importNode(fresh, true);
    part.replaceChildren(...bits.childNodes);
    part.querySelectorAll("details").forEach((d, i) => (d.open = d.open || unfolded[i] || false));
    if (link) part.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus();
    part.classList.add("fresh");
    setTimeout(() => part.classList.remove("fresh"), 1500);
    return false;
  }

  async function refresh() {
    timer = 0;
    last = Date.now();
    let answer;
    try {
      answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    } catch {
      return;
    }
    if (answer.redirected) bar.hidden = false; /* signed out: loading the page says so */
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    let waiting = false;
    for (const part of parts()) {
      const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (fresh) waiting = put(part, fresh) || waiting;
      else if (part.innerHTML.trim()) waiting = true;
    }
    bar.hidden = !waiting;
  }

  function soon() {
    if (timer) return;
    timer = setTimeout(refresh, Math.max(150 + Math.random() * 350, last + LEAST_MS - Date.now()));
  }

  function present(e) {
    const place = document.querySelector("[data-presence]");
    if (!place) return;
    const others = JSON.parse(e.data).people.filter((p) => p.login !== place.dataset.login);
    place.hidden = !others.length;
    place.querySelector("[data-names]").textContent = others.map((p) => p.name || p.login).join(", ");
  }

  function progress(e) {
    const place = document.querySelector("[data-progress]");
    if (!place) return;
    const { done, total } = JSON.parse(e.data);
    const meter = place.querySelector("progress");
    place.hidden = false;
    meter.max = total || 1;
    meter.value = done;
    place.querySelector("[data-share]").textContent = `${Math.floor((100 * done) / (total || 1))} %`;
  }

  /* A browser tries again by itself when a stream ends, but never when one was refused. */
  function refused() {
    if (source?.readyState !== EventSource.CLOSED) return;
    leave();
    again = setTimeout(listen, again_ms * (0.75 + Math.random() / 2));
    again_ms = Math.min(2 * again_ms, AGAIN_MOST_MS);
    soon();
  }

  function listen() {
    clearTimeout(again);
    if (source || document.hidden) return;
    source = new EventSource("/events" + (customer ? `?customer=${encodeURIComponent(customer)}` : ""));
    source.addEventListener(wanted, soon);
    source.addEventListener("presence", present);
    source.addEventListener("progress", progress);
    /* What happened while nobody listened. */
    source.addEventListener("open", () => {
      again_ms = AGAIN_MS;
      if (seen++) soon();
    });
    source.addEventListener("error", refused);
  }

  function leave() {
    clearTimeout(again);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", listen);
  document.addEventListener("submit", (e) => {
    const place = e.target.matches("[data-long]") && document.querySelector("[data-progress]");
    if (place) place.hidden = false;
  });
  listen();
})();
