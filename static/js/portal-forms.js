/* What forms do in the browser.

   form[data-autosave="key"]          keeps what is typed on this machine until it is saved
     data-autosave-version="3"        the version of what the server sent; typed text of another version is offered, not put in
     data-autosave-bound              the server sent back what was typed: nothing is put in
     data-autosave-skip (on a field)  never kept (files, passwords and hidden fields never are)
   [data-autosave-clear="key"]        on the page after a successful save: what was kept is dropped
   [data-show-when="field=a,b"]       shown only while the field has one of the values; hidden fields are not sent
   input[data-follows="field"]        takes the value of the other field until somebody types into it
   input[type=number]                 what is pasted is taken as one number or not at all; data-pasted-unit: may stand behind it
   form[data-autosave]                Enter in a one-line field goes to the next one instead of handing the form in
   select[data-tom-select]            search in the list; data-url: asks the server (?q=) for [{value, text}]
   input[data-suggest-url]            a text; what the server has of the like (?q=) is offered while somebody types
                                     (data-suggest-many: of the last of several names with 、 between them)
   input[type=file][data-upload-url]  sends each file as soon as it is chosen, three at a time
   [data-upload-zone]                 files dropped here go to the file field in it
*/
"use strict";

(() => {
  const { say, make, loadScript, onContent, fresh } = Portal;

  // --- Enter in a long form ------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
    if (!(input instanceof HTMLInputElement) || ["submit", "button", "checkbox", "radio", "file"].includes(input.type)) return;
    const form = input.closest("form[data-autosave]");
    if (!form) return;
    event.preventDefault();
    const fields = [...form.elements].filter((one) => one.matches("input:not([type=hidden]), select, textarea") && one.offsetParent);
    const next = fields[fields.indexOf(input) + 1];
    if (next) next.focus();
  });

  // --- a number that is usually the other's ---------------------------------------------------------

  onContent((root) => {
    for (const input of fresh(root, "input[data-follows]", "follows")) {
      const other = input.form && input.form.elements[input.dataset.follows];
      if (!other || input.value !== "") continue;
      let typed = false;
      input.addEventListener("input", (event) => { if (event.isTrusted || event.detail === "pasted") typed = true; });
      other.addEventListener("input", () => {
        if (!typed) input.value = other.value;
      });
    }
  });

  // --- a number that is pasted ----------------------------------------------------------------------

  // Left alone, a browser keeps the digits and drops the rest without a word (3场/120人次 becomes 3120, 约50人 becomes 50),
  // or takes nothing (1,200).

  const PEOPLE = ["人", "名", "位", "个人"];

  /** The one number that a text names, alone or with its unit behind it; null for any other text. */
  function pastedNumber(text, unit) {
    const found = /^[+-]?(?:\d{1,3}(?:[, ]\d{3})+(?!\d)|\d+)(?:\.\d+)?/.exec(text);
    if (!found) return null;
    const rest = text.slice(found[0].length).trim();
    const isUnit = rest === unit || (PEOPLE.includes(rest) && PEOPLE.includes(unit));
    return !rest || isUnit ? found[0].replace(/[, +]/g, "") : null;
  }

  document.addEventListener("paste", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "number" || input.readOnly) return;
    const pasted = event.clipboardData.getData("text");
    if (/^\d+(\.\d+)?$/.test(pasted)) return;
    const text = pasted.normalize("NFKC").replace(/^['’\s]+|\s+$/g, "");
    event.preventDefault();
    if (!text) return;
    const number = pastedNumber(text, input.dataset.pastedUnit || "");
    if (number !== null) {
      input.value = number;
      for (const name of ["input", "change"]) input.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: "pasted" }));
      return;
    }
    if (input.nextElementSibling && input.nextElementSibling.matches("[data-not-pasted]")) input.nextElementSibling.remove();
    const problem = make("p", { class: "invalid-feedback d-block", role: "alert", "data-not-pasted": true }, say("no_number", { text: text.slice(0, 30) }));
    input.after(problem);
    input.addEventListener("input", () => problem.remove(), { once: true });
  });

  // --- autosave -----------------------------------------------------------------------------------

  const PREFIX = "portal:typed:";
  const KEEP_DAYS = 14;
  const storeKey = (key) => `${PREFIX}${document.body.dataset.user}:${key}`;

  function read(key) {
    const raw = localStorage.getItem(storeKey(key));
    return raw ? JSON.parse(raw) : null;
  }

  function keeps(element) {
    return element.name && element.name !== "csrfmiddlewaretoken" && !element.hasAttribute("data-autosave-skip")
      && !["file", "password", "hidden", "submit", "button", "reset", "image"].includes(element.type) && element.tagName !== "FIELDSET";
  }

  /** What the form holds now: name → list of values; selects remember their words too. */
  function collect(form) {
    const values = {};
    for (const element of form.elements) {
      if (!keeps(element)) continue;
      const list = (values[element.name] = values[element.name] || []);
      if (element.type === "checkbox" || element.type === "radio") {
        if (element.checked) list.push(element.value);
      } else if (element.tagName === "SELECT") {
        for (const option of element.selectedOptions) list.push([option.value, option.text]);
      } else {
        list.push(element.value);
      }
    }
    return values;
  }

  const plain = (item) => (Array.isArray(item) ? item[0] : item);

  function select(element, items) {
    for (const [value, label] of items) {
      if (![...element.options].some((option) => option.value === value)) element.add(new Option(label, value));
    }
    const wanted = items.map(plain);
    for (const option of element.options) option.selected = wanted.includes(option.value);
    if (element.tomselect) element.tomselect.sync();
  }

  /** Put kept values back. Names the form no longer has are left out. */
  function restore(form, values) {
    const seen = {};
    form.dispatchEvent(new CustomEvent("portal:restoring", { detail: values }));
    for (const element of [...form.elements]) {
      if (!keeps(element) || !(element.name in values)) continue;
      const items = values[element.name];
      // What comes back is seen, also where it was folded away.
      if (items.some((item) => plain(item) !== "")) element.closest("details")?.setAttribute("open", "");
      if (element.type === "checkbox" || element.type === "radio") {
        element.checked = items.map(plain).includes(element.value);
      } else if (element.tagName === "SELECT") {
        select(element, items);
      } else {
        const index = seen[element.name] = (seen[element.name] ?? -1) + 1;
        if (index < items.length) element.value = items[index];
      }
    }
    form.dispatchEvent(new Event("portal:restored", { bubbles: true }));
  }

  function localTime(milliseconds) {
    const date = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60000);
    return date.toISOString().slice(0, 16).replace("T", " ");
  }

  function notice(form, message, buttons) {
    const box = make("div", { class: "notice notice-info", role: "status" }, make("div", { class: "notice-body" }, message));
    for (const [label, act] of buttons) {
      const button = make("button", { type: "button", class: "btn btn-sm" }, label);
      button.addEventListener("click", () => { box.remove(); act(); });
      box.append(button);
    }
    form.prepend(box);
  }

  function autosave(form) {
    const key = form.dataset.autosave;
    const version = form.dataset.autosaveVersion || "";
    const forget = () => localStorage.removeItem(storeKey(key));
    const sent = collect(form);
    const kept = read(key);
    let dirty = false;
    let timer = 0;

    function save() {
      clearTimeout(timer);
      if (!dirty) return;
      dirty = false;
      try {
        localStorage.setItem(storeKey(key), JSON.stringify({ version, at: Date.now(), values: collect(form) }));
      } catch (error) {
        // Storage full or forbidden: the form works as any form; nothing else depends on it.
        console.warn("autosave", error);
      }
    }
    function typed(event) {
      if (event.target.type === "file") return;
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(save, 400);
    }
    function giveUp() {
      dirty = false;
      clearTimeout(timer);
      forget();
      restore(form, sent);
    }
    const [visit] = performance.getEntriesByType("navigation");
    if (!kept && visit && visit.type === "back_forward" && !form.hasAttribute("data-autosave-bound")) {
      // Going back, the browser fills in what it remembers itself, after this: it does not know that it has been saved.
      window.addEventListener("pageshow", () => setTimeout(giveUp), { once: true });
    }
    if (kept && !form.hasAttribute("data-autosave-bound")) {
      const time = localTime(kept.at);
      if (JSON.stringify(kept.values) === JSON.stringify(sent)) {
        forget();
      } else if (kept.version === version) {
        restore(form, kept.values);
        notice(form, say("restored", { time }), [[say("discard"), giveUp]]);
      } else {
        notice(form, say("restored_old", { time }), [
          [say("restore"), () => { restore(form, kept.values); dirty = true; save(); }],
          [say("discard"), forget],
        ]);
      }
    }
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    form.addEventListener("submit", save);
    window.addEventListener("pagehide", save);
  }

  // Before any form reads: what has been saved, and what is too old.
  onContent((root) => fresh(root, "[data-autosave-clear]", "clear").forEach((element) => {
    localStorage.removeItem(storeKey(element.dataset.autosaveClear));
  }));
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && JSON.parse(localStorage.getItem(key)).at < Date.now() - KEEP_DAYS * 86400000) localStorage.removeItem(key);
  }

  // --- fields that depend on others ---------------------------------------------------------------

  function valuesOf(form, name) {
    const found = [...form.elements].filter((element) => element.name === name);
    return found.flatMap((element) => {
      if (element.type === "checkbox" || element.type === "radio") return element.checked ? [element.value] : [];
      if (element.tagName === "SELECT") return [...element.selectedOptions].map((option) => option.value);
      return [element.value];
    });
  }

  function refresh(form) {
    for (const part of form.querySelectorAll("[data-show-when]")) {
      const [name, wanted] = part.dataset.showWhen.split("=");
      const allowed = wanted.split(",");
      const values = valuesOf(form, name);
      // Behind a field that is hidden itself nothing is asked.
      const asked = [...form.elements].some((element) => element.name === name && !element.portalHidden);
      const visible = asked && (values.length ? values : [""]).some((value) => allowed.includes(value));
      part.hidden = !visible;
      for (const field of part.querySelectorAll("input, select, textarea")) {
        // Only what was disabled here is enabled here.
        if (!visible && !field.disabled) { field.disabled = true; field.portalHidden = true; }
        if (visible && field.portalHidden) { field.disabled = false; field.portalHidden = false; }
      }
    }
  }

  // --- search in selects --------------------------------------------------------------------------

  function searchable(element) {
    const url = element.dataset.url;
    const options = {
      maxOptions: 200,
      plugins: element.multiple ? ["remove_button"] : [],
      allowEmptyOption: !element.required && !element.multiple,
      render: {
        no_results: () => make("div", { class: "no-results" }, say("no_results")),
        loading: () => make("div", { class: "no-results" }, say("loading")),
      },
    };
    if (url) {
      options.valueField = "value";
      options.labelField = "text";
      options.searchField = [];
      options.load = (query, done) => {
        const address = new URL(url, window.location.href);
        address.searchParams.set("q", query);
        fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } })
          .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.status))))
          .then((rows) => done(rows.results || rows))
          .catch(() => { done(); Portal.toast(say("network"), "danger"); });
      };
    }
    new window.TomSelect(element, options);
    // The label now names the field that is typed into; what lies behind it is for the form alone.
    element.setAttribute("aria-hidden", "true");
  }

  // --- names of a register offered beside a text ----------------------------------------------------

  // Where several names may be written, what is typed is the last of them.
  function suggesting(input) {
    const before = () => ("suggestMany" in input.dataset ? /^(.*[、，,;；]\s*)?/.exec(input.value)[0] : "");
    const list = make("datalist", { id: `${input.id}-suggested` });
    let timer = 0;
    input.after(list);
    input.setAttribute("list", list.id);
    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        const others = before();
        const typed = input.value.slice(others.length).trim();
        if (!typed) return list.replaceChildren();
        const address = new URL(input.dataset.suggestUrl, window.location.href);
        address.searchParams.set("q", typed);
        // Without an answer the name is simply written.
        fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } })
          .then((response) => (response.ok ? response.json() : { results: [] }), () => ({ results: [] }))
          .then(({ results }) => {
            if (before() !== others || input.value.slice(others.length).trim() !== typed) return;
            const written = others.split(/[、，,;；]/).map((name) => name.trim());
            const offered = results.filter((row) => !written.includes(row.value));
            list.replaceChildren(...offered.map((row) => make("option", { value: others + row.value, label: row.text })));
          });
      }, 250);
    });
  }

  // --- uploads ------------------------------------------------------------------------------------

  function sizeText(bytes) {
    return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  }

  function csrf(form) {
    return form.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  function send(input, file, item, done = () => {}) {
    const form = input.form;
    const bar = make("progress", { max: 100, value: 0, "aria-label": `${say("uploading")} ${file.name}` });
    item.classList.remove("is-refused");
    item.replaceChildren(make("span", { class: "upload-name" }, file.name), make("span", { class: "upload-size" }, sizeText(file.size)), bar);

    function refuse(message, again) {
      const buttons = [];
      if (again) {
        const retry = make("button", { type: "button", class: "btn btn-sm" }, say("retry"));
        retry.addEventListener("click", () => send(input, file, item));
        buttons.push(retry);
      }
      const drop = make("button", { type: "button", class: "btn btn-link upload-remove" }, say("close"));
      drop.addEventListener("click", () => item.remove());
      bar.remove();
      item.classList.add("is-refused");
      item.append(...buttons, drop, make("div", { class: "upload-error", role: "alert" }, message));
    }

    const limit = Number(input.dataset.maxBytes || 0);
    if (limit && file.size > limit) {
      refuse(say("upload_too_large", { name: file.name, limit: sizeText(limit) }), false);
      done();
      return;
    }
    const body = new FormData();
    body.append("file", file);
    const token = input.dataset.formToken || (form.elements.form_token && form.elements.form_token.value);
    if (token) body.append("form_token", token);
    const request = new XMLHttpRequest();
    request.open("POST", input.dataset.uploadUrl);
    request.setRequestHeader("X-CSRFToken", csrf(form));
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total; });
    request.addEventListener("error", () => refuse(say("upload_failed"), true));
    request.addEventListener("loadend", done);
    request.addEventListener("load", () => {
      let answer = null;
      if ((request.getResponseHeader("Content-Type") || "").includes("json")) answer = JSON.parse(request.responseText);
      if (answer && request.status < 300 && !answer.error) { showFile(item, answer); keepToken(form); }
      else if (answer && answer.error) refuse(answer.error, false);
      // An expired login answers with a page instead of JSON.
      else refuse(say(request.status < 400 || request.status === 403 ? "upload_login" : "upload_failed"), true);
    });
    request.send(body);
  }

  /** A new form's files hang on its token: in the address it outlives a reload and a lost login. */
  function keepToken(form) {
    if (!form.elements.form_token || form.dataset.autosaveVersion) return;
    const address = new URL(location.href);
    address.searchParams.set("token", form.elements.form_token.value);
    history.replaceState(history.state, "", address);
  }

  function showFile(item, file) {
    item.classList.remove("is-refused");
    item.replaceChildren(
      ...(file.thumbnail_url ? [make("img", { class: "upload-thumbnail", src: file.thumbnail_url, alt: "" })] : []),
      file.url ? make("a", { class: "upload-name", href: file.url }, file.name) : make("span", { class: "upload-name" }, file.name),
      make("span", { class: "upload-size" }, sizeText(file.size)));
    if (file.remove_url) {
      item.append(make("button", { type: "button", class: "btn btn-link upload-remove", "data-remove-url": file.remove_url },
        say("remove"), make("span", { class: "visually-hidden" }, file.name)));
    }
  }

  // Three at a time: a phone sends twenty pictures over one thin line, and the server turns each upright.
  const AT_ONCE = 3;
  const waiting = [];
  let sending = 0;
  function sendNext() {
    while (sending < AT_ONCE && waiting.length) {
      sending += 1;
      send(...waiting.shift(), () => { sending -= 1; sendNext(); });
    }
  }

  function sendAll(input, files) {
    const list = input.closest("[data-upload]").querySelector("[data-upload-list]");
    for (const file of [...files]) {
      const item = make("li", { class: "upload-item" }, make("span", { class: "upload-name" }, file.name), make("span", { class: "upload-size" }, sizeText(file.size)));
      list.append(item);
      waiting.push([input, file, item]);
    }
    sendNext();
  }

  const zoneOf = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files") && event.target.closest("[data-upload-zone]");
  document.addEventListener("dragover", (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.add("is-over");
  });
  for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const zone = zoneOf(event);
      if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("is-over");
    });
  }
  document.addEventListener("drop", (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    sendAll(zone.querySelector("input[type=file]"), event.dataTransfer.files);
  });

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-upload-url]")) return;
    sendAll(input, input.files);
    // Sent already: the form must not send them again.
    input.value = "";
  });

  // A number that the portal knows, taken over into its field by one click; it may be changed there.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-takes]");
    if (!button) return;
    const field = document.querySelector(`main form [name="${button.dataset.takes}"]`);
    if (!field || field.disabled) return;
    field.value = button.dataset.number;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-url]");
    if (!button) return;
    const item = button.closest(".upload-item");
    button.disabled = true;
    fetch(button.dataset.removeUrl, { method: "POST", headers: { "X-CSRFToken": csrf(button.closest("form")), "X-Requested-With": "XMLHttpRequest" } })
      .then((response) => {
        if (!response.ok || response.redirected) throw new Error(response.status);
        item.remove();
      })
      .catch(() => { button.disabled = false; Portal.toast(say("remove_failed"), "danger"); });
  });

  // --- start --------------------------------------------------------------------------------------

  // Selects and rows first: autosave may have to put a value into them.
  onContent((root) => {
    const selects = fresh(root, "select[data-tom-select]", "search");
    const lines = root.querySelector("[data-lines-url]");
    const enhanced = Promise.all([
      selects.length ? loadScript(document.body.dataset.tomSelectUrl).then(() => selects.forEach(searchable)) : null,
      lines ? loadScript(lines.dataset.linesUrl) : null,
    ]);
    fresh(root, "input[data-suggest-url]", "suggest").forEach(suggesting);
    enhanced.finally(() => fresh(root, "form[data-autosave]", "autosave").forEach(autosave));
    for (const part of fresh(root, "[data-show-when]", "show")) {
      const form = part.closest("form");
      if (!fresh(form, "form", "show-when").includes(form)) continue;
      for (const name of ["input", "change", "portal:restored"]) form.addEventListener(name, () => refresh(form));
      refresh(form);
    }
  });
})();
