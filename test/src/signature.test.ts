/** Who signed: what Discord signs is accepted, and nothing else, whichever way it was bent. */
import { describe, expect, test } from "bun:test";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isUsableKey, verifyEd25519, verifyInteraction } from "../../src/signature.ts";
import { shared } from "../support/shared.ts";

const NOW_MS = 1_800_000_000_000;
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const KEY = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");

function request(body = '{"id":"1","type":2}', timestamp = String(NOW_MS / 1_000)) {
  const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString("hex");
  return { publicKey: KEY, timestamp, signature, body: new TextEncoder().encode(body), nowMs: NOW_MS };
}

describe("verifyInteraction", () => {
  test("accepts what was signed, over the raw bytes", () => {
    expect(verifyInteraction(request()).reason).toBe("signed");
    expect(verifyInteraction(request('{ "a":"ığ\\u0000😀" }')).accepted).toBe(true);
    expect(verifyInteraction({ ...request(), publicKey: KEY.toUpperCase() }).accepted).toBe(true);
  });

  test("refuses a body, timestamp or signature of which one bit is another", () => {
    const good = request();
    for (let bit = 0; bit < good.body.length * 8; bit++) {
      const body = good.body.slice();
      body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyInteraction({ ...good, body }).accepted).toBe(false);
    }
    for (let at = 0; at < 128; at++) {
      const digit = good.signature[at] === "0" ? "1" : "0";
      const signature = good.signature.slice(0, at) + digit + good.signature.slice(at + 1);
      expect(verifyInteraction({ ...good, signature }).accepted).toBe(false);
    }
    expect(verifyInteraction({ ...good, timestamp: String(NOW_MS / 1_000 + 1) }).reason).toBe("signature");
  });

  test("refuses a border between timestamp and body that was moved", () => {
    const stamp = String(NOW_MS / 1_000);
    const good = request("7{}", stamp);
    const moved = { ...good, timestamp: `${stamp}7`, body: new TextEncoder().encode("{}") };
    expect(verifyInteraction({ ...moved, nowMs: Number(`${stamp}7`) * 1_000 }).accepted).toBe(true);
    // The bytes are the same, so only its age tells it apart.
    expect(verifyInteraction(moved).reason).toBe("timestamp-age");
  });

  test("refuses forms that are none", () => {
    const good = request();
    for (const signature of [
      "",
      good.signature.slice(2),
      `${good.signature}00`,
      good.signature.replace(/^../, "zz"),
      `${good.signature.slice(0, 127)} `,
    ]) {
      expect(verifyInteraction({ ...good, signature }).reason).toBe("signature-form");
    }
    for (const timestamp of [
      "",
      "-1",
      "1e9",
      " 1800000000",
      "1800000000.0",
      "0x6b49d200",
      "123456789012",
      "١٨٠٠٠٠٠٠٠٠",
    ]) {
      expect(verifyInteraction({ ...good, timestamp }).reason).toBe("timestamp-form");
    }
  });

  test("refuses what is older or newer than five minutes", () => {
    for (const [awayS, accepted] of [
      [0, true],
      [300, true],
      [301, false],
      [-300, true],
      [-301, false],
      [100_000_000, false],
    ] as const) {
      const one = request("{}", String(NOW_MS / 1_000 - awayS));
      expect([awayS, verifyInteraction(one).accepted]).toEqual([awayS, accepted]);
    }
  });

  test("refuses keys with which anybody can sign, and keys in another form", () => {
    const small = [
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      // With the sign's bit set, and beyond the prime.
      "0000000000000000000000000000000000000000000000000000000000000080",
      "0100000000000000000000000000000000000000000000000000000000000080",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];
    for (const key of small) {
      expect([key, isUsableKey(key)]).toEqual([key, false]);
      expect(verifyInteraction({ ...request(), publicKey: key }).accepted).toBe(false);
    }
    expect(isUsableKey(KEY)).toBe(true);
    expect(isUsableKey(KEY.slice(2))).toBe(false);
  });
});

const vectors = shared("security/wycheproof");

describe("known vectors", () => {
  vectors.test("of Wycheproof are all judged right", () => {
    const { testGroups } = JSON.parse(readFileSync(join(vectors.file, "ed25519_test.v1.json"), "utf8")) as {
      testGroups: {
        publicKey: { pk: string };
        tests: { tcId: number; msg: string; sig: string; result: string }[];
      }[];
    };
    const wrong = testGroups.flatMap(({ publicKey: { pk }, tests }) =>
      tests
        .filter(({ msg, sig, result }) => verifyEd25519(pk, Buffer.from(msg, "hex"), sig) !== (result === "valid"))
        .map(({ tcId }) => tcId),
    );
    expect(wrong).toEqual([]);
  });

  vectors.test("of the EdDSA survey: small order, S beyond the order and other forms are refused", () => {
    const cases = JSON.parse(readFileSync(join(vectors.file, "speccheck_cases.json"), "utf8")) as {
      message: string;
      pub_key: string;
      signature: string;
    }[];
    const accepted = cases.flatMap(({ message, pub_key, signature }, index) =>
      verifyEd25519(pub_key, Buffer.from(message, "hex"), signature) ? [index] : [],
    );
    for (const index of [0, 1, 6, 7, 8, 9, 10, 11]) expect(accepted).not.toContain(index);
  });
});
