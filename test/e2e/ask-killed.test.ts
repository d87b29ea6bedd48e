/** A process is killed while it makes the answer to a command that it deferred: the next one edits the answer in, once. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Channel, Guild } from "../../bench/simulator/world.ts";
import { commands } from "../../src/ask/commands.ts";
import type { Started } from "../support/process.ts";
import { live, openStage, page, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(90_000);

const QUESTION = "How do I reset the kettle?";
const KETTLE = page(
  "Resetting the kettle",
  "https://docs.example/kettle",
  "Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.",
);
/** Longer than a kill takes, within an answer's deadline. */
const SLOW_MS = 6_000;

for (const role of ["all", "web"] as const) {
  describe(role === "all" ? "over the gateway" : "over the endpoint, with no gateway process", () => {
    let stage: Stage;
    let guild: Guild;
    let channel: Channel;
    let ada: string;

    beforeAll(async () => {
      stage = await openStage("ask-killed");
      const { actions } = stage.simulator;
      ({ guild, channel } = actions.createGuild({ name: "Kettles" }));
      ada = actions.addMember(guild.id, { username: "ada" }).userId;
      await stage.teach(guild.id, { "kettle.md": KETTLE });
    });
    afterAll(() => stage?.close());

    async function start(): Promise<Started> {
      const started = stage.gatehouse([role]);
      if (role === "all") await live(started);
      else {
        const [, url = ""] = await started.printed(/Dashboard: (http\S+)/);
        await until(async () => (await registerEndpoint(`${new URL(url).origin}/discord/webhook`)).ok, 20_000);
      }
      const application = stage.simulator.world.applications.get(stage.simulator.bots[0]?.applicationId ?? "");
      await until(() => (application?.commands.size ?? 0) === commands.length, 20_000);
      return started;
    }

    function registerEndpoint(url: string): Promise<Response> {
      return fetch(`${stage.simulator.api}/v10/applications/@me`, {
        method: "PATCH",
        headers: { authorization: `Bot ${stage.simulator.bots[0]?.token}`, "content-type": "application/json" },
        body: JSON.stringify({ interactions_endpoint_url: url }),
      });
    }

    const ask = () =>
      stage.simulator.actions.command({
        userId: ada,
        channelId: channel.id,
        name: "ask",
        options: { question: QUESTION },
      });

    test("the next process edits the answer in, and nothing of it is left over", async () => {
      const killed = await start();
      stage.groq.faults.add({ fault: { kind: "slow", ms: SLOW_MS } });
      const interaction = await ask();
      expect(interaction.response).toMatchObject({ type: 5 });
      killed.kill("SIGKILL");
      await killed.exited;
      stage.groq.faults.clear();
      const next = await start();
      const answer = await until(
        () => (interaction.state === "answered" ? channel.messages.get(interaction.originalId ?? "") : undefined),
        30_000,
      );
      expect(answer.content).toContain("seven seconds");
      const left = () => stage.database.admin.unsafe("select from inbox") as Promise<unknown[]>;
      await until(async () => (await left()).length === 0, 10_000);
      const edits = stage.simulator.services.ledger.list({
        kind: "request",
        route: "/webhooks/:webhook/:token/messages/:message",
        method: "PATCH",
      });
      expect(edits.length).toBe(1);
      next.kill("SIGTERM");
      expect(await next.exited).toBe(0);
    });
  });
}
