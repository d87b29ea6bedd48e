import { expect, test } from "bun:test";
import { GUILDS, idsOf, messageFrames, number, PASS_FRAMES, passOf } from "../../../bench/gateway/frames.ts";

const APPLICATION = "980000000000000003";

type Sent = { id: string; timestamp: string; guild_id: string; channel_id: string; content: string };

/** What is sent in so many passes, as a client reads it. */
async function sent(passes: number): Promise<Sent[]> {
  const frames = await messageFrames(APPLICATION);
  const ids = idsOf(APPLICATION);
  const found: Sent[] = [];
  for (let n = 0; n < passes; n++) {
    const pass = passOf(n, ids);
    for (const [i, frame] of frames.entries()) {
      number(frame.bytes, 0, frame, 10_000_000 + n * PASS_FRAMES + i, pass);
      found.push((JSON.parse(frame.bytes.toString()) as { d: Sent }).d);
    }
  }
  return found;
}

test("every guild goes on with one log's lines in their order, later in each pass, in one channel", async () => {
  const all = await sent(3);
  const first = all.slice(0, PASS_FRAMES);
  // The log in its own order: a guild's lines of one pass, then the next guild's.
  const log = Array.from({ length: GUILDS }, (_, g) => first.filter((_, i) => i % GUILDS === g)).flat();
  for (const guild of [0, 7, GUILDS - 1]) {
    const id = first[guild]?.guild_id;
    const said = all.filter((message) => message.guild_id === id);
    const from = guild * 4;
    expect(said.map(({ content }) => content)).toEqual(
      Array.from({ length: 12 }, (_, k) => log[(from + k) % log.length]?.content ?? "missing"),
    );
    expect(new Set(said.map(({ channel_id }) => channel_id)).size).toBe(1);
    const times = said.map(({ timestamp }) => Date.parse(timestamp));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
});

test("no two frames have one id", async () => {
  const all = await sent(2);
  expect(new Set(all.map(({ id }) => id)).size).toBe(2 * PASS_FRAMES);
});
