/*
 * Live parts whose line is cut: the page says so while it lasts, and the line is tried again, later each time. htmx's event-stream
 * extension does that for a stream that was open once; the first connection is an ordinary request, whose failure it does not see.
 */
(() => {
  const RETRY_MS = 500;
  const RETRY_MS_MAX = 15_000;
  /** A line that is back by then was not missed. */
  const TELL_AFTER_MS = 1_000;

  /** Parts without a line, each with how often its first connection failed. */
  const cut = new Map();

  function tell() {
    for (const element of cut.keys()) if (!element.isConnected) cut.delete(element);
    const region = document.getElementById("cut-off");
    const text = cut.size > 0 ? region?.dataset.says : "";
    if (region && region.textContent !== text) region.textContent = text;
  }
  function lose(element, failures) {
    cut.set(element, failures);
    setTimeout(tell, TELL_AFTER_MS);
  }

  function connect(element) {
    if (element.isConnected && !element._htmx?.sse) {
      window.htmx.ajax("GET", element.getAttribute("hx-sse:connect"), { source: element });
    }
  }
  function failed({ target: element }) {
    if (!(element instanceof Element) || !element.hasAttribute("hx-sse:connect") || element._htmx?.sse) return;
    const failures = (cut.get(element) ?? 0) + 1;
    lose(element, failures);
    const delayMs = Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MS_MAX);
    setTimeout(connect, delayMs * (0.7 + 0.6 * Math.random()), element);
  }
  document.addEventListener("htmx:error", (event) => {
    // A page that is left takes its requests along.
    const { ctx, error } = event.detail ?? {};
    if (error?.name !== "AbortError" || ctx?.request.signal.reason === "timeout") failed(event);
  });
  document.addEventListener("htmx:response:error", (event) => {
    // What is refused for good has been swapped in, and says why.
    if (event.detail.ctx.response.status >= 500) failed(event);
  });

  document.addEventListener("htmx:sse:error", ({ target, detail: { status } }) => {
    // Signed out, or not let in any more: the page itself says which.
    if (status >= 400 && status < 500) location.reload();
    else lose(target, 0);
  });
  document.addEventListener("htmx:sse:after:connection", ({ target, detail: { connection } }) => {
    // No stream, but the way to sign in.
    if (connection.status === 204) location.reload();
    cut.delete(target);
    tell();
  });
})();
