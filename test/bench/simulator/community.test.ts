/** A community's talk: who is named, who is replied to, and whose lines are no longer heard. */
import { afterEach, describe, expect, test } from "bun:test";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import { removeMember, updateMember } from "../../../bench/simulator/world/members.ts";
import { until } from "../../support/until.ts";
import { rest } from "./client.ts";

type Line = { channel: string; member: string; text: string; [more: string]: unknown };

let simulator: Simulator;
afterEach(() => simulator.stop());

function talk(...lines: Line[]) {
  simulator = startSimulator({
    limits: { enforced: false },
    community: {
      guild: { name: "Small town" },
      channels: [{ key: "help", name: "help" }],
      members: [
        { key: "ada", name: "ada" },
        { key: "bob.b", name: "bob" },
      ],
      script: lines.map((line) => ({ afterMs: 1, ...line })),
    },
  });
  const { community, bots, world } = simulator;
  if (community === undefined) throw new Error("no community");
  const channel = world.channels.get(community.channels.get("help") ?? "");
  if (channel === undefined) throw new Error("no channel");
  const member = (key: string) => community.members.get(key) ?? "";
  return {
    community,
    channel,
    member,
    botId: bots[0]?.userId ?? "",
    said: () => [...channel.messages.values()],
    ended: () => until(() => !community.status().running, 4_000),
  };
}

const line = (member: string, text: string, more: object = {}): Line => ({ channel: "help", member, text, ...more });

describe("a community's script", () => {
  test("names members by their keys, and leaves a key that nobody has as it is written", async () => {
    const { community, member, said, ended } = talk(line("ada", "{@bob.b} and {@nobody}: last warning"));
    community.start();
    await ended();
    expect(said()[0]?.content).toBe(`<@${member("bob.b")}> and {@nobody}: last warning`);
    expect(said()[0]?.pinged.users).toEqual([member("bob.b")]);
  });

  test("replies to the bot's last answer to this member, not to somebody else's", async () => {
    const { community, channel, botId, said, ended } = talk(
      line("ada", "{bot} how?", { mentionBot: true }),
      line("bob.b", "{bot} why?", { mentionBot: true }),
      line("ada", "and then?", { replyToBot: true, afterMs: 400 }),
    );
    community.start();
    const [first, second] = await simulator.actions.messages({ channelId: channel.id, count: 2, ms: 4_000 });
    for (const question of [first, second]) {
      await rest(simulator, "POST", `/channels/${channel.id}/messages`, {
        content: "like this",
        message_reference: { message_id: question?.id },
      });
    }
    await ended();
    const answerToAda = said().find(({ authorId, repliedToId }) => authorId === botId && repliedToId === first?.id);
    expect(said().at(-1)).toMatchObject({ content: "and then?", repliedToId: answerToAda?.id });
  });

  test("mentions the bot where it has not answered yet", async () => {
    const { community, botId, said, ended } = talk(line("ada", "and then?", { replyToBot: true }));
    community.start();
    await ended();
    expect(said()[0]).toMatchObject({ content: `<@${botId}> and then?`, repliedToId: undefined });
  });

  test("drops the lines of who was kicked, and refuses those of who is timed out", async () => {
    const { community, member, said, ended } = talk(line("ada", "one"), line("bob.b", "two"), line("ada", "three"));
    const { guild } = community;
    removeMember(simulator.world, guild, member("ada"));
    const bob = simulator.actions.member(guild.id, member("bob.b"));
    updateMember(simulator.world, guild, bob, { timeoutUntilMs: simulator.world.now() + 60_000 });
    community.start();
    await ended();
    expect(community.status()).toMatchObject({ said: 0, dropped: 2, refused: 1 });
    expect(said()).toEqual([]);
  });
});
