/** The door: what to do to come in, and why the last try did not work. */

import { type Html, html, link } from "../html.ts";
import { icon } from "../shell/icons.ts";
import { barePage } from "../shell/layout.ts";
import type { Visit } from "../visit.ts";
import { signInWords } from "./words.ts";

export type SignInProblem = "link" | "discord" | "no-guilds" | "busy";

export function signInPage(visit: Visit, problem: SignInProblem | null): Html {
  const words = signInWords[visit.language];
  const discord = visit.services.config.discord;
  return barePage(visit, {
    title: words.section,
    body: html`
      <section class="door">
        <div class="door-arch" aria-hidden="true">${icon("gate")}</div>
        <h1>${words.section}</h1>
        ${problem !== null && html`<p class="notice notice-warn" role="alert">${icon("alert")}<span>${words.problems[problem]}</span></p>`}
        ${problem === "no-guilds" && html`<p><a class="button button-wide" href="/sign-in/discord/add">${icon("plus")}${words.add}</a></p><p class="or">${words.or}</p>`}
        ${
          discord.clientSecret !== null &&
          discord.applicationId !== null &&
          html`<a class="button button-wide" href="${link("/sign-in/discord", { next: visit.url.searchParams.get("next") })}">${icon("key")}${words.withDiscord}</a>
            <p class="or">${words.or}</p>`
        }
        <ol class="steps">
          <li>${words.stepConsole}</li>
          <li>${words.stepOpen} <code>${visit.publicUrl}/sign-in/…</code></li>
          <li>${words.stepAgain}</li>
        </ol>
      </section>
    `,
  });
}

/** The page of a one-time link: nothing happens before the button is pressed. */
export function enterPage(visit: Visit, secret: string): Html {
  const words = signInWords[visit.language];
  return barePage(visit, {
    title: words.section,
    body: html`
      <section class="door">
        <div class="door-arch" aria-hidden="true">${icon("gate")}</div>
        <h1>${words.section}</h1>
        <p class="lead">${words.enterWhat}</p>
        <form method="post" action="/sign-in/${secret}"><button class="button button-wide" type="submit">${icon("key")}${words.enter}</button></form>
      </section>
    `,
  });
}

/** The bot was added and has not joined yet; the browser looks again by itself. */
export function arrivingPage(visit: Visit, late: boolean): Html {
  const words = signInWords[visit.language];
  return barePage(visit, {
    title: words.arriving,
    body: html`
      <section class="door">
        <div class="door-arch" aria-hidden="true">${icon("gate")}</div>
        <h1>${words.arriving}</h1>
        <p class="lead" role="status">${late ? words.arrivingLate : words.arrivingWhat}</p>
        ${late && html`<a class="button button-wide" href="${visit.url.pathname}">${words.lookAgain}</a>`}
      </section>
    `,
  });
}
