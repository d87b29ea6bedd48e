import { describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { createSealer, type Key } from "../../src/crypto.ts";

const key = (id: string): Key => ({ id, secret: new Uint8Array(randomBytes(32)) });
const [old, current] = [key("k1"), key("k2")];
const row = "bots/500000000000000001/token";

describe("a sealed secret", () => {
  const sealer = createSealer([current, old]);

  test("opens as what it was, and looks different each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (plain, where) => {
        const sealed = sealer.seal(plain, where);
        expect(sealer.open(sealed, where)).toBe(plain);
        expect(sealer.seal(plain, where)).not.toBe(sealed);
      }),
    );
  });

  test("does not open in another row", () => {
    expect(() => sealer.open(sealer.seal("token", row), "bots/500000000000000002/token")).toThrow("does not open");
  });

  test("does not open when one bit was changed", () => {
    const sealed = sealer.seal("token", row);
    const [version, id, nonce = "", body = ""] = sealed.split(".");
    for (const part of [nonce, body]) {
      const bytes = Buffer.from(part, "base64url");
      for (let i = 0; i < bytes.length; i++) {
        const changed = Buffer.from(bytes);
        changed[i] = (changed[i] ?? 0) ^ 1;
        const text = changed.toString("base64url");
        const parts = part === nonce ? [version, id, text, body] : [version, id, nonce, text];
        expect(() => sealer.open(parts.join("."), row)).toThrow("does not open");
      }
    }
  });

  test("does not open under the id of another key", () => {
    const sealed = sealer.seal("token", row).replace(".k2.", ".k1.");
    expect(() => sealer.open(sealed, row)).toThrow("does not open");
  });

  test("what is none is refused", () => {
    for (const text of [
      "",
      "v1",
      "v1.k2.a.b",
      "v2.k2.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
      "v1.k2.AAAAAAAAAAAAAAAA.AA",
    ]) {
      expect(() => sealer.open(text, row)).toThrow("not a sealed text");
    }
  });
});

describe("rotation", () => {
  test("old texts open, are stale, and are resealed with the newest key", () => {
    const sealed = createSealer([old]).seal("token", row);
    const both = createSealer([current, old]);
    expect(both.stale(sealed)).toBe(true);
    expect(both.open(sealed, row)).toBe("token");
    const resealed = both.reseal(sealed, row);
    expect(both.stale(resealed)).toBe(false);
    expect(createSealer([current]).open(resealed, row)).toBe("token");
  });

  test("a text whose key is gone names the key", () => {
    const sealed = createSealer([old]).seal("token", row);
    expect(() => createSealer([current]).open(sealed, row)).toThrow('"k1"');
  });

  test("keys that cannot be used are refused", () => {
    expect(() => createSealer([])).toThrow();
    expect(() => createSealer([{ id: "k1", secret: new Uint8Array(16) }])).toThrow("16 bytes");
    expect(() => createSealer([{ ...old, id: "a.b" }])).toThrow('"a.b"');
    expect(() => createSealer([old, { ...current, id: "k1" }])).toThrow("same id");
  });
});
