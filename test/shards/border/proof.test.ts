import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Finder, Proof } from "../../../shards/border/proof.ts";
import { IdStrings } from "../../../src/payload/id-strings.ts";
import { BOT, messageFrame } from "../support/frames.ts";

/** Frames one after the other in the same bytes, as in the ring. */
function laid(frames: readonly Buffer[]) {
  const bytes = Buffer.concat(frames.flatMap((frame) => [Buffer.alloc(40), frame]));
  let at = 0;
  const places = frames.map((frame) => {
    const start = at + 40;
    at = start + frame.length;
    return { start, end: at };
  });
  return { bytes, places };
}

const ROLE = [Buffer.from("555")];
const ids = new IdStrings();
const digits = fc.stringMatching(/^[1-9]\d{2,18}$/);

describe("the proof of absence", () => {
  test("agrees with looking at each frame's text, for any frames in a row", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            content: fc.oneof(
              fc.string({ unit: "binary", maxLength: 60 }),
              fc.constantFrom(`<@${BOT}>`, `<@!${BOT}> hi`, `x${BOT}`, "<@&555>"),
            ),
            channel: digits,
            reference: fc.option(digits),
          }),
          { minLength: 1, maxLength: 30 },
        ),
        (messages) => {
          const frames = messages.map(({ content, channel, reference }, seq) => {
            const frame = JSON.parse(messageFrame({ seq, content, channel }).toString());
            if (reference !== null)
              Object.assign(frame.d, { message_reference: { channel_id: reference }, referenced_message: null });
            return Buffer.from(JSON.stringify(frame));
          });
          const { bytes, places } = laid(frames);
          const proof = new Proof();
          const alone = new Proof();
          const self = new Finder(BOT);
          proof.over(bytes);
          places.forEach(({ start, end }, i) => {
            const text = frames[i]?.toString() ?? "";
            const lacks = !text.includes(BOT) && !text.includes("555") && !text.includes("\\u003");
            expect(proof.isPlain(start, end) && proof.lacks([BOT, "555"], start, end)).toBe(lacks);
            const { channel = "", reference = null } = messages[i] ?? {};
            const at = proof.channelAt(start, end);
            if (reference !== null && reference !== channel) expect(at).toBe(-1);
            else expect(ids.of(bytes, at)).toBe(channel);
            // All at once it says the same, beside others and alone.
            const silentAt = lacks ? at : -1;
            expect(proof.silentChannelAt(self, ROLE, bytes.subarray(start, end), start)).toBe(silentAt);
            const frame = frames[i] as Buffer;
            alone.over(frame);
            expect(alone.silentChannelAt(self, ROLE, frame, 0)).toBe(silentAt < 0 ? -1 : silentAt - start);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  test("does not hold for an id whose digits are written as escapes", () => {
    const frame = Buffer.from(
      messageFrame({ seq: 1, content: "MARK" })
        .toString()
        .replace("MARK", `\\u0039${BOT.slice(1)}`),
    );
    const proof = new Proof();
    proof.over(frame);
    expect(proof.isPlain(0, frame.length)).toBe(false);
  });

  test("does not hold for a reply whose original was left out: it may have been the bot's", () => {
    const proof = new Proof();
    for (const [extra, lacks] of [
      [{ message_reference: { message_id: "1" } }, false],
      [{ message_reference: { message_id: "1" }, referenced_message: null }, true],
      [{ message_reference: { message_id: "1" }, referenced_message: { author: { id: BOT } } }, false],
    ] as const) {
      const frame = JSON.parse(messageFrame({ seq: 1 }).toString());
      Object.assign(frame.d, extra);
      const bytes = Buffer.from(JSON.stringify(frame));
      proof.over(bytes);
      expect(proof.isPlain(0, bytes.length) && proof.lacks([BOT], 0, bytes.length)).toBe(lacks);
    }
  });

  test("starts over with other bytes", () => {
    const finder = new Finder("needle");
    expect(finder.next(Buffer.from("no such thing here"), 0)).toBe(Number.POSITIVE_INFINITY);
    expect(finder.next(Buffer.from("a needle"), 0)).toBe(2);
  });

  test("finds the next one from wherever it is asked for, also backwards", () => {
    const needle = "ab";
    const text = fc.stringMatching(/^[abc]{0,40}$/);
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 40 }), { maxLength: 20 }), (said, places) => {
        const bytes = Buffer.from(said);
        const finder = new Finder(needle);
        for (const from of places) {
          const at = said.indexOf(needle, from);
          const expected = at < 0 ? Number.POSITIVE_INFINITY : at;
          if (from <= bytes.length) expect(finder.next(bytes, from)).toBe(expected);
        }
      }),
    );
  });
});
