/**
 * A server with a bot of its own beside the shared one: the own bot answers as soon as it is connected, the shared one says
 * nothing there and goes on elsewhere; taken away, the shared one answers again. Nobody is ever answered twice.
 */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Channel } from "../../bench/simulator/world.ts";
import type { Started } from "../support/process.ts";
import { live, openStage, page, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(180_000);
const PAGE = page(
  "Reset",
  "https://docs.example/reset",
  "Hold the copper button for seven seconds to reset the kettle.",
);

let stage: Stage;
let gateway: Started | null = null;
let origin = "";
let cookie = "";
const ids = { guild: "", other: "" };
let channel: Channel;
let elsewhere: Channel;

beforeAll(async () => {
  stage = await openStage("custom-bots", { simulator: { bots: 2 } });
  const { actions, bots } = stage.simulator;
  const [shared, own] = bots;
  if (shared === undefined || own === undefined) throw new Error("the simulator has two bots");
  const applications = [shared.applicationId, own.applicationId];
  const { guild } = actions.createGuild({ name: "Kettles", bots: applications });
  const { guild: other } = actions.createGuild({ name: "Elsewhere", bots: [shared.applicationId] });
  ids.guild = guild.id;
  ids.other = other.id;
  channel = actions.createChannel(guild.id, { name: "help" });
  elsewhere = actions.createChannel(other.id, { name: "help" });
  for (const id of [guild.id, other.id]) await stage.teach(id, { "reset.md": PAGE });
  const all = stage.gatehouse(["all"]);
  gateway = all;
  ({ origin } = await live(all));
  const [, link = ""] = await all.printed(/Sign in .*: (http\S+)/);
  const answer = await fetch(link, {
    method: "POST",
    redirect: "manual",
    headers: { "sec-fetch-site": "same-origin" },
  });
  cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
}, 120_000);
afterAll(() => stage.close());

async function post(path: string, fields: Readonly<Record<string, string>>) {
  const headers = { cookie, "sec-fetch-site": "same-origin" };
  const body = new URLSearchParams(fields);
  const answer = await fetch(`${origin}/guilds/${ids.guild}/bot${path}`, {
    method: "POST",
    redirect: "manual",
    headers,
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

let askers = 0;

/** Asks both bots at once, and gives who answered; nobody, in the moment when one hands over to the other. */
async function answeredBy(channel: Channel, settled = false): Promise<readonly string[]> {
  // Somebody new each time: one member may ask 30 times a minute, and a handover is asked about more often.
  const { actions } = stage.simulator;
  const { userId } = actions.addMember(ids.guild, { username: `asker${++askers}` });
  actions.addMember(ids.other, { userId });
  const both = stage.simulator.bots.map(({ userId }) => `<@${userId}>`).join(" ");
  const content = `${both} how do I reset the kettle?`;
  const asked = actions.say({ channelId: channel.id, userId, content });
  const replies = () => [...channel.messages.values()].filter(({ repliedToId }) => repliedToId === asked.id);
  // What is asked elsewhere afterwards is answered afterwards: whoever else wanted to answer here has done so by then.
  const after = { channelId: elsewhere.id, userId, content: `{bot} how do I reset the kettle?` };
  const answers = await stage.ask(after);
  if (answers.length !== 1)
    throw new Error(`answered ${answers.length} times elsewhere:\n${gateway?.stderr()}\n${gateway?.stdout()}`);
  if (settled) await until(() => replies().length > 0, 20_000);
  return replies().map(({ authorId }) => authorId);
}

test("the own bot takes over, the shared one keeps silent there, and comes back when the own one is removed", async () => {
  const [shared, own] = stage.simulator.bots;
  if (shared === undefined || own === undefined) throw new Error("the simulator has two bots");
  // Both servers have been announced.
  for (const guild of stage.simulator.world.guilds.keys()) {
    await until(async () => (await fetch(`${origin}/guilds/${guild}`, { headers: { cookie } })).status === 200, 30_000);
  }
  const question = await post("/check", { application: own.applicationId, publicKey: own.publicKey, token: own.token });
  expect([question.status, question.text.includes("Is this it?")]).toEqual([200, true]);
  const hidden = Object.fromEntries(
    [...question.text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
  expect((await post("", hidden)).status).toBe(303);
  await until(async () => {
    const health = (await (await fetch(`${origin}/readyz`)).json()) as { shards: { live: number; all: number } };
    return health.shards.all === 2 && health.shards.live === 2;
  }, 60_000);
  // GUILD_CREATE of the own bot makes it the guild's.
  await until(async () => (await answeredBy(channel))[0] === own.userId, 60_000);
  expect(await answeredBy(channel, true)).toEqual([own.userId]);

  expect((await post("/delete", {})).status).toBe(303);
  await until(async () => (await answeredBy(channel))[0] === shared.userId, 60_000);
  expect(await answeredBy(channel, true)).toEqual([shared.userId]);
  // Its knowledge and settings were the guild's all along: the answers came from them.
});
