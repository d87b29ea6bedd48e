/** How often somebody asks in a busy help channel what somebody asked within the hour: what saying an answer again can save at most. */
import { sameWords } from "../../src/answering/again.ts";
import { readJsonLines, sharedData } from "../data.ts";

type Line = {
  readonly channel: string;
  readonly ts: string | number;
  readonly text: string;
  readonly expected: string | null;
};

const HOUR_MS = 3_600_000;

/** Requests of the shared logs, and those asked within the hour before; null where the shared data is not there. */
export async function askedAgain(): Promise<{ readonly asked: number; readonly again: number } | null> {
  const folder = sharedData("smart-mode");
  if (folder === null) return null;
  const lastMs = new Map<string, number>();
  let asked = 0;
  let again = 0;
  for (const file of new Bun.Glob("*.jsonl").scanSync(folder)) {
    for (const { channel, ts, text, expected } of await readJsonLines<Line>(`${folder}/${file}`)) {
      if (expected !== "answer_candidate") continue;
      const atMs = typeof ts === "number" ? ts * 1_000 : Date.parse(ts);
      const key = `${file} ${channel} ${sameWords(text)}`;
      asked++;
      if (atMs - (lastMs.get(key) ?? Number.NEGATIVE_INFINITY) <= HOUR_MS) again++;
      lastMs.set(key, atMs);
    }
  }
  return { asked, again };
}
