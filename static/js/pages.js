/* Small behaviours of single pages: print buttons, forms that send themselves, the review queue and its page. */
"use strict";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto-submit]");
  if (form) form.requestSubmit();
});

// The meaning of a term goes away without moving on.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches(".term-word")) event.target.blur();
});

// Tells colleagues that the record is free again; the server forgets by itself when this does not arrive.
window.addEventListener("pagehide", () => {
  const element = document.querySelector("[data-leave-url]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (!element || !token) return;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token.value);
  navigator.sendBeacon(element.dataset.leaveUrl, body);
});

// Ticks every box of a name: the records of one page.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (!all) return;
  document.querySelectorAll(`input[type=checkbox][name="${all.dataset.tickAll}"]`).forEach((box) => { box.checked = all.checked; });
});

// How many are ticked is said where the buttons are.
document.addEventListener("change", () => {
  document.querySelectorAll("[data-tick-count]").forEach((place) => {
    const count = document.querySelectorAll(`input[type=checkbox][name="${place.dataset.tickCount}"]:checked`).length;
    place.textContent = count ? place.dataset.words.replace("{n}", count) : "";
  });
});

// A ready-made phrase goes to the end of what is already written; a button may also just lead to a field.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-phrase], [data-focus]");
  if (!button) return;
  const field = document.getElementById(button.dataset.into || button.dataset.focus);
  if (button.dataset.phrase) {
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n${button.dataset.phrase}` : button.dataset.phrase;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  // By its key a phrase leaves the keys alone: in the field the next one would be typed.
  if (button.dataset.phrase && !event.detail) field.scrollIntoView({ block: "nearest" }); else field.focus();
});

// Evidence opens beside the record; without script, or where there is no room, its link opens a page of its own.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-view]");
  const viewer = document.getElementById("viewer");
  if (!link || !viewer || event.ctrlKey || event.metaKey || window.innerWidth < 992) return;
  event.preventDefault();
  const file = Portal.make(link.dataset.view === "pdf" ? "iframe" : "img", { src: link.href, title: link.textContent.trim(), alt: link.textContent.trim() });
  const whole = Portal.make("a", { href: link.href, target: "_blank", rel: "noopener" }, file);
  viewer.replaceChildren(link.dataset.view === "pdf" ? file : whole);
  viewer.hidden = false;
  const links = [...document.querySelectorAll("a[data-view]")];
  links.forEach((other) => { other.classList.toggle("is-current", other === link); delete other.dataset.key; });
  // The same key goes on to the next file.
  links[(links.indexOf(link) + 1) % links.length].dataset.key = "e";
});

// A page of more than five screens of a telephone says at its top what it has, and leads there. Parts named further down name
// something else.
window.addEventListener("load", () => {
  const top = (element) => element.getBoundingClientRect().top + window.scrollY;
  const heads = [...document.querySelectorAll("main.main h2")].filter((head) => head.offsetParent && !head.closest("details:not([open])"));
  const named = [...document.querySelectorAll("main.main .page-parts")].some((parts) => top(parts) < 2 * window.innerHeight);
  if (window.innerWidth >= 768 || named || document.documentElement.scrollHeight <= 5 * window.innerHeight) return;
  // One heading is a part when something long stands before it.
  if (!heads.length || (heads.length === 1 && top(heads[0]) < window.innerHeight)) return;
  const links = heads.map((head, number) => {
    // A name the server gave stands also after the part was fetched anew.
    const card = head.closest(".card[id]");
    const part = card && card.querySelector("h2") === head ? card : head;
    part.id = part.id || `part-${number + 1}`;
    return Portal.make("a", { href: `#${part.id}` }, head.textContent.trim());
  });
  const parts = Portal.make("nav", { class: "page-parts", "aria-label": Portal.say("page_parts") }, ...links);
  document.querySelector("main.main .page-head").after(parts);
});

// Parts that are folded on a telephone stand open where there is room, and on paper; a link to one opens it.
const unfold = () => document.querySelectorAll("details[data-open-wide]").forEach((part) => { part.open = true; });
if (window.innerWidth >= 768) unfold();
window.addEventListener("beforeprint", unfold);
document.addEventListener("click", (event) => {
  const link = event.target.closest(".page-parts a");
  const part = link && document.getElementById(link.hash.slice(1));
  if (part instanceof HTMLDetailsElement) part.open = true;
});

// On a telephone chapters and tabs are one line each: the one that is open is in sight.
for (const here of document.querySelectorAll(".sitting-chapters [aria-current], .tabs [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });

// A table of fields that is filled as a spreadsheet is: what was copied there goes in from the field it is pasted into, right
// and down; up, down and Enter move within the column.
const gridFields = (table) => [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("input:not([type=hidden])")));

function gridPlace(input) {
  const rows = gridFields(input.closest("[data-paste-grid]"));
  const at = rows.findIndex((row) => row.includes(input));
  return [rows, at, rows[at].indexOf(input)];
}

document.addEventListener("paste", (event) => {
  const input = event.target.closest("[data-paste-grid] input");
  const text = event.clipboardData ? event.clipboardData.getData("text") : "";
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  if (!input || (lines.length === 1 && lines[0].length === 1)) return;
  event.preventDefault();
  const [rows, at, column] = gridPlace(input);
  // A row in which nothing may be set takes no line of what is pasted.
  const below = rows.slice(at).filter((row) => row[column]);
  lines.forEach((line, down) => line.forEach((value, right) => {
    const field = below[down] && below[down][column + right];
    if (!field) return;
    field.value = value.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }));
});

document.addEventListener("keydown", (event) => {
  if (!["ArrowUp", "ArrowDown", "Enter"].includes(event.key) || event.isComposing) return;
  const input = event.target.closest("[data-paste-grid] input");
  if (!input) return;
  event.preventDefault();
  const [rows, at, column] = gridPlace(input);
  const others = event.key === "ArrowUp" ? rows.slice(0, at).reverse() : rows.slice(at + 1);
  const next = others.find((row) => row[column]);
  if (next) { next[column].focus(); next[column].select(); }
});
