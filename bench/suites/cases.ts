/**
 * Situations that members and admins met with other bots, crawlers and extractors, run through the product's own code. `--data
 * DIR…` takes folders of such cases (each a folder with `case.json`); one line a check, 1 where it holds. Scenes in Discord
 * start whole processes and need PostgreSQL on 127.0.0.1:5432; `--set discord=off` leaves them out. `--set only=NAME` runs the cases
 * whose name holds NAME.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { createExtractor } from "../../src/knowledge.ts";
import type { Check, Finding, Place } from "../cases/check.ts";
import { checkCrawl } from "../cases/crawl.ts";
import { checkDiscord, type DiscordCase } from "../cases/discord.ts";
import { checkFile, checkQuotes, checkRanking, checkSplit } from "../cases/pure.ts";
import { sharedData } from "../data.ts";
import { result, type Suite } from "../suite.ts";

export const suite: Suite = {
  name: "cases",
  description:
    "situations from public bug reports: what is read, found, quoted, split and said; --data DIR…, only=NAME",
  async run(options) {
    const shared = sharedData("cases");
    const folders = options.data.length > 0 ? options.data : shared === null ? [] : [shared];
    if (folders.length === 0) throw new Error("the shared data is not there: name folders with --data");
    const findings: Finding[] = [];
    const scenes: DiscordCase[] = [];
    const tell = (finding: Finding): void => {
      findings.push(finding);
      const { problem } = finding;
      const line = `${problem === null ? "ok  " : "FAIL"} ${finding.case}: ${finding.what}`;
      process.stdout.write(`${line}${problem === null ? "" : ` — ${problem}`}\n`);
    };
    const extractor = createExtractor(systemClock);
    try {
      for (const place of placesOf(folders, options.set.only ?? "")) {
        options.progress(place.name);
        const { checks } = (await Bun.file(join(place.folder, "case.json")).json()) as { checks: readonly Check[] };
        for (const check of checks) {
          if (check.kind === "discord") {
            if (options.set.discord !== "off") scenes.push({ case: place.name, check });
          } else for (const finding of await checkOne(place, check, extractor)) tell(finding);
        }
      }
    } finally {
      extractor.close();
    }
    if (scenes.length > 0) await checkDiscord(scenes, tell);
    if (findings.length === 0) throw new Error("there is no case in these folders");
    const held = findings.filter(({ problem }) => problem === null).length;
    return {
      results: [result("checks", "count", findings.length), result("checks that hold", "count", held)],
      goals: [
        {
          name: "goals",
          goal: "all",
          value: held / findings.length,
          met: held === findings.length,
        },
      ],
    };
  },
};

async function checkOne(
  place: Place,
  check: Exclude<Check, { kind: "discord" }>,
  extractor: ReturnType<typeof createExtractor>,
): Promise<readonly Finding[]> {
  try {
    switch (check.kind) {
      case "extract":
      case "passages":
        return [await checkFile(place, check, extractor)];
      case "retrieve":
        return await checkRanking(place, check);
      case "quote":
        return await checkQuotes(place, check);
      case "split":
        return [await checkSplit(place, check)];
      case "crawl":
        return [await checkCrawl(place, check)];
    }
  } catch (error) {
    return [{ case: place.name, what: check.kind, problem: `threw ${error}` }];
  }
}

function placesOf(folders: readonly string[], only: string): readonly Place[] {
  return folders.flatMap((folder) =>
    [".", ...readdirSync(folder).sort()]
      .filter((name) => existsSync(join(folder, name, "case.json")))
      .map((name) => ({ name: name === "." ? folder : name, folder: join(folder, name), clock: systemClock }))
      .filter(({ name }) => name.includes(only)),
  );
}
