/**
 * What help channels do not teach: people who talk without wanting anything, Turkish, German, and lines without a verb. Clean posts of the
 * moderation sets are texts only. Short lines (spoken.ts, ours) are texts and also small channels in which strangers say them, so that
 * the forest learns that a newcomer's first line need not be a request. For training, never for measuring.
 */
import type { SmartLine } from "../../src/smart.ts";
import { seeded } from "./linear.ts";
import { readTexts } from "./moderation-data.ts";
import type { Log, LogRow } from "./smart-data.ts";
import { spokenLines } from "./spoken.ts";

const POSTS_MAX = 1_500;
/** Lines a made-up channel holds. */
const CHANNEL_LINES = [1, 1, 1, 2, 3, 6, 12, 30] as const;
const SPEAKERS = 5;
const PASSING_SHARE = 0.5;
const START = Date.parse("2026-01-01T00:00:00Z");

/** Posts that want nothing, from the moderation sets. */
export async function casualLog(): Promise<Log | null> {
  const english = await readTexts(["davidson", "surge_toxicity", "janitr_x_scam"]);
  const turkish = await readTexts(["turkish_offensive"]);
  if (english === null || turkish === null) return null;
  const random = seeded(23);
  const posts = (rows: typeof english) =>
    rows
      .filter(({ label }) => label === 0)
      .map(({ text }) => text.replace(/^(?:RT )?(?:@\w+:? )+|&#?\w+;/g, "").trim())
      .filter((text) => text.length > 3 && text.length < 200 && !text.includes("?"))
      .map((text) => ({ text, order: random() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, POSTS_MAX)
      .map(({ text }) => ({ text, request: false }));
  return spokenLog("casual", [...posts(english), ...posts(turkish), ...spokenLines()], random);
}

function spokenLog(
  name: string,
  said: readonly { readonly text: string; readonly request: boolean }[],
  random: () => number,
): Log {
  const mixed = said.map((one) => ({ ...one, order: random() })).sort((a, b) => a.order - b.order);
  const rows: LogRow[] = [];
  const lines: SmartLine[] = [];
  let channel = 0;
  let left = 0;
  let atMs = START;
  for (const [i, { text, request }] of mixed.entries()) {
    if (left === 0) {
      channel++;
      left = CHANNEL_LINES[Math.floor(random() * CHANNEL_LINES.length)] ?? 1;
    }
    left--;
    atMs += 1_000 * Math.floor(2 ** (random() * 12));
    const id = `${name}-${i}`;
    // Those who ask speak once; those who chat, again and again, but for some who only pass by.
    const passing = request || random() < PASSING_SHARE;
    const author = passing ? `passing-${i}` : `speaker-${channel}-${Math.floor(random() * SPEAKERS)}`;
    const key = `${name}-${channel}`;
    const expected = request ? "answer_candidate" : "silent";
    rows.push({ id, channel: key, ts: null, author, text, expected, block: request ? id : null });
    lines.push({ channel: key, author, name: author, atMs, text, machine: false, to: null });
  }
  return { name, community: "casual", rows, lines };
}
