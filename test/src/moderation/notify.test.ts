/** Who hears of a case, and how often. */
import { expect, test } from "bun:test";
import type { Discord } from "../../../src/discord.ts";
import type { MessageId } from "../../../src/ids.ts";
import { createTell } from "../../../src/moderation/notify.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import type { GuildRow } from "../../../src/store/ports/guilds.ts";
import type { CaseRow } from "../../../src/store/ports/moderation.ts";
import { APPLICATION, CHANNEL, GUILD, MEMBER } from "../../support/build.ts";
import { createBusDouble, createClock, silentLogger } from "../../support/doubles.ts";

const ROW = { guild: GUILD, name: "Lumen", settings: defaultSettings } as GuildRow;

function deleted(n: number): CaseRow {
  return {
    ...{ id: `c${n}`, guild: GUILD, number: n, key: `${n}`, channel: CHANNEL, channelName: "help" },
    ...{ message: `${n}` as MessageId, author: MEMBER, authorName: "Ada", atMs: 0, evidence: "x", context: [] },
    ...{ redacted: false, rule: null, plan: { acts: ["delete"], held: [] }, action: "delete", state: "applied" },
    ...{ problem: null, undoneBy: null, wrong: false, updatedAtMs: 0 },
    verdict: {
      ...{ source: "certain", signals: [], category: "spam", severity: "medium", confidence: 1 },
      ...{ reason: "", model: null, costUsd: 0 },
    },
  } as CaseRow;
}

test("of what somebody does within a minute they hear once, wherever on the clock that minute begins", async () => {
  const clock = createClock();
  const written: number[] = [];
  const discord = {
    application: APPLICATION,
    messages: {
      direct: async () => CHANNEL,
      send: async () => {
        written.push(clock.now());
        return "1" as MessageId;
      },
    },
  } as unknown as Discord;
  const tell = createTell({ clock, logger: silentLogger, bus: createBusDouble(), publicUrl: null });
  const startMs = Math.ceil(clock.now() / 60_000) * 60_000 - 1_000;
  await clock.advance(startMs - clock.now());
  for (let n = 1; n <= 4; n++) {
    await tell(deleted(n), { discord }, ROW, "after");
    await clock.advance(19_000);
  }
  expect(written).toEqual([startMs]);
  await tell(deleted(5), { discord }, ROW, "after");
  expect(written).toHaveLength(2);
});
