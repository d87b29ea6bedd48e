/** A question tried out: what the bot would say, from which passages, and what each stage made of it. Posts and counts nothing. */
import { QUESTION_CHARS_MAX } from "../../src/answering.ts";
import { attempt, readEarlierLines } from "../../src/trial.ts";
import { field, readForm } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { BEFORE_CHARS_MAX, playgroundPage, resultPart } from "./view.ts";

export const playgroundRoutes: readonly Route[] = [
  route("admin", "GET", "/guilds/:guild/playground", (visit) => playgroundPage(visit, null)),

  route("admin", "POST", "/guilds/:guild/playground", async (visit) => {
    const form = await readForm(visit);
    const question = field(form, "question", QUESTION_CHARS_MAX);
    const before = field(form, "before", BEFORE_CHARS_MAX);
    const trial =
      question === ""
        ? null
        : await attempt(
            {
              guild: visit.guild.guild,
              question,
              settings: visit.guild.settings,
              locale: visit.language,
              unasked: form.has("unasked"),
              before: readEarlierLines(before),
            },
            visit.services,
          );
    return visit.fragment ? resultPart(visit, trial) : playgroundPage(visit, trial, before);
  }),
];
