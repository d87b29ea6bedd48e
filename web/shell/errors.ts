/**
 * What a visitor sees when a request fails: fixed text in their language and a number to report. Never an error's message,
 * which may hold anything.
 */

import { AppError, type ErrorKind } from "../../src/errors.ts";
import { requestId } from "../../src/request.ts";
import { type Html, html } from "../html.ts";
import { HttpRefusal, REFUSAL_STATUS, type RefusalKind } from "../refusal.ts";
import { htmlResponse } from "../respond.ts";
import type { Visit } from "../visit.ts";
import { icon } from "./icons.ts";
import { barePage } from "./layout.ts";
import { shellWords } from "./words.ts";

const REFUSAL_WORDS = {
  "too-large": "tooLarge",
  "too-slow": "tooSlow",
  "bad-form": "badForm",
  "cross-site": "crossSite",
  busy: "busy",
  receiving: "receiving",
} as const satisfies Record<Exclude<RefusalKind, "not-found">, string>;

/** It passes: the same request may work in a moment. */
const AWAY: ReadonlySet<ErrorKind> = new Set(["unavailable", "timeout", "overloaded"]);

export function errorResponse(visit: Visit, error: unknown): Response {
  const words = shellWords[visit.language].errors;
  if (error instanceof HttpRefusal) {
    const status = REFUSAL_STATUS[error.kind];
    return error.kind === "not-found"
      ? htmlResponse(errorPage(visit, words.notFound, words.notFoundNext), status)
      : htmlResponse(errorPage(visit, words[REFUSAL_WORDS[error.kind]], ""), status);
  }

  const id = requestId();
  const away = error instanceof AppError && AWAY.has(error.kind);
  const method = visit.request.method;
  // The path alone: a sign-in link's secret must not be in a log.
  const path = visit.url.pathname.replace(/^\/sign-in\/.+/, "/sign-in/…");
  visit.services.logger[away ? "warn" : "error"]({ error, method, path }, "request-failed");
  return away
    ? htmlResponse(errorPage(visit, words.unavailable, words.unavailableNext), 503)
    : htmlResponse(errorPage(visit, words.failed, html`${words.failedNext} <code>${id}</code>`), 500);
}

/** To htmx only what fits where it asked from: it shows it as a message, since failures are not swapped in. */
function errorPage(visit: Visit, title: string, next: Html | string): Html {
  const words = shellWords[visit.language].errors;
  if (visit.fragment)
    return html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${title} ${next}</span></p>`;
  return barePage(visit, {
    title,
    body: html`<section class="door">
      <div class="door-arch" aria-hidden="true">${icon("gate")}</div>
      <h1>${title}</h1>
      <p class="lead">${next}</p>
      <p><a class="button" href="/">${words.home}</a></p>
    </section>`,
  });
}
