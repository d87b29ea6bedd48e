/*
 * The little the pages do by themselves: no page needs it. Times stay true and turn to the reader's zone, a failed
 * request says so, and htmx is held to its bounds: it evaluates nothing and brings no script in.
 */
(() => {
  const refuse = function () {
    throw new Error("evaluation is switched off");
  };
  const markup = (text) => text.replace(/<(\/?)script\b/gi, "<$1template");
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("gatehouse", { createHTML: markup, createScript: () => "" })
    : { createHTML: markup, createScript: () => "" };
  window.htmx?.registerExtension("gatehouse", { init: (api) => api.initSecurity(policy, refuse, refuse) });

  const language = document.documentElement.lang;
  const UNITS = [
    ["year", 31536e6],
    ["month", 2592e6],
    ["week", 6048e5],
    ["day", 864e5],
    ["hour", 36e5],
    ["minute", 6e4],
  ];
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });

  function tell(element) {
    const at = Date.parse(element.dateTime);
    const away = at - Date.now();
    const unit = UNITS.find(([, ms]) => Math.abs(away) >= ms);
    const text = unit ? relative.format(away > 0 ? Math.round(away / unit[1]) : Math.trunc(away / unit[1]), unit[0]) : relative.format(0, "second");
    if (element.textContent !== text) element.textContent = text;
    const title = exact.format(at);
    if (element.title !== title) element.title = title;
  }
  const tellAll = () => document.querySelectorAll("time[data-ago]").forEach(tell);

  const toast = () => document.getElementById("toast");
  let hide = 0;
  function say(text) {
    const element = toast();
    if (!element) return;
    element.textContent = text;
    element.classList.add("shown");
    clearTimeout(hide);
    hide = setTimeout(() => element.classList.remove("shown"), 6000);
  }

  // For as long as the browser is off the net: what is shown may be old, and what is pressed goes nowhere.
  function tellOffline() {
    const element = toast();
    if (!element) return;
    clearTimeout(hide);
    if (!navigator.onLine) element.textContent = element.dataset.offline ?? "";
    element.classList.toggle("shown", !navigator.onLine);
  }
  window.addEventListener("offline", tellOffline);
  window.addEventListener("online", tellOffline);

  // What was swapped in is news to those who do not see it: one line of it, where it marks one.
  let heard = "";
  function tellNews() {
    const region = document.getElementById("heard");
    const text = document.querySelector("main [data-heard]")?.textContent.trim() ?? "";
    if (region && text !== heard) region.textContent = text;
    heard = text;
  }

  document.documentElement.classList.add("scripted");
  document.addEventListener("DOMContentLoaded", tellAll);
  document.addEventListener("htmx:after:swap", () => {
    tellAll();
    tellNews();
  });
  // What a list is filtered by stands in the address, so that it can be sent on and come back to.
  const keep = (event) => {
    const form = event.target instanceof Element && event.target.closest("form.filters");
    if (!form) return;
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    const path = form.getAttribute("action");
    history.replaceState(history.state, "", query.size > 0 ? `${path}?${query}` : path);
  };
  document.addEventListener("input", keep);
  document.addEventListener("change", keep);
  setInterval(tellAll, 30000);
  // How long an agent has left: to the second, while the page is looked at.
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-countdown]")) {
      const left = Math.max(0, Math.round((Date.parse(element.dateTime) - Date.now()) / 1000));
      const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (element.textContent !== text) element.textContent = text;
    }
    for (const element of document.querySelectorAll(".typing[data-until]")) {
      element.hidden = Date.parse(element.dataset.until) < Date.now();
    }
  }, 1000);
  // A live part is tried again by itself (live.js).
  const isLive = ({ target }) => target instanceof Element && target.hasAttribute("hx-sse:connect");
  document.addEventListener("htmx:error", (event) => {
    // A page that is left takes its requests along.
    if (event.detail?.error?.name !== "AbortError" && !isLive(event)) say(toast()?.dataset.failed ?? "");
  });
  document.addEventListener("htmx:response:error", (event) => {
    if (!isLive(event)) say(toast()?.dataset.failed ?? "");
  });
  // A file that is too large is told before megabytes of it were sent for nothing.
  document.addEventListener("change", ({ target }) => {
    const most = target instanceof HTMLInputElement && target.dataset.bytesMax;
    if (!most) return;
    const big = [...target.files].some(({ size }) => size > Number(most));
    target.setCustomValidity(big ? target.dataset.tooBig : "");
    if (big) target.reportValidity();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.getElementById("side-search");
    if (!field) return;
    event.preventDefault();
    const nav = document.getElementById("nav");
    if (nav && !field.checkVisibility()) nav.showPopover?.();
    field.focus();
  });
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-copy]");
    const field = button && button.parentElement.querySelector("input");
    if (!field) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      say(button.dataset.copied ?? "");
    } catch {
      // Not allowed here: the field is selected, so that the keys copy it.
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("#nav a");
    if (link) document.getElementById("nav")?.hidePopover?.();
  });
})();
