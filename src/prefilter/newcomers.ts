/** A young account, or a member of minutes: no breach, but other signals weigh more. Discord's ids tell when an account was made. */
import type { Message } from "../message.ts";
import type { Sign, TextLook } from "./look.ts";

const HOUR_MS = 60 * 60_000;
const ACCOUNT_NEW_HOURS = 7 * 24;
const MEMBER_NEW_HOURS = 24;

export function newcomers({ message }: TextLook, signs: Sign[]): void {
  // Only beside something else: most newcomers ask a question.
  if (signs.length === 0) return;
  const account = accountHours(message);
  if (account < ACCOUNT_NEW_HOURS) {
    signs.push({ name: "new-account", saw: hours(account), weight: "note", kind: "newcomer", risk: 0.15 });
  }
  const joinedAtMs = message.member?.joinedAtMs ?? null;
  const member = joinedAtMs === null ? Number.POSITIVE_INFINITY : (message.createdAtMs - joinedAtMs) / HOUR_MS;
  if (member >= 0 && member < MEMBER_NEW_HOURS) {
    signs.push({ name: "new-member", saw: hours(member), weight: "note", kind: "newcomer", risk: 0.1 });
  }
}

const DISCORD_EPOCH_MS = 1_420_070_400_000;

/** To some seconds, as doubles hold a snowflake. */
function accountHours({ author, createdAtMs }: Message): number {
  const age = (createdAtMs - (Number(author.id) / 4_194_304 + DISCORD_EPOCH_MS)) / HOUR_MS;
  return age >= 0 ? age : Number.POSITIVE_INFINITY;
}

function hours(count: number): string {
  if (count < 1) return "< 1";
  return count.toFixed(count < 10 ? 1 : 0);
}
