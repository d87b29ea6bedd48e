import { expect, test } from "bun:test";
import { Waiting, type WaitingMessage } from "../../../shards/pool/waiting.ts";

const message = (token: number): WaitingMessage => ({
  ...{ source: 0, token, receivedAtMs: 0, place: 0, version: 0, channelHash: 0, ticket: 0, posts: 0 },
});

test("what waits comes back in order, and no more than some thousands wait", () => {
  const waiting = new Waiting();
  let [next, back] = [0, 0];
  for (let round = 0; round < 3; round++) {
    while (!waiting.isFull) waiting.push(message(next++));
    expect(waiting.size).toBeLessThanOrEqual(1 << 15);
    for (let n = 0; n < 20_000; n++) {
      expect(waiting.front()?.token).toBe(back++);
      waiting.drop();
    }
  }
  while (waiting.size > 0) {
    expect(waiting.front()?.token).toBe(back++);
    waiting.drop();
  }
  expect(back).toBe(next);
  expect(waiting.front()).toBeUndefined();
});
