/** Neither this answer nor the one before it helped: where the admin wants that, the team is called, as if the member had asked for it. */
import { teamLine } from "../escalation.ts";
import type { BotWords } from "../i18n.ts";
import type { Patience } from "../patience.ts";
import type { Services } from "../services.ts";
import type { ConversationRow } from "../store/ports/conversations.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { Composed } from "./compose.ts";
import { escalation } from "./escalation.ts";

type Asked = {
  readonly row: GuildRow;
  readonly conversation: ConversationRow | null;
  readonly unasked: boolean;
  readonly patience: Patience;
  readonly words: BotWords;
};

/** The composed answer, with the team's line if the team is called; otherwise the very same object. */
export async function afterFailures(
  asked: Asked,
  composed: Composed,
  { store, clock, plans }: Pick<Services, "store" | "clock" | "plans">,
): Promise<Composed> {
  const { row, conversation, unasked, patience, words } = asked;
  if (!row.settings.people.afterFailures || unasked || conversation === null) return composed;
  if (composed.kind !== "not-in-knowledge" || composed.escalation !== null) return composed;
  const talk = await patience.run(() => store.conversations.get(row.guild, conversation.id));
  const last = talk?.turns.findLast((turn) => turn.role !== "member");
  const failed = last?.outcome?.reason === "not-in-knowledge" || last?.feedback === "down";
  if (last?.role !== "bot" || !failed) return composed;
  const wanted = escalation(conversation.escalatedAtMs, clock.now());
  const features = await patience.run(() => plans.features(row.guild));
  const { people } = row.settings;
  return {
    ...composed,
    escalation: wanted,
    text: `${composed.text} ${teamLine(wanted, words, { people, features }, clock.now())}`,
  };
}
