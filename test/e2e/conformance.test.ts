/**
 * Every request of a rich session, held against Discord's own description of its HTTP API: nothing unknown, nothing out of
 * bounds, nothing over 2,000 characters, and no message without a nonce or without allowed_mentions.
 */
import { expect, setDefaultTimeout } from "bun:test";
import type { Entry } from "../../bench/simulator/ledger.ts";
import { checkLedger, checkRequest, loadSpec, type Spec } from "../../bench/simulator/openapi.ts";
import { createThread } from "../../bench/simulator/world/open-thread.ts";
import type { Channel, Guild, Interaction } from "../../bench/simulator/world.ts";
import { shared } from "../support/shared.ts";
import { live, openStage, page, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(90_000);

type Request = Extract<Entry, { kind: "request" }>;

const { file: DESCRIPTION, describe, test, beforeAll, afterAll } = shared("discord/openapi.json");

const KETTLE = page(
  "Resetting the kettle",
  "https://docs.example/kettle",
  "Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.",
);

/** Passages' words only, as an answer's support is checked, and too much for one message. */
const LONG = [
  "Hold the copper button for seven seconds until the lid blinks green [1].",
  `\`\`\`sh\n${"# hold the copper button until the lid blinks green\n".repeat(60)}\`\`\``,
  "The kettle then forgets its network [1].",
].join("\n\n");

describe("requests", () => {
  let stage: Stage;
  let spec: Spec;
  let guild: Guild;
  let channel: Channel;
  let ada: string;
  let origin = "";

  beforeAll(async () => {
    spec = await loadSpec(DESCRIPTION);
    stage = await openStage("conformance");
    const { simulator } = stage;
    ({ guild, channel } = simulator.actions.createGuild({ name: "Kettles" }));
    ada = simulator.actions.addMember(guild.id, { username: "ada" }).userId;
    ({ origin } = await live(stage.gatehouse(["all"])));
    await stage.teach(guild.id, { "kettle.md": KETTLE });
  });
  afterAll(() => stage?.close());

  const requests = (): Request[] =>
    stage.simulator.services.ledger
      .list({ kind: "request" })
      .flatMap((entry) => (entry.kind === "request" ? entry : []));

  /** Settles when what a command led to can be read; its text. */
  async function answerTo(interaction: Interaction): Promise<string> {
    expect(interaction.failure).toBeUndefined();
    const where = stage.simulator.world.channels.get(interaction.channelId);
    return await until(() => {
      if (interaction.state !== "answered") return undefined;
      return where?.messages.get(interaction.originalId ?? "")?.content;
    }, 60_000);
  }

  const ask = (question: string, more: { private?: boolean } = {}) =>
    stage.simulator.actions.command({
      userId: ada,
      channelId: channel.id,
      name: "ask",
      options: { question, ...more },
    });

  describe("what the bot says", () => {
    test("short, long, in a thread and in a direct message, is answered", async () => {
      const { simulator, groq } = stage;
      const [short] = await stage.ask({
        channelId: channel.id,
        userId: ada,
        content: "{bot} how do I reset the kettle?",
      });
      expect(short?.content).toContain("seven seconds");

      groq.script(() => ({ known: true, answer: LONG, used: [1], wants_human: false }));
      const long = await stage.ask({
        channelId: channel.id,
        userId: ada,
        content: "{bot} how do I reset the kettle, in all detail?",
        count: 2,
      });
      groq.script();
      expect(long.length).toBeGreaterThanOrEqual(2);

      const thread = createThread(simulator.world, {
        parent: channel,
        ownerId: simulator.bots[0]?.userId ?? "",
        name: "Kettles, continued",
      });
      const [threaded] = await stage.ask({ channelId: thread.id, userId: ada, content: "how do I reset the kettle?" });
      expect(threaded?.content).toContain("seven seconds");

      const direct = simulator.actions.direct({ userId: ada, content: "how do I reset the kettle?" });
      const [inPrivate] = await simulator.actions.messages({
        channelId: direct.channelId,
        after: direct.id,
        author: "bot",
        ms: 20_000,
      });
      expect(inPrivate?.content).toContain("seven seconds");

      const [unknown] = await stage.ask({
        channelId: channel.id,
        userId: ada,
        content: "{bot} who won the cup in 1966?",
      });
      expect(unknown?.content).toBe("I couldn't find that in this server's knowledge base.");
    });

    test("to commands over the gateway is answered, in public, in private and about a message", async () => {
      const { simulator } = stage;
      const application = simulator.world.applications.get(simulator.bots[0]?.applicationId ?? "");
      await until(() => (application?.commands.size ?? 0) > 0, 15_000);
      expect([...(application?.commands.values() ?? [])].map(({ name }) => name).sort()).toEqual([
        "Ask AI about this",
        "Report to moderators",
        "ask",
        "forget",
        "privacy",
      ]);
      expect(await answerTo(await ask("how do I reset the kettle?"))).toContain("seven seconds");
      const hidden = await ask("how do I reset the kettle?", { private: true });
      expect(await answerTo(hidden)).toContain("seven seconds");
      expect(hidden.ephemeral).toBe(true);

      const said = simulator.actions.say({ channelId: channel.id, userId: ada, content: "how do I reset the kettle" });
      const about = await simulator.actions.command({
        userId: ada,
        channelId: channel.id,
        name: "Ask AI about this",
        targetId: said.id,
      });
      expect(await answerTo(about)).toContain("seven seconds");
      const forgot = await simulator.actions.command({ userId: ada, channelId: channel.id, name: "forget" });
      await answerTo(forgot);
    });

    test("over the limit by a command goes on in follow-ups", async () => {
      stage.groq.script(() => ({ known: true, answer: LONG, used: [1], wants_human: false }));
      const long = await ask("how do I reset the kettle, in all detail?");
      await answerTo(long);
      await until(() => long.messageIds.length >= 2, 15_000);
      stage.groq.script();
    });

    test("has buttons whose use is recorded", async () => {
      const { simulator, database } = stage;
      const [answer] = await stage.ask({
        channelId: channel.id,
        userId: ada,
        content: "{bot} how is the kettle reset?",
      });
      const [row] = (answer?.components ?? []) as { components: { custom_id: string }[] }[];
      const [up] = row?.components ?? [];
      expect(up?.custom_id).toStartWith("feedback:up");
      const kept = (where: string) =>
        until(async () => {
          const rows = await database.admin.unsafe(`select 1 from turns where message_id = '${answer?.id}' ${where}`);
          return rows.length === 1;
        }, 60_000);
      await kept("");
      const used = await simulator.actions.component({
        userId: ada,
        channelId: channel.id,
        messageId: answer?.id ?? "",
        customId: up?.custom_id ?? "",
      });
      expect(used.failure).toBeUndefined();
      await kept("and feedback = 'up'");
    });
  });

  test("the doctor asks only what there is to ask", async () => {
    const before = requests().length;
    const { stdout, code } = await stage.finished(["doctor", "--json", "--guild", guild.id]);
    expect(code).toBeLessThan(2);
    const findings = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { check: string; state: string });
    expect(findings).toContainEqual(expect.objectContaining({ check: "commands", state: "ok" }));
    expect(requests().length).toBeGreaterThan(before);
  });

  test("commands come over the endpoint as well", async () => {
    const { simulator } = stage;
    const url = `${origin}/discord/webhook`;
    const verified = await fetch(`${simulator.controlUrl}/bots/${simulator.bots[0]?.applicationId}/verify-endpoint`, {
      method: "POST",
      body: JSON.stringify({ url }),
    });
    expect(await verified.json()).toMatchObject({ verified: true });
    const application = simulator.world.applications.get(simulator.bots[0]?.applicationId ?? "");
    if (application === undefined) throw new Error("no application");
    application.interactionsEndpointUrl = url;
    try {
      const interaction = await ask("how do I reset the kettle?");
      expect(interaction.delivery).toBe("endpoint");
      expect(await answerTo(interaction)).toContain("seven seconds");
      // The answer to a delivery has the form of an interaction's callback.
      const deliveries = simulator.services.ledger
        .list({ kind: "delivery" })
        .flatMap((entry) => (entry.kind === "delivery" && entry.signature === "good" ? entry : []));
      const path = "/interactions/1/token/callback";
      expect(deliveries.flatMap(({ answer }) => checkRequest(spec, { method: "POST", path, body: answer }))).toEqual(
        [],
      );
    } finally {
      application.interactionsEndpointUrl = null;
    }
  });

  describe("its requests", () => {
    test("are all in Discord's description, with nothing that is not", () => {
      expect(requests().length).toBeGreaterThan(20);
      expect(checkLedger(spec, requests())).toEqual([]);
      expect(requests().filter(({ status }) => status >= 400)).toEqual([]);
    });

    test("for a message carry a nonce that is enforced, ping nobody unasked, and stay within 2,000 characters", () => {
      const messages = requests().filter(
        ({ method, route }) => method === "POST" && route === "/channels/:channel/messages",
      );
      expect(messages.length).toBeGreaterThan(6);
      for (const { body } of messages) {
        const sent = body as Record<string, unknown>;
        expect(sent).toMatchObject({ enforce_nonce: true, allowed_mentions: { parse: [] } });
        expect(String(sent.nonce)).toMatch(/^.{1,25}$/);
        expect(String(sent.content).length).toBeWithin(1, 2_001);
      }
    });

    test("for an interaction's messages ping nobody either", () => {
      const messages = requests().filter(
        ({ method, route }) => ["POST", "PATCH"].includes(method) && route?.startsWith("/webhooks/"),
      );
      expect(messages.length).toBeGreaterThan(4);
      for (const { body } of messages) {
        expect(body).toMatchObject({ allowed_mentions: { parse: [] } });
        expect(String((body as Record<string, unknown>).content).length).toBeWithin(1, 2_001);
      }
    });

    test("show that it types before it answers", () => {
      const typed = requests().findIndex(({ route }) => route === "/channels/:channel/typing");
      const sent = requests().findIndex(
        ({ route, method }) => method === "POST" && route === "/channels/:channel/messages",
      );
      expect(typed).toBeWithin(0, sent);
    });
  });
});
