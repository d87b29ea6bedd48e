import { expect, test } from "bun:test";
import { adviceFor, CLOSE_FOR_GOOD, CLOSE_RESUMABLE, meaningOf } from "../../../shards/gateway/close-codes.ts";

test("Discord's table: what stops, what ends the session, what can be resumed", () => {
  const codes = Array.from({ length: 1_000 }, (_, i) => 4_000 + i);
  expect(codes.filter((code) => meaningOf(code) === "stop")).toEqual([4004, 4010, 4011, 4012, 4013, 4014]);
  expect(codes.filter((code) => meaningOf(code) === "identify")).toEqual([4003, 4007, 4009]);
  for (const code of [null, 1000, 1001, 1006, 1011, 1012]) expect(meaningOf(code)).toBe("resume");
});

test("each code that stops says what to do", () => {
  for (const code of [4004, 4010, 4011, 4012, 4013, 4014]) expect(adviceFor(code)).toMatch(/\. |, or /);
});

test("our own codes keep a session or end it as Discord reads them", () => {
  expect(CLOSE_RESUMABLE).toBeGreaterThanOrEqual(4_000);
  expect(CLOSE_FOR_GOOD).toBe(1_000);
});
