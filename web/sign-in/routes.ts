/** Coming in by a one-time link, and going out. */
import { closeSession, isSecret, redeem } from "../auth.ts";
import { type Route, route } from "../guard.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { Visit } from "../visit.ts";
import { enterPage, signInPage } from "./view.ts";

export const signInRoutes: readonly Route[] = [
  route("anyone", "GET", "/", (visit) => redirect(visit, visit.person === null ? "/sign-in" : "/guilds")),

  route("anyone", "GET", "/sign-in", (visit) =>
    visit.person === null ? signInPage(visit, null) : redirect(visit, "/guilds"),
  ),

  // A link preview, a mail scanner or a browser that fetches ahead opens links: only a person presses the button.
  route("anyone", "GET", "/sign-in/:secret", (visit) => {
    if (visit.person !== null) return redirect(visit, "/guilds");
    const secret = visit.params.secret ?? "";
    return isSecret(secret) ? enterPage(visit, secret) : htmlResponse(signInPage(visit, "link"), 410);
  }),

  route("anyone", "POST", "/sign-in/:secret", async (visit) => {
    const session = await redeem(visit.services, visit.params.secret ?? "", secure(visit));
    if (session !== null) return redirect(visit, "/guilds", [session]);
    // A signed-in person who opens an old link wants in, not a lecture.
    if (visit.person !== null) return redirect(visit, "/guilds");
    return htmlResponse(signInPage(visit, "link"), 410);
  }),

  route("person", "POST", "/sign-out", async (visit) =>
    redirect(visit, "/sign-in", [await closeSession(visit.services, visit.request, visit.person, secure(visit))]),
  ),
];

function secure(visit: Visit): boolean {
  return visit.publicUrl.startsWith("https:");
}
