/**
 * Discord's own AutoMod: what it did stands in the log, and is not done again. Discord tells each action of a rule by itself and
 * gives none a number: what comes within a second about one text of one member is one case.
 * Source: https://discord.com/developers/docs/events/gateway-events#auto-moderation-action-execution
 */
import type { Clock } from "../clock.ts";
import type { ChannelId, GuildId, MessageId, UserId } from "../ids.ts";
import type { Message } from "../message.ts";
import { cleanText, type Fields, fieldsOf, snowflake } from "../payload.ts";
import { createRecent, guildShare } from "../recent.ts";
import type { AutoModAct, CaseVerdict } from "../store/ports/moderation.ts";
import { fold } from "../text/fold.ts";
import type { Actor } from "./act.ts";
import type { RaidPlace } from "./raid.ts";

export type AutoMod = {
  /** Null: nothing that can be read. Settles when the case is written. */
  note(event: Fields, place: RaidPlace, names: ChannelNames): Promise<void> | null;
  /** AutoMod has dealt with this message, or with its author for this text, within the last minute. */
  has(message: Message): boolean;
};

export type ChannelNames = {
  channel(guild: GuildId, channel: ChannelId): { readonly name: string; readonly parentId: ChannelId | null } | null;
};

const DID: ReadonlyMap<unknown, AutoModAct> = new Map<unknown, AutoModAct>([
  [1, "blocked"],
  [2, "alerted"],
  [3, "timed-out"],
  [4, "quarantined"],
]);
const GATHER_MS = 1_000;
const DEALT_MS = 60_000;
const DEALT_MAX = 20_000;
const TEXT_CHARS_MAX = 4_000;
const MATCHED_CHARS_MAX = 100;

export function createAutoMod(services: { readonly actor: Actor; readonly clock: Clock }): AutoMod {
  const { actor, clock } = services;
  const gathering = new Map<string, { readonly did: Set<AutoModAct>; readonly done: Promise<void> }>();
  const dealt = createRecent<string, number>(DEALT_MAX, guildShare(DEALT_MAX));

  async function write(
    hit: Hit,
    did: ReadonlySet<AutoModAct>,
    { discord, row, self }: RaidPlace,
    names: ChannelNames,
  ): Promise<void> {
    const { guild } = row;
    const member = await discord.members.get(guild, hit.user).catch(() => null);
    const channel = hit.channel ?? (guild as string as ChannelId);
    const known = names.channel(guild, channel);
    const verdict: CaseVerdict = {
      ...{ source: "automod", signals: [], category: "automod", severity: "none", confidence: 1 },
      ...{ reason: "", found: { kind: "automod", did: [...did], matched: hit.matched }, model: null, costUsd: 0 },
    };
    const atMs = clock.now();
    await actor.handle({
      place: { discord, guild, self, channel, parent: known?.parentId ?? null },
      row,
      // Told again within the minute it is the same case.
      key: `automod:${hit.rule}:${hit.user}:${fold(hit.content).hash}:${Math.floor(atMs / DEALT_MS)}`,
      message: hit.message ?? hit.alert ?? (hit.user as string as MessageId),
      channelName: known?.name ?? "",
      author: { id: hit.user, name: member?.name ?? hit.user },
      ...{ atMs, evidence: hit.content, context: [], rule: null, verdict, only: "held", problem: "automod" },
    });
  }

  return {
    note(event, place, names) {
      const hit = readHit(event);
      if (hit === null) return null;
      const { guild } = place.row;
      const text = `${guild}:${hit.user}:${fold(hit.content).hash}`;
      // An alert alone leaves the message where it is.
      if (hit.did !== "alerted") {
        dealt.set(text, clock.now());
        if (hit.message !== null) dealt.set(`${guild}:${hit.message}`, clock.now());
      }
      const key = `${text}:${hit.rule}`;
      const open = gathering.get(key);
      if (open !== undefined) {
        open.did.add(hit.did);
        return open.done;
      }
      const did = new Set([hit.did]);
      const done = clock.sleep(GATHER_MS).then(async () => {
        gathering.delete(key);
        await write(hit, did, place, names);
      });
      gathering.set(key, { did, done });
      return done;
    },
    has({ id, guildId, author, content }) {
      const young = (key: string) => clock.now() - (dealt.get(key) ?? 0) < DEALT_MS;
      return dealt.size > 0 && (young(`${guildId}:${id}`) || young(`${guildId}:${author.id}:${fold(content).hash}`));
    },
  };
}

type Hit = {
  readonly rule: string;
  readonly user: UserId;
  readonly channel: ChannelId | null;
  /** Null: the message was blocked, or it was none. */
  readonly message: MessageId | null;
  readonly alert: MessageId | null;
  readonly content: string;
  readonly matched: string;
  readonly did: AutoModAct;
};

function readHit(event: Fields): Hit | null {
  const rule = snowflake(event.rule_id);
  const user = snowflake(event.user_id);
  const did = DID.get(fieldsOf(event.action)?.type);
  if (rule === null || user === null || did === undefined) return null;
  return {
    ...{ rule, did, user: user as UserId },
    channel: snowflake(event.channel_id) as ChannelId | null,
    message: snowflake(event.message_id) as MessageId | null,
    alert: snowflake(event.alert_system_message_id) as MessageId | null,
    content: cleanText(event.content, TEXT_CHARS_MAX),
    matched: cleanText(event.matched_content || event.matched_keyword, MATCHED_CHARS_MAX),
  };
}
