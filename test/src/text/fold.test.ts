import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { FOLD_BYTES_MAX, fold, sawOf } from "../../../src/text/fold.ts";

function folded(text: string): string {
  const { bytes, length } = fold(text);
  return Buffer.from(bytes.buffer, 0, length).toString("latin1");
}

describe("fold", () => {
  test("reads dressed-up letters as what they look like", () => {
    const plain = "free nitro";
    for (const text of [
      "FREE NITRO",
      "ｆｒｅｅ ｎｉｔｒｏ",
      "𝓯𝓻𝓮𝓮 𝓷𝓲𝓽𝓻𝓸",
      "frее nitrо",
      "f\u200bree n\u200ditro",
      "f̷r̷e̷e̷ n̶i̶t̶r̶o̶",
      "ⓕⓡⓔⓔ ⓝⓘⓣⓡⓞ",
      "ꜰʀᴇᴇ ɴɪᴛʀᴏ",
    ]) {
      expect(folded(text)).toBe(plain);
    }
  });

  test("reads Turkish typed with and without its letters as one", () => {
    expect(folded("IŞIĞI AÇAR MISIN İbrahim")).toBe("isigi acar misin ibrahim");
    expect(folded("ışığı açar mısın ibrahim")).toBe("isigi acar misin ibrahim");
  });

  test("texts that look the same have one hash, whatever their spaces and case", () => {
    const hash = fold("Free  NITRO\n now").hash;
    expect(fold("frее nitro now ").hash).toBe(hash);
    expect(fold("free nitro later").hash).not.toBe(hash);
  });

  test("a mention and a custom emoji are one byte each, and a lonely < is itself", () => {
    expect(folded("hi <@123> <:name:456> a<b")).toBe("hi \u0001 \u00c0 a<b");
    expect(fold("<@1> <@!2> <@&3>").mentions).toBe(3);
  });

  test("counts capitals, stacked marks and runs", () => {
    expect(fold("ABCdef")).toMatchObject({ letters: 6, upper: 3 });
    expect(fold("a\u0351\u036b\u0343").marks).toBe(3);
    expect(fold("yeeeeah").run).toBe(4);
  });

  test("never fails, never outgrows its buffers, and points back into the text, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const result = fold(text);
        expect(result.length).toBeLessThanOrEqual(FOLD_BYTES_MAX);
        for (let i = 0; i < result.length; i++) expect(result.at[i]).toBeLessThan(text.length);
        expect(sawOf(text, result, 0, result.length).length).toBeLessThanOrEqual(100);
      }),
    );
    expect(fold("x".repeat(100_000)).length).toBeLessThanOrEqual(FOLD_BYTES_MAX);
  });
});
