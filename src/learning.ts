/**
 * What people teach the bot: an agent's answer becomes a question-and-answer pair. What nobody could answer: open-questions.ts; whether a
 * change broke an answer: checks.ts.
 */
import type { Bus } from "./bus.ts";
import { AppError } from "./errors.ts";
import type { GuildId } from "./ids.ts";
import { addPairs, type Cutter, type Pair } from "./knowledge.ts";
import type { Store } from "./store.ts";

/** The source that such pairs stand in. */
const SOURCE = "Answers of the team";

/** False where the pair has not its form, or there are too many. A pair with the same question takes the place of the older. */
export async function learnPair(
  guild: GuildId,
  pair: Pair,
  ports: {
    readonly store: Pick<Store, "knowledge">;
    readonly bus: Pick<Bus, "publish">;
    readonly cutter: Pick<Cutter, "cut">;
  },
): Promise<boolean> {
  try {
    await addPairs({ guild, name: SOURCE, pairs: [pair] }, { ...ports, store: ports.store.knowledge });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.kind === "invalid") return false;
    throw error;
  }
}
