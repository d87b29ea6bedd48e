/** The dashboard: every page over a long past under 50 requests a second, and 200 open live pages. `--set only=pages` or `only=live`. */
import type { Suite, SuiteReport } from "../suite.ts";
import { measureLive } from "../web/live.ts";
import { measurePages } from "../web/pages.ts";

export const suite: Suite = {
  name: "web",
  description: "every page over 1,000,000 turns and cases; 200 open live pages (--set only=pages|live)",
  async run(options) {
    const { only } = options.set;
    const parts: SuiteReport[] = [];
    if (only !== "live") parts.push(await measurePages(options));
    if (only !== "pages") parts.push(await measureLive(options));
    return { results: parts.flatMap(({ results }) => results), goals: parts.flatMap(({ goals }) => goals) };
  },
};
