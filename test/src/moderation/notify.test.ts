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

test("neither the member nor the moderators are told of an act that Discord refused", async () => {
  const written: string[] = [];
  const discord = {
    application: APPLICATION,
    messages: {
      direct: async () => CHANNEL,
      send: async (_: unknown, { content }: { readonly content: string }) => {
        written.push(content);
        return "1" as MessageId;
      },
    },
  } as unknown as Discord;
  const tell = createTell({ clock: createClock(), logger: silentLogger, bus: createBusDouble(), publicUrl: null });
  const moderation = { ...defaultSettings.moderation, logChannel: CHANNEL };
  const row = { ...ROW, settings: { ...defaultSettings, moderation } } as GuildRow;
  const plan = { acts: ["delete", "timeout"], held: [], timeoutUntilMs: 0 } as const;
  await tell({ ...deleted(9), plan, action: "timeout", problem: "timeout: forbidden" }, { discord }, row, "after");
  const [direct, log] = written;
  expect(direct).toContain("removed");
  expect(direct).not.toContain("<t:");
  expect(log).toStartWith("**Case 9** · delete · done");
  expect(log).toContain("Time out: failed");
});
