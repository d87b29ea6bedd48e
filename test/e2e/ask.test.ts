/**
 * /ask, "Ask AI about this", /forget and the buttons, over real sockets, twice: over the gateway, and over the interactions
 * endpoint with `gatehouse web` alone and no gateway process at all. A member sees no difference.
 */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type FaultProxy, startFaultProxy } from "../../bench/simulator/fault-proxy.ts";
import type { Channel, Guild, Interaction, Message } from "../../bench/simulator/world.ts";
import { commands } from "../../src/ask/commands.ts";
import type { Started } from "../support/process.ts";
import { type Admin, live, openStage, page, type Stage, signIn } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(90_000);

/** What Discord gives for the first response. */
const RESPONSE_MS_MAX = 3_000;
const ORIGINAL = "/webhooks/:webhook/:token/messages/:message";
const FOLLOW_UP = "/webhooks/:webhook/:token";
const TRY_AGAIN = "Something went wrong on my side. Please try again in a minute.";
const QUESTION = "How do I reset the kettle?";
const KETTLE = page(
  "Resetting the kettle",
  "https://docs.example/kettle",
  "Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.",
);
/** Passages' words only, as an answer's support is checked; each paragraph is a word longer than the one before. */
const PARAGRAPHS = Array.from({ length: 40 }, (_, n) => `Hold the copper button: ${"green ".repeat(n)}[1]`);
const LONG = { known: true, answer: PARAGRAPHS.join("\n\n"), used: [1], wants_human: false };

type Way = {
  readonly name: string;
  /** Starts what serves the commands and settles when it can be asked. */
  readonly start: (stage: Stage, database: string) => Promise<{ readonly process: Started; readonly origin: string }>;
};

const GATEWAY: Way = {
  name: "over the gateway",
  async start(stage, database) {
    const process = stage.gatehouse(["all"], { DATABASE_URL: database });
    return { process, ...(await live(process)) };
  },
};

const ENDPOINT: Way = {
  name: "over the endpoint, with no gateway process",
  async start(stage, database) {
    const process = stage.gatehouse(["web"], { DATABASE_URL: database });
    const [, url = ""] = await process.printed(/Dashboard: (http\S+)/);
    const { origin } = new URL(url);
    // The key by which it knows Discord is asked for while the dashboard already answers.
    await until(async () => (await registerEndpoint(stage, `${origin}/discord/webhook`)).ok, 20_000);
    return { process, origin };
  },
};

/** As "Save" in the Developer Portal: Discord asks with a right and a wrong signature first. */
function registerEndpoint(stage: Stage, url: string, bot = stage.simulator.bots[0]): Promise<Response> {
  return fetch(`${stage.simulator.api}/v10/applications/@me`, {
    method: "PATCH",
    headers: { authorization: `Bot ${bot?.token}`, "content-type": "application/json" },
    body: JSON.stringify({ interactions_endpoint_url: url }),
  });
}

