import { expect, test } from "bun:test";
import { probed } from "../../support/probe.ts";

test("a text comes back in parts that Discord takes, fences closed and opened again", async () => {
  const code = `Run this:\n\`\`\`sh\n${"echo one two three\n".repeat(200)}\`\`\``;
  const [short, long, bad] = await probed<{ id: unknown; parts: string[] }>("split", [
    { id: 1, text: "hello" },
    { id: "b", text: code },
    { id: 3 },
  ]);
  expect(short).toEqual({ id: 1, parts: ["hello"] });
  expect(long?.parts.length).toBeGreaterThan(1);
  for (const part of long?.parts ?? []) {
    expect(part.length).toBeLessThanOrEqual(2_000);
    expect((part.match(/```/g) ?? []).length % 2).toBe(0);
  }
  expect(bad).toEqual({ id: 3, error: expect.stringContaining("text") } as never);
});
