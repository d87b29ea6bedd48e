import { expect, test } from "bun:test";
import { createRecording } from "../../src/discord/recording.ts";
import { AppError } from "../../src/errors.ts";
import type { GuildId, UserId } from "../../src/ids.ts";
import { createMemberships } from "../../src/memberships.ts";
import type { GuildRow } from "../../src/store/ports/guilds.ts";
import { APPLICATION, BOT, GUILD } from "../support/build.ts";
import { silentLogger } from "../support/doubles.ts";
import { simulatedClock } from "../support/simulated-clock.ts";

const ADA = "300000000000000042" as UserId;
const row = { guild: GUILD, application: APPLICATION } as GuildRow;

function open() {
  const clock = simulatedClock(1);
  const discord = createRecording(APPLICATION, BOT, clock);
  const written: (string | null)[] = [];
  const people = { setRole: async (_: string, __: GuildId, role: string | null) => void written.push(role) };
  const told: string[] = [];
  let asked = 0;
  const get = discord.members.get;
  discord.members.get = (...about) => {
    asked++;
    return get(...about);
  };
  const memberships = createMemberships({
    store: { people } as never,
    discord: () => discord,
    bus: { publish: async (news) => void (news.type === "access-changed" && told.push(news.person)) },
    clock,
    logger: silentLogger,
  });
  return { clock, discord, memberships, written, told, asked: () => asked };
}

test("somebody who left the server has no role any more, within ten minutes", async () => {
  const { memberships, discord, clock, written, told, asked } = open();
  discord.welcome({ id: ADA, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
  expect(await memberships.confirm(row, ADA, "agent")).toBe("agent");
  discord.members.get = async () => null;
  expect(await memberships.confirm(row, ADA, "agent")).toBe("agent");
  await clock.advance(10 * 60_000);
  expect(await memberships.confirm(row, ADA, "agent")).toBeNull();
  expect(written).toEqual([null]);
  expect(told).toEqual([ADA]);
  expect(asked()).toBe(1);
});

test("a Discord that does not answer takes nothing away, and the console's operator is asked about nobody", async () => {
  const { memberships, discord, written } = open();
  discord.members.get = () => Promise.reject(new AppError("unavailable", "away"));
  expect(await memberships.confirm(row, ADA, "viewer")).toBe("viewer");
  expect(await memberships.confirm(row, "operator", "operator")).toBe("operator");
  expect(written).toEqual([]);
});
