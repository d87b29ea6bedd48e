import { expect, test } from "bun:test";
import type { Logger } from "../../src/logger.ts";
import { createOutage } from "../../src/outage.ts";

function watched() {
  const lines: string[] = [];
  let nowMs = 1_000_000;
  const log = (fields: object, event: string) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  const logger = { warn: log, info: log } as unknown as Logger;
  const outage = createOutage({ began: "store-away", ended: "store-back" }, { clock: { now: () => nowMs }, logger });
  return {
    outage,
    lines,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("sixty thousand failures are one line, and the end is another", () => {
  const { outage, lines, pass } = watched();
  for (let i = 0; i < 60_000; i++) outage.failed(new Error("away"));
  expect(lines).toHaveLength(1);
  expect(outage.sinceMs()).not.toBeNull();
  pass(5_000);
  outage.worked();
  outage.worked();
  expect(lines).toEqual([expect.stringMatching(/^store-away /), 'store-back {"failures":60000,"ms":5000}']);
  expect(outage.sinceMs()).toBeNull();
});

test("a server that answers every second call is one outage", () => {
  const { outage, lines, pass } = watched();
  for (let i = 0; i < 100; i++) {
    outage.failed(new Error("away"));
    pass(10);
    outage.worked();
  }
  expect(lines).toHaveLength(1);
  pass(2_000);
  outage.worked();
  expect(lines).toHaveLength(2);
});
