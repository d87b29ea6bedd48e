/**
 * Discord's ids: 42 bits of milliseconds since 2015, 22 bits that make them unique.
 * https://discord.com/developers/docs/reference#snowflakes
 *
 * Ids made while running follow the clock and grow strictly. Ids of a seeded world come from a hash of
 * their name instead, so that a second start of the same community has the same guilds and channels.
 */
import { createHash } from "node:crypto";

const DISCORD_EPOCH_MS = 1_420_070_400_000;

/** Named ids are dated 2024, well before any message that the simulator makes. */
const NAMED_EPOCH_MS = Date.UTC(2024, 0, 1);
const NAMED_SPAN_MS = 300 * 24 * 3_600_000;

export type Snowflakes = {
  /** The next id at the clock's time; larger than every id given before. */
  readonly next: () => string;
  /** The same id for the same name and seed, always. */
  readonly named: (name: string) => string;
};

export function createSnowflakes(now: () => number, seed: number): Snowflakes {
  let last = 0n;
  return {
    next() {
      const wanted = BigInt(Math.floor(now()) - DISCORD_EPOCH_MS) << 22n;
      last = wanted > last ? wanted : last + 1n;
      return last.toString();
    },
    named(name) {
      const digest = createHash("sha256").update(`${seed}:${name}`).digest();
      const ms = NAMED_EPOCH_MS + (digest.readUIntBE(0, 6) % NAMED_SPAN_MS);
      return ((BigInt(ms - DISCORD_EPOCH_MS) << 22n) | BigInt(digest.readUInt32BE(6) & 0x3f_ffff)).toString();
    },
  };
}

export function snowflakeMs(id: string): number {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH_MS;
}

/** https://discord.com/developers/docs/events/gateway#sharding-sharding-formula */
export function shardOf(guildId: string, shardCount: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(shardCount));
}

export function isSnowflake(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,20}$/.test(value) && BigInt(value) < 1n << 64n;
}
