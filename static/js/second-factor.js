/* A security key that was not read: say so on the page instead of in the console. */
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const notice of document.querySelectorAll("[data-webauthn-failed]")) notice.hidden = false;
});
