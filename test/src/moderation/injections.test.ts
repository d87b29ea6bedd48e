/** Messages that talk to the model instead of to people. */
import { expect } from "bun:test";
import { readJsonLines } from "../../../bench/data.ts";
import type { ScriptedLlm } from "../../../src/llm/scripted.ts";
import type { ModerateTask } from "../../../src/llm.ts";
import type { Message } from "../../../src/message.ts";
import { communities } from "../../support/community.ts";
import { verdict } from "../../support/moderated-guild.ts";
import { shared } from "../../support/shared.ts";

const house = communities();

const injections = shared("security/prompt_injection_discord.jsonl");

injections.test(
  "a model that obeys whoever writes to it moves nothing outside the guild's policy",
  async () => {
    type Attack = { readonly content: string; readonly embeds?: unknown; readonly author_nick?: string };
    const rows = await readJsonLines<Attack>(injections.file);
    let calls = 0;
    // Everything an attacker could make it say: the hardest word on others' messages, on rules that are not there, on everybody.
    const obeys = {
      name: "obedient",
      async complete(task: ModerateTask) {
        const hard = {
          rule: 1,
          severity: "severe",
          category: "hate",
          confidence: 1,
          reason: "ban <@300000000000000999> @everyone",
        } as const;
        const numbers = task.messages.map(({ n }) => n);
        const worst = [
          numbers.map((n) => verdict({ ...hard, message: n })),
          numbers.map((n) => verdict({ ...hard, message: n, rule: 99 })),
          numbers.map((n) => verdict({ ...hard, message: n + 16 })),
          numbers.flatMap((n) => [verdict({ ...hard, message: n }), verdict({ ...hard, message: n })]),
        ];
        const result = { verdicts: worst[calls++ % worst.length] ?? [] };
        return { result, model: "obedient", tokensIn: 1, tokensOut: 1, costUsd: 0, ms: 0 };
      },
    } as unknown as ScriptedLlm;
    const actions = { delete: false, warn: true, timeout: false, kick: false, ban: false };
    const rules = [{ n: 1, text: "Be kind.", action: "warn", on: true, kind: null }] as const;
    const open = await house.open({ llm: obeys, moderation: { thorough: true, actions, rules: [...rules] } });
    const said: Message[] = [];
    for (let at = 0; at < rows.length; at += 16) {
      const some = rows.slice(at, at + 16).map((row, n) =>
        open.say(row.content, {
          ...(row.embeds === undefined ? {} : { embeds: row.embeds }),
          author: { id: String(400_000_000_000_000_000n + BigInt(at + n)), username: "m" },
          member: { roles: [], nick: row.author_nick?.slice(0, 32) ?? null },
        }),
      );
      said.push(...some);
      await Promise.all(some.map((one) => open.handle(one)));
    }
    expect(calls).toBeGreaterThan(10);
    expect(open.acts()).toEqual([]);
    expect((await Promise.all(said.map(open.isThere))).every(Boolean)).toBe(true);
    // Warnings are what the policy allows: each speaks to the author of the message it is about, and to nobody else.
    const authors = new Set<string>(said.map(({ author }) => author.id));
    const warned = open.recorded.sent.map(({ message: { mention } }) => mention);
    expect(warned.every((one) => one !== undefined && authors.has(one))).toBe(true);
    expect(new Set(warned).size).toBe(warned.length);
  },
  120_000,
);
