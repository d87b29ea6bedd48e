/** An invitation for whom a case put out of the server: one a press, told honestly, refused with what to do. */
import { expect, test } from "bun:test";
import type { ChannelView } from "../../../src/channel.ts";
import type { Discord } from "../../../src/discord.ts";
import { AppError } from "../../../src/errors.ts";
import type { ChannelId, GuildId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import { createCaseWork, invitationsOf, moderationWords } from "../../../src/moderation.ts";
import { PERMISSIONS } from "../../../src/permissions.ts";
import { BOT_ROLE, CHANNEL, MEMBER, snowflake } from "../../support/build.ts";
import { communities } from "../../support/community.ts";
import { onAll, openModerated } from "../../support/moderated-guild.ts";

const house = communities();
const MOD = "Mod (300000000000000900)";
const CAN_ALL = (1n << 53n) - 1n - PERMISSIONS.administrator;

type Action = "kick" | "ban" | "warn";

/** A case that did this to its author, and what a person may do about it. */
async function acted(action: Action, options: Partial<Parameters<typeof openModerated>[0]> = {}) {
  const open = await openModerated({
    ...{
      store: house.store,
      clock: house.clock,
      llm: createScripted(onAll({ severity: action === "ban" ? "severe" : "medium" }) as never),
    },
    moderation: {
      ladder: [{ action: action === "warn" ? "warn" : "kick", minutes: 10 }],
      rules: [{ n: 1, text: "Be kind.", action, on: true, kind: null }],
    },
    ...options,
  });
  await open.handle(open.say("you are a complete idiot, everybody hates you @everyone"));
  const [one] = await open.cases();
  if (one === undefined) throw new Error("no case came of it");
  const work = createCaseWork(open.services);
  const invite = (after: number) => work.invite(open.guild, one.id, MOD, after);
  const made = () => open.recorded.acts.filter(({ act }) => act === "invite");
  const events = async () => (await house.store.cases.get(open.guild, one.id))?.events ?? [];
  return { ...open, one, work, invite, made, events };
}

test("one press makes one invitation, however often it arrives; the case tells of it and the member is sent it", async () => {
  const open = await acted("kick");
  const twice = await Promise.all([open.invite(0), open.invite(0)]);
  const again = await open.invite(0);
  expect(open.made()).toEqual([
    {
      ...{ act: "invite", channel: CHANNEL, seconds: 7 * 86_400 },
      reason: `Gatehouse case ${open.one.number}: invited back by ${MOD}`,
    },
  ]);
  const urls = [...twice, again].map((one) => (one.ok ? one.invited.url : one.why));
  expect(new Set(urls).size).toBe(1);
  const letters = open.recorded.sent.filter(({ message: { content } }) => content.includes(urls[0] ?? "-"));
  expect(letters.map(({ channel, message: { content } }) => [channel, content])).toEqual([
    [`7${MEMBER}` as ChannelId, expect.stringContaining("You may come back to **Lumen**: https://discord.gg/")],
  ]);
  expect((await open.events()).map(({ kind, by }) => [kind, by]).slice(-2)).toEqual([
    ["invited", MOD],
    ["invite-sent", "bot"],
  ]);
  // Another press is another invitation.
  expect(await open.invite(1)).toMatchObject({ ok: true });
  expect(open.made()).toHaveLength(2);
  expect(invitationsOf(await open.events()).map(({ told }) => told)).toEqual(["told", "told"]);
  expect((await house.store.cases.verify(open.guild)).problem).toBeNull();
});

test("where Discord lets the bot write to them no more, that is said, and the link is there to be sent", async () => {
  for (const [kind, told] of [
    ["forbidden", "closed"],
    ["unknown-outcome", "unknown"],
  ] as const) {
    const open = await acted("kick");
    open.recorded.failNext(new AppError(kind, "send: Cannot send messages to this user (50007)"));
    expect(await open.invite(0)).toMatchObject({
      ok: true,
      invited: { told, url: expect.stringContaining("discord.gg") },
    });
    expect(invitationsOf(await open.events())).toMatchObject([{ told, by: MOD }]);
    expect((await open.events()).at(-1)?.kind).toBe("invite-unsent");
  }
});

test("only whom the case put out of the server is invited: kicked, or banned and let off", async () => {
  const warned = await acted("warn");
  expect(await warned.invite(0)).toEqual({ ok: false, why: "not-now" });
  const banned = await acted("ban");
  expect(await banned.invite(0)).toEqual({ ok: false, why: "not-now" });
  await banned.work.undo(banned.guild, banned.one.id, MOD);
  expect(await banned.invite(0)).toMatchObject({ ok: true });
  const other = snowflake() as GuildId;
  expect(await banned.work.invite(other, banned.one.id, MOD, 0)).toEqual({ ok: false, why: "not-found" });
});

test("it is refused with what to do where it could not be made, or would let nobody in", async () => {
  const may = await acted("kick", { botPermissions: CAN_ALL & ~PERMISSIONS.createInvite });
  expect(await may.invite(0)).toEqual({ ok: false, why: "may-not-invite" });
  expect(moderationWords("en").notInvited["may-not-invite"]).toContain("Create Invite");

  const nowhere = await acted("kick");
  nowhere.discord.directory.channels = async () => [channel("1", { type: 4 })];
  expect(await nowhere.invite(0)).toEqual({ ok: false, why: "no-channel" });

  const back = await acted("kick");
  back.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
  expect(await back.invite(0)).toEqual({ ok: false, why: "back" });

  const banned = await acted("kick");
  await banned.recorded.members.ban(banned.guild, MEMBER, 0, "by hand");
  expect(await banned.invite(0)).toEqual({ ok: false, why: "banned" });
  for (const { made, events } of [may, nowhere, back, banned])
    expect([made().length, invitationsOf(await events()).length]).toEqual([0, 0]);
});

test("one of which Discord did not say whether it was made is not asked for again by itself", async () => {
  let asked = 0;
  const lost = async (): Promise<never> => {
    asked++;
    throw new AppError("unknown-outcome", "invite: Discord did not say how it ended");
  };
  const discord = (recorded: Discord): Discord => ({ ...recorded, channels: { ...recorded.channels, invite: lost } });
  const open = await acted("kick", { discord });
  expect(await open.invite(0)).toEqual({ ok: false, why: "unknown" });
  expect([asked, invitationsOf(await open.events()).length]).toEqual([1, 0]);
});

test("it leads to where it happened if everybody sees that channel, else to one that everybody sees", async () => {
  const hidden = (id: string) =>
    channel(id, { overwrites: [{ id: "everyone", kind: "role", allow: 0n, deny: PERMISSIONS.viewChannel }] });
  for (const [channels, chosen] of [
    [[channel("1"), channel(CHANNEL)], CHANNEL],
    [[hidden("1"), hidden(CHANNEL), channel("3")], "3"],
    [[channel("1", { type: 4 }), hidden(CHANNEL)], CHANNEL],
  ] as const) {
    const open = await acted("kick");
    const here = channels.map((one) => ({
      ...one,
      overwrites: one.overwrites.flatMap((overwrite) => [
        { ...overwrite, id: open.guild as string },
        // The bot sees it by its own role.
        { id: BOT_ROLE as string, kind: "role" as const, allow: overwrite.deny, deny: 0n },
      ]),
    }));
    open.discord.directory.channels = async () => here;
    await open.invite(0);
    expect(open.made()).toMatchObject([{ channel: chosen }]);
  }
});

function channel(id: string, fields: Partial<ChannelView> = {}): ChannelView {
  return { id: id as ChannelId, name: id, type: 0, parentId: null, ownerId: null, overwrites: [], ...fields };
}
