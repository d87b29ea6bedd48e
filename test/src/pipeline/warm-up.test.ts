import { expect, test } from "bun:test";
import fc from "fast-check";
import { WARM_LINES, warmUp } from "../../../src/pipeline.ts";
import { createPrefilterMemory, lookAt, triageOf } from "../../../src/prefilter.ts";
import { consider, createSmartContext } from "../../../src/smart.ts";
import { CHANNEL, MEMBER, message } from "../../support/build.ts";

/** What is said of a line by stages that remember nothing else. */
function judged(content: string) {
  const read = message({ content, id: "900" });
  const look = lookAt(read);
  const triage = triageOf(look, createPrefilterMemory());
  const line = { channel: CHANNEL, author: MEMBER, name: "Ada", atMs: 0, text: content, machine: false, to: null };
  return { triage, smart: consider(line, createSmartContext(), look) };
}

test("a warm-up reads all of its lines", () => {
  expect(warmUp()).toBe(WARM_LINES);
});

test("a warm-up leaves nothing behind: any line is judged after it as before", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.nat({ max: 20 }), (content, lines) => {
      const before = judged(content);
      warmUp(lines);
      expect(judged(content)).toEqual(before);
    }),
    { numRuns: 50 },
  );
});
