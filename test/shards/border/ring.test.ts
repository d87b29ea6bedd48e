import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  RingConsumer,
  RingProducer,
  ringMemory,
  STATE_CODE,
  STATE_HELD,
  STATE_SEEN,
  STATE_STARTED,
  STATE_WRITTEN,
} from "../../../shards/border/ring.ts";

const record = (token: number) => ({ source: 3, kind: 1, guildAt: 7, token, receivedAtMs: token + 0.5 });

describe("the ring", () => {
  test("hands over every record in order and unchanged, over any number of wraps", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            { weight: 3, arbitrary: fc.record({ write: fc.integer({ min: 1, max: 500 }) }) },
            { weight: 2, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 9 }) }) },
          ),
          { minLength: 50, maxLength: 400 },
        ),
        (steps) => {
          const memory = ringMemory(4096);
          const producer = new RingProducer(memory);
          const consumer = new RingConsumer(memory);
          let written = 0;
          let read = 0;
          let back = 0;
          for (const step of steps) {
            if ("write" in step) {
              const payload = Buffer.alloc(step.write, written % 251);
              const room = producer.hasRoom(payload.length);
              const taken = producer.write(record(written), payload) >= 0;
              expect(room).toBe(taken);
              if (taken) written++;
            } else {
              consumer.look();
              for (let n = 0; n < step.read && consumer.next(); n++) {
                expect(consumer.ticket).toBe(read);
                expect(consumer.receivedAtMs).toBe(read + 0.5);
                const payload = consumer.window.subarray(consumer.start, consumer.end);
                expect(payload.length).toBeGreaterThan(0);
                expect(payload.every((byte) => byte === read % 251)).toBe(true);
                consumer.mark(consumer.at, STATE_CODE);
                read++;
              }
              while (producer.front() === STATE_CODE) {
                expect(producer.frontToken).toBe(back++);
                producer.drop();
              }
            }
            expect(producer.used).toBeLessThanOrEqual(producer.capacity);
            expect(producer.depth).toBe(written - back);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("refuses when full, and takes again once the oldest is taken back", () => {
    const memory = ringMemory(4096);
    const producer = new RingProducer(memory);
    const consumer = new RingConsumer(memory);
    let written = 0;
    while (producer.write(record(written), Buffer.alloc(400)) >= 0) written++;
    expect(written).toBeGreaterThan(5);
    consumer.look();
    consumer.next();
    expect(producer.front()).toBe(STATE_WRITTEN);
    consumer.mark(consumer.at, STATE_CODE);
    expect(producer.front()).toBe(STATE_CODE);
    producer.drop();
    expect(producer.write(record(written), Buffer.alloc(400))).toBe(written);
  });

  test("says whether the worker still needs the oldest, also where the ring begins anew before it", () => {
    const memory = ringMemory(4096);
    const producer = new RingProducer(memory);
    const consumer = new RingConsumer(memory);
    expect(producer.isFrontPending()).toBe(false);
    for (let n = 0; n < 30; n++) {
      producer.write(record(n), Buffer.alloc(700));
      consumer.look();
      consumer.next();
      for (const state of [STATE_WRITTEN, STATE_STARTED]) {
        consumer.mark(consumer.at, state);
        expect(producer.isFrontPending()).toBe(true);
      }
      for (const state of [STATE_HELD, STATE_SEEN, STATE_CODE, STATE_CODE + 7]) {
        consumer.mark(consumer.at, state);
        expect(producer.isFrontPending()).toBe(false);
      }
      producer.front();
      producer.drop();
    }
  });

  test("keeps what is held for a copy, in whichever state the worker left it", () => {
    const memory = ringMemory(4096);
    const producer = new RingProducer(memory);
    const consumer = new RingConsumer(memory);
    producer.write(record(11), Buffer.from("kept"));
    consumer.look();
    consumer.next();
    consumer.mark(consumer.at, STATE_HELD);
    expect(producer.front()).toBe(STATE_HELD);
    expect(producer.copy()).toEqual({ record: record(11), payload: Buffer.from("kept") });
  });

  test("wakes a sleeping consumer, and lets it sleep no longer than asked", async () => {
    const memory = ringMemory(4096);
    const producer = new RingProducer(memory);
    const consumer = new RingConsumer(memory);
    await consumer.sleep(5);
    expect(producer.isAsleep).toBe(false);
    const asleep = consumer.sleep(60_000);
    producer.write(record(1), Buffer.from("x"));
    expect(producer.isAsleep).toBe(true);
    producer.wake();
    await asleep;
    expect(consumer.look()).toBe(true);
  });

  test("does not sleep over a record that came between looking and sleeping", async () => {
    const memory = ringMemory(4096);
    const producer = new RingProducer(memory);
    const consumer = new RingConsumer(memory);
    consumer.look();
    producer.write(record(1), Buffer.from("x"));
    await consumer.sleep(60_000);
    expect(consumer.look()).toBe(true);
  });

  test("gives a record back that cannot be taken yet", () => {
    const memory = ringMemory(4096);
    const producer = new RingProducer(memory);
    const consumer = new RingConsumer(memory);
    producer.write(record(1), Buffer.from("x"));
    consumer.look();
    consumer.next();
    consumer.undo();
    expect(consumer.next()).toBe(true);
    expect(consumer.ticket).toBe(0);
  });
});
