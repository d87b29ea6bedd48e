import { expect, test } from "bun:test";
import { generateKeyPairSync, sign } from "node:crypto";
import { probed } from "../../support/probe.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const KEY = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
const NOW = 1_767_225_600;

function signed(body: string, timestamp = String(NOW)) {
  const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString("hex");
  return { publicKey: KEY, timestamp, signature, body, now: NOW };
}

test("what Discord signed is accepted once; mutations, replays and old ones are refused with a reason", async () => {
  const good = signed('{"id":"1","type":2}');
  const rows = [
    good,
    good,
    { ...good, body: '{"id":"1","type":3}' },
    { ...signed('{"id":"2","type":2}'), timestamp: String(NOW + 1) },
    { ...signed('{"id":"3","type":2}'), now: NOW + 301 },
    { ...signed('{"id":"4","type":2}'), publicKey: "00".repeat(32) },
    { ...good, now: "today" },
  ];
  const answers = await probed("interaction", rows);
  expect(answers.map(({ accepted }) => accepted)).toEqual([true, false, false, false, false, false, undefined]);
  expect(answers[1]).toEqual({ accepted: false, reason: "replayed" });
  for (const { reason } of answers.slice(2, 6)) expect(reason).toEqual(expect.any(String));
  expect(answers[6]).toEqual({ error: expect.stringContaining("now") });
});

test("a PING may come again", async () => {
  const ping = signed('{"id":"9","type":1}');
  expect((await probed("interaction", [ping, ping])).map(({ accepted }) => accepted)).toEqual([true, true]);
});