for (const way of [GATEWAY, ENDPOINT]) {
  describe(way.name, () => {
    let stage: Stage;
    let database: FaultProxy;
    let guild: Guild;
    let channel: Channel;
    let ada: string;
    let served: Started;
    let origin: string;
    let admin: Admin;

    beforeAll(async () => {
      stage = await openStage("ask", { simulator: { bots: 2 } });
      const { actions } = stage.simulator;
      ({ guild, channel } = actions.createGuild({ name: "Kettles" }));
      ada = actions.addMember(guild.id, { username: "ada" }).userId;
      const { hostname, port } = new URL(stage.database.url);
      database = await startFaultProxy({ target: { host: hostname, port: Number(port || 5432) } });
      // An admin's own bot, kept before anything starts.
      expect((await stage.finished(["migrate"])).code).toBe(0);
      const [, custom] = stage.simulator.bots;
      await rows(`insert into bots (application_id, shared, public_key, name, updated_at)
        values ('${custom?.applicationId}', false, '${custom?.publicKey}', 'Lumi', now())`);
      ({ process: served, origin } = await way.start(stage, database.urlFor(stage.database.url)));
      admin = await signIn(served);
      await registered();
      await stage.teach(guild.id, { "kettle.md": KETTLE });
      // Known by GUILD_CREATE, or by its first command where nobody announced it.
      await ended(await ask(QUESTION));
    });
    afterEach(() => {
      stage.groq.script();
      stage.groq.faults.clear();
      stage.simulator.services.faults.clear();
    });
    afterAll(async () => {
      await stage?.close();
      await database?.stop();
    });

    const application = () => stage.simulator.world.applications.get(stage.simulator.bots[0]?.applicationId ?? "");
    const registered = () => until(() => (application()?.commands.size ?? 0) === commands.length, 20_000);
    const said = (id: string | undefined): Message | undefined => channel.messages.get(id ?? "");
    const textsOf = (interaction: Interaction) => interaction.messageIds.map((id) => said(id)?.content ?? "");
    const posted = (route: string, method: string, after = 0) =>
      stage.simulator.services.ledger.list({ kind: "request", route, method, after });
    const now = () => stage.simulator.services.ledger.list().at(-1)?.n ?? 0;

    function ask(question: string, more: { readonly private?: boolean; readonly userId?: string } = {}) {
      const { userId = ada, ...options } = more;
      return stage.simulator.actions.command({
        userId,
        channelId: channel.id,
        name: "ask",
        options: { question, ...options },
      });
    }

    /** The original response once it is more than "is thinking…". */
    async function ended(interaction: Interaction): Promise<Message> {
      expect(interaction.failure).toBeUndefined();
      expect(interaction.ackMs ?? Number.POSITIVE_INFINITY).toBeLessThan(RESPONSE_MS_MAX);
      return await until(() => (interaction.state === "answered" ? said(interaction.originalId) : undefined), 20_000);
    }

    const rows = (query: string) => stage.database.admin.unsafe(query) as Promise<Record<string, unknown>[]>;

    test("the commands are told to Discord once, in English and Turkish, and not again at the next start", async () => {
      const route = "/applications/:application/commands";
      const puts = () => posted(route, "PUT").length;
      expect(puts()).toBe(1);
      const names = [...(application()?.commands.values() ?? [])].map(({ body }) => body);
      expect(names.map((body) => (body.name_localizations as { tr?: string } | null)?.tr).sort()).toEqual([
        "Bunu yapay zekâya sor",
        "Moderatörlere bildir",
        "gizlilik",
        "sor",
        "unut",
      ]);

      const before = now();
      const again = stage.gatehouse(["web"]);
      await again.printed(/Dashboard/);
      // The bot asked who it is, and had nothing to tell.
      await until(() => posted("/applications/@me", "GET", before).length > 0, 20_000);
      again.kill("SIGTERM");
      expect(await again.exited).toBe(0);
      expect(puts()).toBe(1);
    });

    test("/ask is deferred, answered by an edit with its source, and kept", async () => {
      const interaction = await ask(QUESTION);
      expect(interaction.delivery).toBe(way === GATEWAY ? "gateway" : "endpoint");
      expect(interaction.response).toMatchObject({ type: 5 });
      const answer = await ended(interaction);
      expect(answer.content).toContain("seven seconds");
      expect(answer.content).toContain("https://docs.example/kettle");
      expect(interaction.ephemeral).toBe(false);
      expect(interaction.messageIds).toHaveLength(1);
      const [turn] = await until(async () => {
        const found = await rows(`select outcome, sources from turns where message_id = '${answer.id}'`);
        return found.length > 0 ? found : undefined;
      });
      expect(turn).toMatchObject({
        outcome: { kind: "answered", reason: "ask" },
        sources: [{ title: "Resetting the kettle" }],
      });
      if (way === ENDPOINT) {
        expect(stage.simulator.services.gateway.connections.size).toBe(0);
        expect(stage.simulator.services.ledger.list({ kind: "gateway" })).toEqual([]);
      }
    });

    test("a long answer goes on in follow-ups, in order, the buttons under the last", async () => {
      stage.groq.script(() => LONG);
      const interaction = await ask("How do I reset the kettle, in all detail?", { private: true });
      await ended(interaction);
      const texts = await until(() => {
        const all = textsOf(interaction);
        return all.at(-1)?.includes("Sources") ? all : undefined;
      }, 60_000);
      expect(texts.length).toBeGreaterThanOrEqual(3);
      expect(texts.every((text) => text.length <= 2_000)).toBe(true);
      const paragraphs = texts.join("\n\n").split("\n\n");
      const [first = "", ...later] = PARAGRAPHS.map((text) => text.trim());
      expect(paragraphs.slice(0, PARAGRAPHS.length)).toEqual([
        `> How do I reset the kettle, in all detail?\n${first}`,
        ...later,
      ]);
      expect(interaction.messageIds.map((id) => said(id)?.ephemeralFor)).toEqual(texts.map(() => ada));
      expect(interaction.messageIds.map((id) => (said(id)?.components.length ?? 0) > 0)).toEqual(
        texts.map((_, n) => n === texts.length - 1),
      );
    });

    test("in private only the asker sees it", async () => {
      const interaction = await ask(QUESTION, { private: true });
      const answer = await ended(interaction);
      expect(answer.content).toContain("seven seconds");
      expect([interaction.ephemeral, answer.ephemeralFor]).toEqual([true, ada]);
    });

    test("what the knowledge base does not hold is said in one line, in the asker's language", async () => {
      expect((await ended(await ask("Peru'nun başkenti neresidir?"))).content).toBe(
        "> Peru'nun başkenti neresidir?\nBunu bu sunucunun bilgi tabanında bulamadım.",
      );
    });

    test("the context menu answers the message that it was used on", async () => {
      const other = stage.simulator.actions.addMember(guild.id, { username: `grace-${way.name.length}` }).userId;
      const message = stage.simulator.actions.say({
        channelId: channel.id,
        userId: other,
        content: "no idea how to reset the kettle",
      });
      const interaction = await stage.simulator.actions.command({
        userId: ada,
        channelId: channel.id,
        name: "Ask AI about this",
        targetId: message.id,
      });
      expect((await ended(interaction)).content).toContain("seven seconds");
    });

    test("the buttons under an answer are recorded, the last press counts", async () => {
      const answer = await ended(await ask(QUESTION));
      const feedback = async () =>
        (await rows(`select feedback from turns where message_id = '${answer.id}'`))[0]?.feedback;
      await until(async () => (await feedback()) === null, 10_000);
      const [row] = answer.components as { components: { custom_id: string }[] }[];
      for (const [place, value] of (["up", "down"] as const).entries()) {
        const pressed = await stage.simulator.actions.component({
          userId: ada,
          channelId: channel.id,
          messageId: answer.id,
          customId: row?.components[place]?.custom_id ?? "",
        });
        expect(pressed.failure).toBeUndefined();
        expect(pressed.ephemeral).toBe(true);
        await until(async () => (await feedback()) === value, 10_000);
      }
      expect(answer.content).toContain("seven seconds");
    });

    test("a follow-up is understood, until /forget", async () => {
      const eve = stage.simulator.actions.addMember(guild.id, { username: `eve-${way.name.length}` }).userId;
      // Nobody has asked this before: its answer is the model's.
      const question = `How do I reset the kettle that I use ${way.name}?`;
      const history = () => {
        const { messages } = (stage.groq.requests.at(-1)?.body ?? {}) as { messages?: { content: string }[] };
        return (JSON.parse(messages?.at(-1)?.content ?? "{}") as { history?: unknown[] }).history ?? [];
      };
      await ended(await ask(question, { userId: eve }));
      expect(history()).toEqual([]);
      // What was said is remembered after the edit.
      await until(async () => {
        await ended(await ask(question, { userId: eve }));
        return history().length > 0;
      }, 60_000);

      const forgot = await stage.simulator.actions.command({ userId: eve, channelId: channel.id, name: "forget" });
      expect((await ended(forgot)).content).toContain("I have forgotten");
      expect(forgot.ephemeral).toBe(true);
      await ended(await ask(question, { userId: eve }));
      expect(history()).toEqual([]);
    });

    describe("after a fault", () => {
      test("of Groq the knowledge base is quoted", async () => {
        stage.groq.faults.add({ fault: { kind: "status", status: 503 } });
        const answer = await ended(await ask(QUESTION, { private: true }));
        expect(answer.content).toContain("seven seconds");
        expect(answer.content).toContain("https://docs.example/kettle");
      });

      test("of Groq that never ends the answer still comes in time", async () => {
        stage.groq.faults.add({ fault: { kind: "stall", at: "after-headers" } });
        const startedMs = performance.now();
        const answer = await ended(await ask(QUESTION, { private: true }));
        expect(answer.content).toContain("seven seconds");
        expect(performance.now() - startedMs).toBeLessThan(13_000);
      });

      test("of Discord an edit is tried again, and the answer is there once", async () => {
        const { faults } = stage.simulator.services;
        faults.add({ target: "rest", kind: "lost-reply", method: "PATCH", route: ORIGINAL, times: 1 });
        const interaction = await ask(QUESTION);
        const answer = await ended(interaction);
        expect(answer.content).toContain("seven seconds");
        expect(interaction.messageIds).toHaveLength(1);
        expect(faults.list().every(({ struck }) => struck === 1)).toBe(true);
      });

      test("of Discord a follow-up whose reply was lost is not sent twice: the original says to try again", async () => {
        const { faults } = stage.simulator.services;
        stage.groq.script(() => LONG);
        faults.add({ target: "rest", kind: "lost-reply", method: "POST", route: FOLLOW_UP, times: 1 });
        const before = now();
        const interaction = await ask("How do I reset the kettle, step by step?", { private: true });
        await until(() => said(interaction.originalId)?.content === TRY_AGAIN, 20_000);
        expect(posted(FOLLOW_UP, "POST", before)).toHaveLength(1);
      });

      test("of the database the member is told to try again, and then it works", async () => {
        await database.set({ kind: "refuse" }, { kind: "reset" });
        const interaction = await ask(QUESTION, { private: true });
        expect((await ended(interaction)).content).toBe(TRY_AGAIN);
        await database.clear();
        await until(async () => (await ended(await ask(QUESTION, { private: true }))).content !== TRY_AGAIN, 30_000);
      });
    });

    test("where the bot is off, it says so in private", async () => {
      await admin.settings(guild.id, { mode: "off" });
      // In force everywhere within a second.
      const interaction = await until(async () => {
        const asked = await ask(QUESTION);
        return asked.response?.type === 4 ? asked : undefined;
      }, 3_000);
      expect([interaction.ephemeral, said(interaction.originalId)?.content]).toEqual([
        true,
        "I'm switched off in this channel.",
      ]);
      await admin.settings(guild.id, { mode: "ask" });
      await until(async () => (await ask(QUESTION)).response?.type === 5, 3_000);
    });

    if (way === ENDPOINT) {
      test("an endpoint that takes wrong signatures would lose its address: ours keeps it", async () => {
        const wrong = await fetch(`${stage.simulator.controlUrl}/bots/${application()?.id}/verify-endpoint`, {
          method: "POST",
          body: JSON.stringify({ url: `${origin}/discord/webhook` }),
        });
        expect(await wrong.json()).toMatchObject({ verified: true });
        const signed = stage.simulator.services.ledger
          .list({ kind: "delivery" })
          .flatMap((entry) => (entry.kind === "delivery" ? entry : []));
        expect(signed.filter(({ signature }) => signature === "bad").map(({ status }) => status)).not.toContain(200);
        expect(signed.filter(({ signature }) => signature === "bad").length).toBeGreaterThan(1);
        expect(application()?.interactionsEndpointUrl).toBe(`${origin}/discord/webhook`);
      });

      test("a custom bot answers at an address of its own, by its own key", async () => {
        const { simulator } = stage;
        const [, custom] = simulator.bots;
        if (custom === undefined) throw new Error("no second bot");
        const own = simulator.actions.createGuild({ name: "Own bot", bots: [custom.applicationId] });
        const member = simulator.actions.addMember(own.guild.id, { username: "linus" }).userId;
        const address = `${origin}/discord/webhook/${custom.applicationId}`;
        expect((await registerEndpoint(stage, address, custom)).status).toBe(200);
        // Another's key does not open it.
        expect((await registerEndpoint(stage, `${origin}/discord/webhook`, custom)).status).toBe(400);
        await stage.teach(own.guild.id, { "own.md": KETTLE });
        await fetch(`${simulator.api}/v10/applications/${custom.applicationId}/commands`, {
          method: "PUT",
          headers: { authorization: `Bot ${custom.token}`, "content-type": "application/json" },
          body: JSON.stringify(commands),
        });
        const interaction = await simulator.actions.command({
          userId: member,
          channelId: own.channel.id,
          name: "ask",
          options: { question: QUESTION },
          applicationId: custom.applicationId,
        });
        expect(interaction.failure).toBeUndefined();
        const answer = await until(
          () => (interaction.state === "answered" ? own.channel.messages.get(interaction.originalId ?? "") : undefined),
          20_000,
        );
        expect(answer.content).toContain("seven seconds");
        expect(answer.authorId).toBe(custom.userId);
      });
    }
  });
}
