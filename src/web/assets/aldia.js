/* What the pages gain from a script; they work without it. Keys, dialogs, choosing rows. No state beyond the page. */
(function () {
  "use strict";
  const typing = (t) => t.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row], .q, .tbl tbody tr")].filter((r) => r.querySelector("a"));

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement?.closest("[data-row], .q, .tbl tbody tr"));
    const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
    next.querySelector("a").focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function open(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
  }

  function reach(selector) {
    const target = document.querySelector(selector);
    if (!target) return false;
    const fold = target.closest("details");
    if (fold) fold.open = true;
    target.focus();
    target.scrollIntoView({ block: "center" });
    return true;
  }

  const keys = {
    "/": () => reach("input[data-search]") || reach(".rail input[type=search]"),
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    n: () => reach("[data-key=n]"),
    p: () => reach("[data-key=p]"),
    "?": () => open("keys"),
  };
  for (const digit of "123456") keys[digit] = () => reach(`[data-key="${digit}"]`);

  /* Arrows scroll, unless what was found is being gone through; down from the field leads into it. */
  const arrows = (e) =>
    e.target.matches("input[data-search]") ? e.key === "ArrowDown" : Boolean(e.target.closest("[data-row]"));

  document.addEventListener("keydown", (e) => {
    if (/^Arrow(Up|Down)$/.test(e.key) && !e.ctrlKey && !e.metaKey && !e.altKey && !e.shiftKey) {
      if (!arrows(e)) return;
      e.preventDefault();
      const first = e.key === "ArrowUp" && rows().indexOf(e.target.closest("[data-row]")) === 0;
      if (first) reach("input[data-search]");
      else keys[e.key]();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || !keys[e.key]) return;
    e.preventDefault();
    keys[e.key]();
  });

  /* A link to a confirmation page opens that page's form as a dialog instead, when the page carries it. */
  document.addEventListener("click", (e) => {
    const opener = e.target.closest("[data-dialog]");
    if (opener && document.getElementById(opener.dataset.dialog)) {
      e.preventDefault();
      open(opener.dataset.dialog);
    }
    const closer = e.target.closest("[data-close]");
    if (closer && closer.closest("dialog")?.open) {
      e.preventDefault();
      closer.closest("dialog").close();
    }
  });

  /* A form that is checked while it is filled in: what is wrong appears beside its field, what is typed stays untouched. */
  let checking;
  document.addEventListener("change", async (e) => {
    const form = e.target.closest("form[data-check]");
    if (!form) return;
    const asked = (checking = {});
    const fields = new URLSearchParams(new FormData(form));
    ["csrf", "was"].forEach((name) => fields.delete(name));
    const answer = await fetch(form.dataset.check + "?" + fields, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok || asked !== checking) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.querySelectorAll("[data-fault]").forEach((place) => {
      const now = fresh.getElementById(place.id);
      const field = document.getElementById("f-" + place.dataset.fault);
      place.replaceChildren(...(now ? now.childNodes : []));
      if (place.firstChild) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
    });
  });

  /* Choosing rows: all at once, and the bar that says how many. */
  function count(form) {
    const chosen = form.querySelectorAll("[data-choose]:checked").length;
    form.querySelectorAll("[data-choose]").forEach((box) => box.closest("tr").setAttribute("aria-selected", box.checked));
    const bar = form.querySelector("[data-chosen]");
    if (!bar) return;
    bar.hidden = !chosen && !form.querySelector("[data-choose-matching]")?.checked;
    bar.querySelector("[data-count]").textContent = chosen;
  }
  document.addEventListener("change", (e) => {
    const form = e.target.closest("form");
    if (e.target.matches("[data-choose-all]"))
      form.querySelectorAll("[data-choose]").forEach((box) => (box.checked = e.target.checked));
    if (e.target.matches("[data-choose], [data-choose-all]")) count(form);
    if (e.target.matches("[data-submit]")) form.requestSubmit();
  });
  document.querySelectorAll("form:has([data-choose])").forEach(count);

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  /* A text being written: what it says to the customer appears beside it, a moment after the last key. */
  let typed;
  async function tryText(form) {
    const answer = await fetch("/templates/try", { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request-Type": "partial" } });
    if (!answer.ok && answer.status !== 422) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const aside = form.closest(".split").querySelector("aside");
    const alert = page.querySelector("[role=alert]");
    aside.querySelector(":scope > [role=alert]")?.remove();
    if (alert) aside.prepend(alert);
    else if (page.querySelector("aside")) aside.replaceWith(page.querySelector("aside"));
  }
  document.addEventListener("input", (e) => {
    const form = e.target.closest("#editor");
    if (!form || !form.elements.customer?.value) return;
    clearTimeout(typed);
    typed = setTimeout(tryText, 700, form);
  });
})();
