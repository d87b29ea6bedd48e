/** Coming in by a one-time link, and going out. */
import { closeSession, redeem } from "../auth.ts";
import { type Route, route } from "../guard.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { Visit } from "../visit.ts";
import { signInPage } from "./view.ts";

export const signInRoutes: readonly Route[] = [
  route("anyone", "GET", "/", (visit) => redirect(visit, visit.person === null ? "/sign-in" : "/guilds")),

  route("anyone", "GET", "/sign-in", (visit) =>
    visit.person === null ? signInPage(visit, null) : redirect(visit, "/guilds"),
  ),

  route("anyone", "GET", "/sign-in/:secret", async (visit) => {
    if (fetchedAhead(visit.request)) return htmlResponse(signInPage(visit, null));
    const session = await redeem(visit.services, visit.params.secret ?? "", secure(visit));
    if (session !== null) return redirect(visit, "/guilds", [session]);
    // Whoever is signed in already and opens the link of yesterday wants in, not a lecture.
    if (visit.person !== null) return redirect(visit, "/guilds");
    return htmlResponse(signInPage(visit, "link"), 410);
  }),

  route("person", "POST", "/sign-out", async (visit) =>
    redirect(visit, "/sign-in", [await closeSession(visit.services, visit.request, secure(visit))]),
  ),
];

function secure(visit: Visit): boolean {
  return visit.publicUrl.startsWith("https:");
}

/** Mail scanners, chat previews and eager browsers look at links: none of them spends one. */
function fetchedAhead(request: Request): boolean {
  if (request.method === "HEAD") return true;
  const purpose = `${request.headers.get("sec-purpose") ?? ""} ${request.headers.get("purpose") ?? ""}`;
  return /prefetch|preview/i.test(purpose);
}
