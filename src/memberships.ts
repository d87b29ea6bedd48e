/**
 * Roles of the dashboard follow Discord: somebody who left a server, or was removed from it, loses every role there; an admin who may
 * no longer manage it stops being one. Asked of Discord at most once in 10 minutes a person and server, when they use the dashboard.
 * What Discord does not answer changes nothing.
 */
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import type { Discord } from "./discord.ts";
import { AppError } from "./errors.ts";
import type { ApplicationId, RoleId, UserId } from "./ids.ts";
import type { Logger } from "./logger.ts";
import { guildPermissions, PERMISSIONS } from "./permissions.ts";
import { createRecent, guildShare } from "./recent.ts";
import type { GuildRow } from "./store/ports/guilds.ts";
import type { PersonRole } from "./store/ports/people.ts";
import type { Store } from "./store.ts";

export type Memberships = {
  /** The role that is left; null when there is none any more. */
  confirm(guild: GuildRow, person: string, role: PersonRole): Promise<PersonRole | null>;
};

const BELIEVED_MS = 10 * 60_000;
const CHECKS_MAX = 20_000;

export function createMemberships(deps: {
  readonly store: Pick<Store, "people">;
  readonly discord: (application: ApplicationId) => Discord;
  readonly bus: Pick<Bus, "publish">;
  readonly clock: Clock;
  readonly logger: Logger;
}): Memberships {
  const { store, bus, clock, logger } = deps;
  const checked = createRecent<string, { readonly atMs: number; readonly running: Promise<PersonRole | null> }>(
    CHECKS_MAX,
    guildShare(CHECKS_MAX),
  );

  async function check(row: GuildRow, person: UserId, role: PersonRole): Promise<PersonRole | null> {
    try {
      const left = await roleLeft(deps.discord(row.application), row, person, role);
      if (left !== role) {
        await store.people.setRole(person, row.guild, left);
        await bus.publish({ type: "access-changed", person });
      }
      return left;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ guild: row.guild, reason: error.kind }, "membership-unknown");
      return role;
    }
  }

  return {
    async confirm(row, person, role) {
      // The console's operator is nobody of Discord's.
      if (role === "operator" || !/^\d{1,20}$/.test(person)) return role;
      const key = `${row.guild}:${person}:${role}`;
      const known = checked.get(key);
      if (known !== undefined && clock.now() - known.atMs < BELIEVED_MS) return known.running;
      const running = check(row, person as UserId, role);
      checked.set(key, { atMs: clock.now(), running });
      return running;
    },
  };
}

async function roleLeft(discord: Discord, row: GuildRow, person: UserId, role: PersonRole): Promise<PersonRole | null> {
  const member = await discord.members.get(row.guild, person);
  if (member === null) return null;
  if (role !== "admin") return role;
  const guild = await discord.directory.guild(row.guild);
  if (guild === null) return role;
  const roles = new Map<RoleId, (typeof guild.roles)[number]>(guild.roles.map((one) => [one.id, one]));
  const bits = guildPermissions({ guild: row.guild, ownerId: guild.ownerId, roles }, member);
  return (bits & (PERMISSIONS.manageGuild | PERMISSIONS.administrator)) === 0n ? null : role;
}
