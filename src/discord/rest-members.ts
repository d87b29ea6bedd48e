/** A server's members over Discord's HTTP API: read, time out, kick, ban, and back. */
import type { Members, MemberView } from "../discord.ts";
import type { RoleId, UserId } from "../ids.ts";
import { cleanText, fieldsOf, snowflakes } from "../payload.ts";
import { auditHeader, call, nullIfMissing, type RestDeps } from "./call.ts";

const NAME_CHARS_MAX = 100;

export function restMembers(deps: RestDeps): Members {
  const { api } = deps;
  return {
    async get(guild, user) {
      const member = fieldsOf(
        await nullIfMissing(
          call(deps, "read-member", guild, "repeatable", (signal) => api.guilds.getMember(guild, user, { signal })),
        ),
      );
      return member === null ? null : viewOf(member, user);
    },
    async search(guild, name, limit) {
      const found: unknown = await call(deps, "search-members", guild, "repeatable", (signal) =>
        api.guilds.searchForMembers(guild, { query: name, limit }, { signal }),
      );
      return (Array.isArray(found) ? found : []).flatMap((one) => {
        const member = fieldsOf(one);
        const account = fieldsOf(member?.user);
        const [id] = snowflakes([account?.id]);
        return member === null || id === undefined || account?.bot === true ? [] : [viewOf(member, id as UserId)];
      });
    },
    async timeOut(guild, user, untilMs, reason) {
      const until = untilMs === null ? null : new Date(untilMs).toISOString();
      await call(deps, "time-out", guild, "repeatable", (signal) =>
        api.guilds.editMember(
          guild,
          user,
          { communication_disabled_until: until },
          { signal, reason: auditHeader(reason) },
        ),
      );
    },
    async kick(guild, user, reason) {
      await call(deps, "kick", guild, "repeatable", async (signal, attempt) => {
        try {
          await api.guilds.removeMember(guild, user, { signal, reason: auditHeader(reason) });
        } catch (error) {
          if (attempt > 0 && fieldsOf(error)?.status === 404) return;
          throw error;
        }
      });
    },
    async ban(guild, user, deleteSeconds, reason) {
      const body = { delete_message_seconds: Math.min(604_800, Math.max(0, deleteSeconds)) };
      await call(deps, "ban", guild, "repeatable", (signal) =>
        api.guilds.banUser(guild, user, body, { signal, reason: auditHeader(reason) }),
      );
    },
    async unban(guild, user, reason) {
      await nullIfMissing(
        call(deps, "unban", guild, "repeatable", (signal) =>
          api.guilds.unbanUser(guild, user, { signal, reason: auditHeader(reason) }),
        ),
      );
    },
    async banned(guild, user) {
      const found = await nullIfMissing(
        call(deps, "read-ban", guild, "repeatable", (signal) => api.guilds.getMemberBan(guild, user, { signal })),
      );
      return found !== null;
    },
  };
}

function viewOf(member: NonNullable<ReturnType<typeof fieldsOf>>, id: UserId): MemberView {
  const account = fieldsOf(member.user);
  const until = Date.parse(String(member.communication_disabled_until));
  const joined = Date.parse(String(member.joined_at));
  return {
    id,
    name: cleanText(member.nick ?? account?.global_name ?? account?.username, NAME_CHARS_MAX),
    roles: snowflakes(member.roles) as RoleId[],
    timedOutUntilMs: Number.isNaN(until) ? null : until,
    joinedAtMs: Number.isNaN(joined) ? null : joined,
  };
}
