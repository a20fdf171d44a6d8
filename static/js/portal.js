/* What every page does in the browser. Behaviour is asked for with data-attributes; nothing here knows a page.

   data-confirm="question"      on a form, button or htmx element: asks in a dialog first
                                (data-confirm-title, data-confirm-ok change the words)
   data-no-guard                on a form: its submit buttons stay enabled (downloads)
   data-chart="{…}"             draws the ECharts option, written as JSON; a data item with `url` is a link
   data-look-here               on a box: a page that shows it starts there, as one with an error summary does
   data-posted                  on the body: the page answers a form that was sent
   data-key="j"                 on a button or link: pressing the key clicks it while no field has the focus
   data-search                  on a field: "/" goes there (the search of the top bar)
   data-shortcuts-toggle        on a button: turns these keys off and on
   data-retry-after="3"         a page that could not be read because the portal is busy: asked for once more, after so many
                                seconds; a part of a page (htmx) likewise. What was sent by a form is never sent again
   portal:toast                 an event (HX-Trigger) with {items: [{text, level}]}: short notices
*/
"use strict";

const Portal = (() => {
  const text = JSON.parse(document.getElementById("portal-text").textContent);

  /** The sentence with its {places} filled. */
  function say(key, values = {}) {
    return text[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  /** An element with attributes and children; text is never read as HTML. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  const scripts = {};
  /** Load a script of ours once, when a page first needs it. */
  function loadScript(url) {
    scripts[url] = scripts[url] || new Promise((resolve, reject) => {
      const script = make("script", { src: url });
      script.onload = resolve;
      script.onerror = () => reject(new Error(url));
      document.head.append(script);
    });
    return scripts[url];
  }

  const starters = [];
  /** Run for the whole page now, and for every part htmx brings later. */
  function onContent(start) {
    starters.push(start);
    start(document);
  }
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) starters.forEach((start) => start(event.detail.elt));
  });

  /** Elements under root (itself included) that match; each is handed out once per purpose. */
  function fresh(root, selector, purpose) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches && root.matches(selector)) found.unshift(root);
    return found.filter((element) => {
      element.portalDone = element.portalDone || new Set();
      if (element.portalDone.has(purpose)) return false;
      element.portalDone.add(purpose);
      return true;
    });
  }

  // --- notices ------------------------------------------------------------------------------------

  function toast(message, level = "info") {
    const close = make("button", { type: "button", class: "toast-close", "aria-label": say("close") }, "×");
    const box = make("div", { class: `notice notice-${level}` }, make("div", { class: "notice-body" }, message), close);
    close.addEventListener("click", () => box.remove());
    document.getElementById("toasts").append(box);
    // What went wrong stays until it is read.
    if (level !== "danger") setTimeout(() => box.remove(), 6000);
  }
  document.addEventListener("portal:toast", (event) => event.detail.items.forEach((item) => toast(item.text, item.level)));
  document.addEventListener("htmx:sendError", () => toast(say("network"), "danger"));
  document.addEventListener("htmx:responseError", (event) => {
    if (askAgain(event.detail)) return;
    toast(say("server", { status: event.detail.xhr.status }), "danger");
  });

  // --- once more when the portal is busy ----------------------------------------------------------

  /** A part that was only read and met a busy portal is asked for once more; returns whether it will be. */
  function askAgain({ xhr, elt, target, requestConfig }) {
    const seconds = Number(xhr.getResponseHeader("Retry-After"));
    const busy = xhr.status === 503 && seconds > 0 && seconds <= 10;
    if (!busy || requestConfig.verb !== "get" || elt.portalAskedAgain) return false;
    elt.portalAskedAgain = true;
    setTimeout(() => {
      const again = document.contains(elt) ? window.htmx.ajax("GET", requestConfig.path, { source: elt, target }) : null;
      Promise.resolve(again).finally(() => { elt.portalAskedAgain = false; });
    }, seconds * 1000);
    return true;
  }

  onContent((root) => fresh(root, "[data-retry-after]", "retry").forEach((element) => {
    const key = `portal:asked-again:${window.location.href}`;
    if (Date.now() - Number(sessionStorage.getItem(key)) < 60000) return;
    sessionStorage.setItem(key, Date.now());
    setTimeout(() => window.location.reload(), Number(element.dataset.retryAfter) * 1000);
  }));

  // --- confirmation -------------------------------------------------------------------------------

  /** Ask in a dialog; resolves to true or false. */
  function ask(question, { title, ok, danger } = {}) {
    return new Promise((resolve) => {
      const yes = make("button", { type: "submit", value: "yes", class: danger ? "btn btn-danger" : "btn btn-primary" }, ok || say("confirm_ok"));
      const no = make("button", { type: "submit", value: "no", class: "btn" }, say("cancel"));
      const dialog = make("dialog", { class: "portal-dialog", "aria-labelledby": "portal-dialog-title", "aria-describedby": "portal-dialog-text" },
        make("form", { method: "dialog", "data-no-guard": true },
          make("h2", { id: "portal-dialog-title" }, title || say("confirm_title")),
          make("p", { id: "portal-dialog-text" }, question),
          make("div", { class: "button-row" }, no, yes)));
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "yes");
      });
      document.body.append(dialog);
      dialog.showModal();
      no.focus();
    });
  }

  function question(element) {
    return ask(element.dataset.confirm, {
      title: element.dataset.confirmTitle,
      ok: element.dataset.confirmOk,
      danger: element.classList.contains("btn-danger") || element.classList.contains("btn-outline-danger"),
    });
  }

  // Capturing, so that the question comes before htmx and before the submit guard.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    const asker = button && button.dataset.confirm ? button : form.dataset.confirm ? form : null;
    if (!asker || form.portalConfirmed) {
      form.portalConfirmed = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    question(asker).then((agreed) => {
      if (!agreed) return;
      form.portalConfirmed = true;
      form.requestSubmit(button || undefined);
    });
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    const element = event.detail.elt;
    if (!element.dataset.confirm || element.matches("form") || element.closest("form[data-confirm]")) return;
    event.preventDefault();
    question(element).then((agreed) => agreed && event.detail.issueRequest(true));
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-confirm]");
    if (!link) return;
    event.preventDefault();
    question(link).then((agreed) => agreed && window.location.assign(link.href));
  });

  // --- one submit, not two ------------------------------------------------------------------------

  function submitButtons(form) {
    return [...form.elements].filter((element) => element.type === "submit");
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("data-no-guard") || form.method === "dialog") return;
    if (form.portalSent) {
      event.preventDefault();
      return;
    }
    form.portalSent = true;
    // Afterwards: a button disabled now would not send its own name and value.
    setTimeout(() => submitButtons(form).forEach((button) => {
      if (!button.disabled) { button.disabled = true; button.portalHeld = true; }
    }), 0);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) {
      form.portalSent = false;
      submitButtons(form).forEach((button) => {
        if (button.portalHeld) { button.disabled = false; button.portalHeld = false; }
      });
    }
  });

  // --- charts -------------------------------------------------------------------------------------

  function draw(element) {
    const option = JSON.parse(element.dataset.chart);
    const font = getComputedStyle(document.body).fontFamily;
    const chart = window.echarts.init(element, null, { renderer: "canvas" });
    chart.setOption({
      color: ["#1a56b0", "#6b9bd8", "#8791a0", "#b5cbea", "#4b5563", "#c3c9d2"],
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      textStyle: { fontFamily: font, color: "#1f2937" },
      ...option,
    });
    chart.on("click", (event) => {
      if (event.data && event.data.url) window.location.assign(event.data.url);
    });
    new ResizeObserver(() => chart.resize()).observe(element);
    window.addEventListener("beforeprint", () => chart.resize());
    const save = element.parentElement.querySelector("[data-chart-save]");
    if (save) {
      save.hidden = false;
      save.addEventListener("click", () => savePicture(chart, element, save.dataset.chartSave));
    }
  }

  /** A text cut into lines that fit a width. Chinese breaks between any two characters, but a short bracket and a number stay
      in one piece, no line begins with a closing mark and none ends with an opening one. */
  function linesWithin(context, words, width) {
    const pieces = words.match(/(?:（[^（）]{1,12}）|\d[\d.,:]*|[（《“]*[^])[，。、；：！？）》”]*/gu) || [];
    return pieces.reduce((lines, piece) => {
      const longer = lines[lines.length - 1] + piece;
      if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(piece);
      return lines;
    }, [""]);
  }

  /** The chart as a picture that speaks for itself in a chat or on a slide: its title above, place, day and source below. */
  function savePicture(chart, element, source) {
    const title = element.getAttribute("aria-label");
    const drawn = new Image();
    drawn.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      const context = canvas.getContext("2d");
      const font = getComputedStyle(document.body).fontFamily;
      const margin = 32;
      canvas.width = drawn.width + 2 * margin;
      context.font = `bold 32px ${font}`;
      const head = linesWithin(context, title, drawn.width);
      context.font = `24px ${font}`;
      const foot = linesWithin(context, source, drawn.width);
      canvas.height = margin + 44 * head.length + drawn.height + 36 * foot.length + margin;
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.textBaseline = "top";
      context.fillStyle = "#1f2937";
      context.font = `bold 32px ${font}`;
      head.forEach((line, number) => context.fillText(line, margin, margin + 44 * number));
      context.drawImage(drawn, margin, margin + 44 * head.length);
      context.fillStyle = "#5b6675";
      context.font = `24px ${font}`;
      foot.forEach((line, number) => context.fillText(line, margin, margin + 44 * head.length + drawn.height + 36 * number));
      canvas.toBlob((blob) => {
        const link = make("a", { href: URL.createObjectURL(blob), download: `${title.replace(/[\\/:*?"<>|]/g, "_")}.png` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      });
    });
    drawn.src = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#fff" });
  }
  onContent((root) => {
    const charts = fresh(root, "[data-chart]", "chart");
    if (!charts.length) return;
    loadScript(document.body.dataset.echartsUrl).then(() => charts.forEach(draw)).catch((error) => {
      charts.forEach((element) => element.replaceChildren(make("p", { class: "muted" }, say("chart_failed"))));
      throw error;
    });
  });

  // --- keys ---------------------------------------------------------------------------------------

  /** To the search field; where a narrow window hides it, to the search page. */
  function goToSearch(field) {
    if (field.offsetParent) field.select(); else window.location.assign(field.form.action);
  }

  const OFF = "portal:shortcuts-off";
  const keysOff = () => localStorage.getItem(OFF) === "1";
  function showToggle(button) {
    (button.querySelector("span") || button).textContent = say(keysOff() ? "shortcuts_off" : "shortcuts_on");
    button.setAttribute("aria-pressed", String(!keysOff()));
  }
  onContent((root) => fresh(root, "[data-shortcuts-toggle]", "toggle").forEach((button) => {
    showToggle(button);
    button.addEventListener("click", () => {
      if (keysOff()) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
      showToggle(button);
    });
  }));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysOff()) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const field = event.key === "/" && document.querySelector("[data-search]");
    const target = field || [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key && !element.disabled);
    if (!target) return;
    event.preventDefault();
    if (field) goToSearch(field); else target.click();
  });

  // --- small --------------------------------------------------------------------------------------

  // The answer to a form that was sent: going back to it, or loading it again, asks for the page and does not send the form
  // once more, which browsers refuse for pages that may not be kept.
  if ("posted" in document.body.dataset) history.replaceState(history.state, "", window.location.href);
  // A refused form: start at the list of what to mend, or at what is asked before it goes on.
  function startAt(place) {
    (place.querySelector("textarea") || place).focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  }
  onContent((root) => fresh(root, "[data-error-summary], [data-look-here]", "focus").slice(0, 1).forEach(startAt));
  // The answer to a form replaces the page it was sent from, and the browser may put it back to where that one stood, at any
  // moment until it has loaded: said once more then, unless the person has moved by themselves.
  const place = document.querySelector("[data-error-summary], [data-look-here]");
  if (place && "posted" in document.body.dataset) {
    history.scrollRestoration = "manual";
    let moved = false;
    for (const event of ["wheel", "keydown", "pointerdown", "touchstart"]) {
      window.addEventListener(event, () => { moved = true; }, { once: true, passive: true });
    }
    window.addEventListener("load", () => requestAnimationFrame(() => {
      if (!moved) startAt(place);
      history.scrollRestoration = "auto";
    }));
  }
  // The wheel over a number field scrolls the page and does not change the number.
  document.addEventListener("wheel", () => {
    const field = document.activeElement;
    if (field && field.type === "number") field.blur();
  }, { passive: true });

  return { say, make, loadScript, onContent, fresh, toast, ask, goToSearch };
})();
