/* Small behaviours of single pages: print buttons, forms that send themselves, leaving a review page. */
"use strict";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto-submit]");
  if (form) form.requestSubmit();
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
