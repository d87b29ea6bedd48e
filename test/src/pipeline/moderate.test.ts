/** Moderation on a message's way: what it acts on goes no further, what it only writes down does. */
import { describe, expect, test } from "bun:test";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createLogger } from "../../../src/logger.ts";
import { guildSettingsSchema } from "../../../src/settings/form.ts";
import { APPLICATION, BOT, guildPayload, mention, message, messagePayload } from "../../support/build.ts";
import { settled } from "../../support/doubles.ts";
import { freshProcess, openHouse } from "../../support/house.ts";

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };
const moderation = (fields: object) =>
  guildSettingsSchema.shape.moderation.parse({ on: true, filter: { words: ["blorb"] }, ...fields });

describe("moderation on a message's way", () => {
  /** What the store says of a case: that another process planned it, and what became of it. */
  const already = (state: string) => async () => [{ case: { state }, fresh: false }];
  const fails = () => Promise.reject(new Error("a bug"));

  async function moderated(plan: () => Promise<unknown>, fields: object = {}, llm = createScripted(ANSWER)) {
    const house = await openHouse({ llm, settings: { moderation: moderation(fields) } });
    Object.assign(house.store, { cases: { strikes: async () => [], plan } });
    const logged: { readonly msg: string; readonly error: unknown }[] = [];
    const write = (line: string) => void logged.push(JSON.parse(line));
    const logger = createLogger({ level: "error", format: "json", write });
    const { pipeline, hear } = freshProcess(house, { self: () => BOT }, { logger });
    await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload());
    return { ...house, pipeline, hear, logged };
  }
  const rude = () => mention("How do I pair a blorb sensor?");

  test("what it acted on is not answered", async () => {
    const { hear, discord } = await moderated(already("applied"));
    expect(await hear(rude())).toMatchObject({ kind: "moderated", reason: "acted" });
    expect(discord.sent).toHaveLength(0);
  });

  test("what it only wrote down is answered", async () => {
    const { hear, discord } = await moderated(already("dry-run"));
    expect(await hear(rude())).toMatchObject({ kind: "answered", reason: "mentioned" });
    expect(discord.sent).toHaveLength(1);
  });

  test("what it finds nothing in goes on at once", async () => {
    const { hear } = await moderated(already("applied"));
    expect(hear(message({ content: "good morning" }))).toMatchObject({ kind: "silent", reason: "not-mentioned" });
  });

  test("what it fails to look at fails", async () => {
    const { hear, discord } = await moderated(fails);
    expect(await hear(rude())).toMatchObject({ kind: "failed", reason: "bug" });
    expect(discord.sent).toHaveLength(0);
  });

  test("what it fails to look at beside messages is told to the log", async () => {
    const { pipeline, logged } = await moderated(fails);
    const edited_timestamp = "2026-01-01T12:00:01.000Z";
    void pipeline.observe(APPLICATION, "MESSAGE_UPDATE", messagePayload({ content: "a blorb", edited_timestamp }));
    await settled();
    expect(logged).toMatchObject([{ msg: "event-unmoderated", error: expect.anything() }]);
  });

  test("what waits for its verdict is asked of the model when the worker drains", async () => {
    const rules = [{ n: 1, text: "Be kind.", action: "timeout", on: true, kind: null }];
    const clean = { message: 1, rule: 0, category: "none", severity: "none", confidence: 1, reason: "" } as const;
    const llm = createScripted({ verdicts: [clean] }, ANSWER);
    const { pipeline, hear } = await moderated(already("applied"), { thorough: true, rules }, llm);
    const done = hear(mention("How do I pair a sensor with the hub button?"));
    await settled();
    expect(llm.asked).toHaveLength(0);
    await pipeline.drain(10_000);
    expect(await done).toMatchObject({ kind: "answered" });
  });
});
