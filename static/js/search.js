/* The search box of the top bar and the field of the search page.

   Ctrl-K (and "/", see portal.js) goes to the field; typing asks for results, though not for the letters of an unfinished
   Chinese word; the arrow keys walk the results, Escape closes them.
*/
"use strict";

(() => {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const field = document.querySelector("[data-search]");
    if (!field || event.target.closest("dialog")) return;
    event.preventDefault();
    Portal.goToSearch(field);
  });

  function typed(event) {
    if (!event.target.matches("[data-search][hx-get]") || event.isComposing) return;
    event.target.dispatchEvent(new CustomEvent("portal:typed", { bubbles: true }));
  }
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);

  const box = document.querySelector("[data-live-search]");
  if (!box) return;
  const input = box.querySelector("input");
  const results = document.getElementById("search-live");

  const show = () => { results.hidden = !results.childElementCount || !input.value.trim(); };
  results.addEventListener("htmx:afterSwap", show);
  input.addEventListener("focus", show);
  input.addEventListener("input", () => { if (!input.value.trim()) results.hidden = true; });
  box.addEventListener("focusout", (event) => {
    if (!box.contains(event.relatedTarget)) results.hidden = true;
  });
  // A click on a result must not blur it away first.
  results.addEventListener("mousedown", (event) => event.preventDefault());

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !results.hidden) {
      event.preventDefault();
      input.focus();
      results.hidden = true;
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || results.hidden) return;
    const stops = [input, ...results.querySelectorAll("a")];
    event.preventDefault();
    stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
  });
})();
