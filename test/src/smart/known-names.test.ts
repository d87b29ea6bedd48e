import { expect, test } from "bun:test";
import fc from "fast-check";
import { createChannelTalk, type Speaker, speakerOf } from "../../../src/smart/channel-talk.ts";
import { type KnownNames, namedIn, putName } from "../../../src/smart/known-names.ts";
import { fold } from "../../../src/text/fold.ts";

const folded = (text: string) => {
  const { bytes, length } = fold(text);
  return Buffer.from(bytes.subarray(0, length)).toString("latin1");
};
/** Names that share beginnings and letters, with and without an ASCII form. */
const names = fc.stringMatching(/^[abAÄжŞ1_.]{1,6}$/u);

test("finds who a map of folded names finds", () => {
  fc.assert(
    fc.property(fc.array(names, { maxLength: 40 }), fc.array(names, { minLength: 1, maxLength: 12 }), (met, words) => {
      const talk = createChannelTalk();
      const known: KnownNames = new Map();
      const plain = new Map<string, Speaker>();
      for (const [i, name] of met.entries()) {
        const speaker = speakerOf(talk, String(i), folded(name));
        putName(known, speaker);
        plain.set(speaker.name, speaker);
      }
      const { bytes, length } = fold(words.join(" "));
      for (let from = 0, to = 0; to <= length; to++) {
        if (to < length && bytes[to] !== 32) continue;
        const name = Buffer.from(bytes.subarray(from, to)).toString("latin1");
        expect(namedIn(known, bytes, from, to)).toBe(plain.get(name) as Speaker);
        from = to + 1;
      }
    }),
  );
});

test("is bounded: a channel with too many names begins anew", () => {
  const talk = createChannelTalk();
  const known: KnownNames = new Map();
  for (let i = 0; i < 3_000; i++) {
    putName(known, speakerOf(talk, String(i), `member-${i}`));
    expect(known.size).toBeLessThanOrEqual(1_024);
  }
});
