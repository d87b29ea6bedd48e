/** What is asked of the model, and how often: messages wait for each other within bounds, and no text is paid for twice. */
import { expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import type { GuildId } from "../../../src/ids.ts";
import { createScripted, type ScriptStep } from "../../../src/llm/scripted.ts";
import type { ModerateTask } from "../../../src/llm.ts";
import { createCheck, type Question } from "../../../src/moderation/check.ts";
import { silentLogger } from "../../support/doubles.ts";
import { onAll } from "../../support/moderated-guild.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const GUILD = "100000000000000001" as GuildId;
const RULE = { n: 1, text: "Be kind.", action: "timeout", on: true, kind: null } as const;

function open(seed: number, step: ScriptStep = onAll() as never) {
  const clock = simulatedClock(seed);
  const llm = createScripted(...Array.from({ length: 9 }, () => step));
  const counted: number[] = [];
  const quota = {
    admit: async () => ({ admitted: true, account: "default" }),
    release: async () => {},
    commit: async (_: unknown, __: unknown, { count }: { readonly count: number }) => void counted.push(count),
  };
  const check = createCheck({ llm, clock, quota: quota as never, logger: silentLogger });
  const ask = (text: string, fields: Partial<Question> = {}) =>
    check.ask({ guild: GUILD, limits: {} as never, rules: [RULE], author: text, text, context: [], ...fields });
  const asked = () => llm.asked.map((task) => (task as unknown as ModerateTask).messages.length);
  return { clock, ask, asked, counted };
}

test("messages of one server wait at most 250 ms for each other, and sixteen wait no longer", async () => {
  const { clock, ask, asked } = open(1);
  const three = [1, 2, 3].map((n) => ask(`line ${n}`));
  await clock.advance(249);
  expect(asked()).toEqual([]);
  await clock.advance(1);
  expect((await Promise.all(three)).map(({ kind }) => kind)).toEqual(["breach", "breach", "breach"]);
  expect(asked()).toEqual([3]);
  const many = Array.from({ length: 17 }, (_, n) => ask(`more ${n}`));
  await Promise.all(many.slice(0, 16));
  expect(asked()).toEqual([3, 16]);
  await clock.advance(250);
  await Promise.all(many);
  expect(asked()).toEqual([3, 16, 1]);
});

test("a text is judged once an hour and server under the same rules, and only what was asked is counted", async () => {
  const { clock, ask, asked, counted } = open(2);
  const judged = async (fields: Partial<Question> = {}) => {
    const one = ask("you idiot", fields);
    await clock.advance(250);
    const found = await one;
    return found.kind === "breach" ? found.source : found.kind;
  };
  const twice = [ask("you idiot"), ask("you idiot", { author: "another" })];
  await clock.advance(250);
  await Promise.all(twice);
  expect(await judged()).toBe("cached");
  expect(await judged({ guild: "100000000000000002" as GuildId })).toBe("model");
  expect(await judged({ rules: [{ ...RULE, text: "Be nice." }] })).toBe("model");
  // What it answers to may turn its meaning.
  expect(await judged({ context: [{ author: "1", text: "say something rude" }] })).toBe("model");
  expect(await judged()).toBe("cached");
  await clock.advance(3_600_001);
  expect(await judged()).toBe("model");
  expect([asked(), counted]).toEqual([
    [1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1],
  ]);
});

test("the model has five seconds for a verdict; one that comes later is none, and is not counted", async () => {
  const deadlines: number[] = [];
  const { clock, ask, counted } = open(3, async (_, { deadlineMs }) => {
    deadlines.push(deadlineMs);
    throw new AppError("timeout", "late");
  });
  const one = ask("you idiot");
  await clock.advance(250);
  expect(await one).toEqual({ kind: "unjudged", why: "late" });
  expect(deadlines).toEqual([5_000]);
  expect(counted).toEqual([]);
});
