import { describe, expect, test } from "bun:test";
import type { ApplicationId, ChannelId, GuildId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createPipeline } from "../../../src/pipeline.ts";
import { defaultSettings, type GuildSettings } from "../../../src/settings/form.ts";
import { APPLICATION, BOT, BOT_ROLE, CHANNEL, GUILD, guildPayload, mention, snowflake } from "../../support/build.ts";
import { settled } from "../../support/doubles.ts";
import { openHouse } from "../../support/house.ts";

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };
const ELSEWHERE = "200000000000000099" as ChannelId;

const open = (settings: Partial<GuildSettings> = {}) => openHouse({ llm: createScripted(ANSWER), settings });
const override = (mode: "off" | "ask" | "mention" | "all") => ({ channels: { [ELSEWHERE]: { mode } } });

describe("what is read of a guild", () => {
  test.each([
    ["mention", {}, false],
    ["ask", {}, false],
    ["off", {}, false],
    ["all", {}, true],
    ["mention, and all in one channel", override("all"), true],
    ["ask, and all in one channel", { mode: "ask" as const, ...override("all") }, true],
    ["all, and off in one channel", { mode: "all" as const, ...override("off") }, true],
    ["mention, and ask in one channel", override("ask"), false],
  ])("%s", async (name, settings, everything) => {
    const mode = name.split(",")[0] as GuildSettings["mode"];
    const { pipeline } = await open({ mode, ...settings });
    const interest = pipeline.interest(APPLICATION, GUILD);
    expect([interest.everything, interest.active(CHANNEL)]).toEqual([everything, everything]);
    // Nobody moderates along: these messages give way first under load.
    expect(interest.moderated).toBe(everything ? false : (undefined as never));
  });

  test("everything where moderation reads along, and it does not give way", async () => {
    const { pipeline } = await open({ moderation: { ...defaultSettings.moderation, on: true } });
    expect(pipeline.interest(APPLICATION, GUILD)).toMatchObject({ everything: true });
    expect(pipeline.interest(APPLICATION, GUILD).moderated).toBeUndefined();
  });

  test("mentions of the bot and its role, and channels where it lately spoke or whose thread it opened", async () => {
    const { pipeline, handle, clock } = await open();
    const before = pipeline.interest(APPLICATION, GUILD);
    expect(before.needles).toEqual([BOT.userId, BOT_ROLE]);
    expect(before.active(CHANNEL)).toBe(false);
    await handle(mention("How do I pair a sensor?"));
    expect([before.active(CHANNEL), before.active(ELSEWHERE)]).toEqual([true, false]);
    await clock.advance(3_600_000);
    expect(before.active(CHANNEL)).toBe(false);
    const thread = snowflake() as ChannelId;
    const opened = { id: thread, guild_id: GUILD, type: 11, parent_id: CHANNEL, name: "t", owner_id: BOT.userId };
    await pipeline.observe(APPLICATION, "THREAD_CREATE", opened);
    expect(before.active(thread)).toBe(true);
  });

  test("mentions of the bot alone where its role is not known", async () => {
    const { pipeline } = await open();
    await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload({ roles: [] }));
    await settled();
    expect(pipeline.interest(APPLICATION, GUILD).needles).toEqual([BOT.userId]);
  });

  test("nothing where only /ask answers, and where the bot is off, but what a member says to an agent who holds the talk", async () => {
    for (const mode of ["ask", "off"] as const) {
      const { pipeline } = await open({ mode });
      const interest = pipeline.interest(APPLICATION, GUILD);
      expect([interest.needles, interest.active(CHANNEL)]).toEqual([[], false]);
    }
  });

  test("the same answer while nothing changes, and a new one at once when the settings do", async () => {
    const { pipeline, store, bus } = await open();
    const before = pipeline.interest(APPLICATION, GUILD);
    expect(pipeline.interest(APPLICATION, GUILD)).toBe(before);
    store.configure(GUILD, { mode: "all" });
    await bus.publish({ type: "guild-changed", guild: GUILD });
    await settled();
    expect(pipeline.interest(APPLICATION, GUILD).everything).toBe(true);
  });

  test("nothing by a bot of ours that is not the guild's own", async () => {
    const { pipeline } = await open();
    const other = pipeline.interest("900" as ApplicationId, GUILD);
    expect([other.everything, other.needles, other.active(CHANNEL)]).toEqual([false, [], false]);
  });

  test("everything of a guild that is not known yet, of direct messages, and before the bot knows who it is", async () => {
    const { pipeline, services } = await open();
    expect(pipeline.interest(APPLICATION, "12345" as GuildId).everything).toBe(true);
    expect(pipeline.interest(APPLICATION, null).everything).toBe(true);
    expect(createPipeline(services).interest(APPLICATION, GUILD).everything).toBe(true);
  });
});
