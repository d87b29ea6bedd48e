/** Somebody is given a role in a server's team, found by name or Discord id; a name that fits several is never guessed. */
import { AppError } from "../../src/errors.ts";
import type { UserId } from "../../src/ids.ts";
import { field } from "../body.ts";
import { type GuildVisit, signature } from "../visit.ts";

export const GIVEN_ROLES = ["agent", "viewer"] as const;
export type GivenRole = (typeof GIVEN_ROLES)[number];

export type TeamProblem = "id" | "role" | "not-member" | "nobody-named" | "fixed";
export type TeamMatches = readonly { readonly id: string; readonly name: string }[];
export type TypedMember = { readonly person: string; readonly role: GivenRole };

export type MemberAdded =
  | { readonly added: string; readonly typed: TypedMember }
  | { readonly problem: TeamProblem; readonly typed: TypedMember }
  | { readonly matches: TeamMatches; readonly typed: TypedMember };

const MATCHES_MAX = 10;

/** What a form with `person` (a name, an id, a mention) and `role` comes to. */
export async function addToTeam(visit: GuildVisit, form: FormData): Promise<MemberAdded> {
  const person = field(form, "person", 40);
  const role = GIVEN_ROLES.find((known) => known === field(form, "role"));
  const typed = { person, role: role ?? "viewer" };
  if (role === undefined) return { problem: "role", typed };
  const id = person.replace(/^<@!?(\d+)>$/, "$1");
  if (!/^\d{15,20}$/.test(id)) {
    const matches = await membersNamed(visit, id.replace(/^@/, ""));
    if (matches === null) return { problem: "id", typed };
    return matches.length === 0 ? { problem: "nobody-named", typed } : { matches, typed };
  }
  const member = await memberName(visit, id);
  if (member.known && member.name === null) return { problem: "not-member", typed };
  return (await giveRole(visit, id, role, member.name)) ? { added: id, typed } : { problem: "fixed", typed };
}

/** False where the role does not come from here. `role` null takes it. */
export async function giveRole(
  visit: GuildVisit,
  person: string,
  role: GivenRole | null,
  name: string | null,
): Promise<boolean> {
  const { guild, services } = visit;
  const given = await services.store.people.giveRole(guild.guild, { person, name, role }, signature(visit.person));
  if (given) await services.bus.publish({ type: "access-changed", person });
  return given;
}

/** Discord knows who is a member; where it cannot be asked, an id is taken as it is. */
async function memberName(visit: GuildVisit, person: string): Promise<{ known: boolean; name: string | null }> {
  const { guild, services } = visit;
  try {
    const member = await services.discord(guild.application).members.get(guild.guild, person as UserId);
    return { known: true, name: member?.name ?? null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "member-unknown");
    return { known: false, name: null };
  }
}

/** Null where Discord cannot be asked, or there is no name to ask for. */
async function membersNamed(visit: GuildVisit, name: string): Promise<TeamMatches | null> {
  const { guild, services } = visit;
  if (name === "" || /^\d+$/.test(name)) return null;
  try {
    return await services.discord(guild.application).members.search(guild.guild, name, MATCHES_MAX);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "members-unknown");
    return null;
  }
}
