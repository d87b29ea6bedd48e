/**
 * What moderation adds to a message that it clears, beside the prefilter that it runs on it: whole ways through a pipeline with
 * moderation on and off, in turns on the same messages in this process, and the prefilter alone between them.
 */
import type { MessageId } from "../../src/ids.ts";
import type { Message } from "../../src/message.ts";
import { createPrefilterMemory, prefilter } from "../../src/prefilter.ts";
import { guildSettingsSchema } from "../../src/settings/form.ts";
import { APPLICATION, GUILD } from "../../test/support/build.ts";
import { openHouse } from "../../test/support/house.ts";
import { messageOf } from "../messages.ts";
import { atMost, type Goal, type Result, result, type SuiteOptions } from "../suite.ts";

const MESSAGES_MAX = 6_000;

export async function measureStage(
  texts: readonly string[],
  options: SuiteOptions,
  results: Result[],
  goals: Goal[],
): Promise<void> {
  const memory = createPrefilterMemory();
  const clear = texts
    .slice(0, MESSAGES_MAX)
    .map((text, i) => ({ ...messageOf(text, i), guildId: GUILD }))
    .filter((message) => prefilter(message, memory).moderation === "clear");
  const moderation = guildSettingsSchema.shape.moderation.parse({ on: true, rules: ["No insults"] });
  const off = await openHouse();
  const on = await openHouse({ settings: { moderation } });
  let id = 1_400_000_000_000_000_000n;
  const way = ({ pipeline, clock }: typeof on) => {
    const fresh = clear.map((message): Message => ({ ...message, id: String(id++) as MessageId }));
    return cpuOf(fresh, (message) => {
      pipeline.handle({ application: APPLICATION, message, receivedAtMs: clock.now() });
    });
  };
  const alone: number[] = [];
  const stage: number[] = [];
  const rounds = options.quick ? 5 : 15;
  for (let round = -2; round < rounds; round++) {
    options.progress("timing moderation's stage", Math.max(0, round) / rounds);
    const without = way(off);
    const looked = cpuOf(clear, (message) => prefilter(message, memory));
    const added = way(on) - without - looked;
    if (round < 0) continue;
    alone.push(looked);
    stage.push(added);
  }
  const look = result("a message that is clear: the prefilter alone, CPU time", "us", ...alone);
  const rest = result("a message that is clear: the rest of moderation's stage, CPU time", "us", ...stage);
  results.push(look, rest);
  goals.push(atMost("moderation's stage over the prefilter, on what is clear", 1, rest.value / look.value, "×"));
}

/** CPU microseconds a message. */
function cpuOf(messages: readonly Message[], run: (message: Message) => void): number {
  const before = process.cpuUsage();
  for (const message of messages) run(message);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / messages.length;
}
