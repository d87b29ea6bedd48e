/** What people teach the bot: an agent's answer becomes a question-and-answer pair of the knowledge base. */
import type { Bus } from "./bus.ts";
import { AppError } from "./errors.ts";
import type { GuildId } from "./ids.ts";
import { type Pair, savePairs } from "./knowledge.ts";
import type { Store } from "./store.ts";

/** The source that such pairs stand in. */
const SOURCE = "Answers of the team";

/** False where the pair has not its form, or there are too many. A pair with the same question takes the place of the older. */
export async function learnPair(
  guild: GuildId,
  pair: Pair,
  ports: { readonly store: Pick<Store, "knowledge">; readonly bus: Pick<Bus, "publish"> },
): Promise<boolean> {
  const sources = await ports.store.knowledge.sources(guild);
  const known = sources.find((source) => source.kind === "pairs" && source.name === SOURCE);
  const before = (known?.config as { readonly pairs?: readonly Pair[] } | undefined)?.pairs ?? [];
  const others = before.filter(({ question }) => question.trim() !== pair.question.trim());
  const order = { guild, name: SOURCE, pairs: [...others, pair] };
  try {
    await savePairs(order, { store: ports.store.knowledge, bus: ports.bus });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.kind === "invalid") return false;
    throw error;
  }
}
