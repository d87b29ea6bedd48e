/**
 * Seals kept secrets anew. Each row is written by itself, and only if it still holds what was read: a kill in the middle loses
 * nothing, a token that an admin changes meanwhile wins, and starting again goes on with what is left.
 */
import { type Sealer, tokenRow } from "../crypto.ts";
import { AppError } from "../errors.ts";
import type { ApplicationId } from "../ids.ts";
import type { BotsStore } from "../store/ports/bots.ts";

const BATCH = 200;
/** Rows written side by side. */
const AT_ONCE = 8;

export type Rotation = {
  readonly resealed: number;
  readonly current: number;
  readonly unreadable: readonly { readonly application: ApplicationId; readonly problem: string }[];
};

export async function rotate(bots: Pick<BotsStore, "sealed" | "reseal">, sealer: Sealer): Promise<Rotation> {
  const unreadable: { readonly application: ApplicationId; readonly problem: string }[] = [];
  let resealed = 0;
  let current = 0;

  async function one(application: ApplicationId, tokenSealed: string): Promise<void> {
    try {
      if (!sealer.stale(tokenSealed)) {
        // It says that it is of the newest key; whether it opens is worth knowing before older keys are dropped.
        sealer.open(tokenSealed, tokenRow(application));
        current++;
      } else if (await bots.reseal(application, tokenSealed, sealer.reseal(tokenSealed, tokenRow(application)))) {
        resealed++;
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== "invalid") throw error;
      unreadable.push({ application, problem: error.message });
    }
  }

  for (let after = ""; ; ) {
    const rows = await bots.sealed(after, BATCH);
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      await Promise.all(rows.slice(at, at + AT_ONCE).map((row) => one(row.application, row.tokenSealed)));
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return { resealed, current, unreadable };
    after = last.application;
  }
}
