/**
 * A reader's language and theme: two cookies, set by a plain form so that the switches work without JavaScript.
 */
import { type Language, languageFor } from "../../src/i18n.ts";
import { field, readForm } from "../body.ts";
import { cookie, cookies } from "../cookies.ts";
import type { Route } from "../guard.ts";
import { route } from "../guard.ts";
import { ownPath, redirect } from "../respond.ts";
import { THEMES, type Theme } from "../visit.ts";

const YEAR_S = 365 * 24 * 3_600;
const LANGUAGE_COOKIE = "gatehouse-language";
const THEME_COOKIE = "gatehouse-theme";

export function visitorLanguage(request: Request): Language {
  const chosen = cookies(request).get(LANGUAGE_COOKIE);
  const accepted = (request.headers.get("accept-language") ?? "")
    .slice(0, 500)
    .split(",")
    .map((part, order) => {
      const [tag, quality] = part.trim().split(/\s*;\s*q=/);
      return { tag: tag ?? "", quality: quality === undefined ? 1 : Number(quality) || 0, order };
    })
    .filter((entry) => entry.quality > 0)
    .sort((a, b) => b.quality - a.quality || a.order - b.order)
    .map((entry) => entry.tag);
  return languageFor(chosen, ...accepted);
}

export function themeOf(request: Request): Theme {
  const chosen = cookies(request).get(THEME_COOKIE);
  return THEMES.find((theme) => theme === chosen) ?? "auto";
}

export const preferenceRoutes: readonly Route[] = [
  route("anyone", "POST", "/preferences", async (visit) => {
    const form = await readForm(visit);
    const language = field(form, "language");
    const theme = THEMES.find((known) => known === field(form, "theme"));
    const back = field(form, "back", 2_000);
    const secure = visit.publicUrl.startsWith("https:");
    const set: string[] = [];
    if (language === "en" || language === "tr") set.push(cookie(LANGUAGE_COOKIE, language, YEAR_S, secure));
    if (theme !== undefined) set.push(cookie(THEME_COOKIE, theme, YEAR_S, secure));
    return redirect(visit, ownPath(back, "/"), set);
  }),
];
