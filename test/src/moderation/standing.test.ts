/** What Discord says of an author and the guild, read as seldom as a raid allows. */
import { expect, test } from "bun:test";
import type { Discord, MemberView } from "../../../src/discord.ts";
import type { ChannelId, RoleId, UserId } from "../../../src/ids.ts";
import { createStandings } from "../../../src/moderation/standing.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, MEMBER } from "../../support/build.ts";
import { createClock, settled } from "../../support/doubles.ts";

const EXEMPT = { exemptRoles: ["7" as RoleId], exemptChannels: [] };

function open() {
  const clock = createClock();
  const asked: UserId[] = [];
  const answers: (() => void)[] = [];
  const view = (id: UserId): MemberView => ({ id, name: id, roles: [], timedOutUntilMs: null, joinedAtMs: null });
  const discord = {
    application: APPLICATION,
    directory: {
      guild: async () => ({ ownerId: "1", roles: [] }),
      channels: async () => [],
    },
    members: {
      async get(_guild: string, user: UserId) {
        if (user === BOT.userId) return view(user);
        asked.push(user);
        await new Promise<void>((resolve) => answers.push(resolve));
        return view(user);
      },
    },
  } as unknown as Discord;
  const place = { discord, guild: GUILD, self: BOT.userId, channel: CHANNEL as ChannelId, parent: null };
  const standings = createStandings(clock);
  return { clock, asked, answers, place, standings, see: () => standings.see(place, MEMBER, EXEMPT) };
}

test("an author who is being read is not asked for again, however long Discord takes; later they are", async () => {
  const { clock, asked, answers, see } = open();
  const first = see();
  await settled();
  await clock.advance(5_000);
  const second = see();
  await settled();
  expect(asked).toEqual([MEMBER]);
  answers[0]?.();
  await Promise.all([first, second]);
  const third = see();
  await settled();
  expect(asked).toHaveLength(2);
  answers[1]?.();
  await third;
});

test("what came with an author's newest message within 2 s is asked of nobody, and told of the older ones too", async () => {
  const { clock, asked, answers, place, standings, see } = open();
  standings.hear(place, MEMBER, { roles: ["7" as RoleId], atMs: clock.now() });
  await clock.advance(1_900);
  standings.hear(place, MEMBER, { roles: [], atMs: clock.now() - 5_000 });
  expect((await see())?.author.exemptRole).toBe(true);
  expect(asked).toHaveLength(0);
  await clock.advance(200);
  const later = see();
  await settled();
  expect(asked).toEqual([MEMBER]);
  answers[0]?.();
  expect((await later)?.author.exemptRole).toBe(false);
});
