import { expect, test } from "bun:test";
import { GUILD_CREATE, MESSAGE_CREATE, type ToWorker } from "../../../shards/border/protocol.ts";
import { RingConsumer, ringMemory, STATE_SEEN } from "../../../shards/border/ring.ts";
import { entryOf } from "../../../shards/pool/entry.ts";
import { Inlet } from "../../../shards/pool/inlet.ts";
import { QuietGuilds } from "../../../shards/pool/quiet-guilds.ts";

const record = (kind: number, token: number) => ({ source: 0, kind, guildAt: -1, token, receivedAtMs: 0 });

/** An inlet of 4 kB, and its worker. */
function open() {
  let memory = ringMemory(4_096);
  let consumer = new RingConsumer(memory);
  const posts: ToWorker[] = [];
  const inlet = new Inlet(
    memory,
    new QuietGuilds(),
    (message) => posts.push(message),
    () => 0,
  );
  let next = 0;
  return {
    inlet,
    /** Its token; null: refused. */
    give(kind: number, bytes: number): number | null {
      const one = [record(kind, next), new Uint8Array(bytes)] as const;
      return inlet.place(...one, null) || inlet.defer(...one) ? next++ : null;
    },
    /** The worker reads all that it can, again and again; the tokens in the order in which it is done with them. */
    work(): readonly number[] {
      const tokens: number[] = [];
      for (consumer.look(); inlet.depth > 0; consumer.look()) {
        while (consumer.next()) consumer.mark(consumer.at, STATE_SEEN);
        while (inlet.ring.front() === STATE_SEEN) {
          tokens.push(inlet.ring.frontToken);
          inlet.drop();
        }
        inlet.advance();
      }
      return tokens;
    },
    restart(again: Parameters<Inlet["restart"]>[1]): void {
      memory = ringMemory(4_096);
      consumer = new RingConsumer(memory);
      inlet.restart(memory, again);
    },
  };
}

/** How many messages of so many bytes it takes before it refuses one. */
function messagesTaken({ give }: ReturnType<typeof open>, bytes: number): number {
  for (let n = 0; ; n++) if (give(MESSAGE_CREATE, bytes) === null) return n;
}

test("a message behind more events than the ring holds waits for its turn, and so does what comes after it", () => {
  const at = open();
  const given = Array.from({ length: 40 }, () => at.give(GUILD_CREATE, 300));
  given.push(at.give(MESSAGE_CREATE, 200), at.give(GUILD_CREATE, 300), at.give(MESSAGE_CREATE, 200));
  expect(at.inlet.overflows).toBe(true);
  expect(at.work()).toEqual(given as number[]);
});

test("messages are refused at nine tenths of the ring; behind events that fill it half of it may wait", () => {
  expect(messagesTaken(open(), 200)).toBe(Math.floor((4_096 * 0.9) / 240));
  const at = open();
  for (let n = 0; n < 100; n++) at.give(GUILD_CREATE, 300);
  expect(messagesTaken(at, 200)).toBe(Math.floor(4_096 / 2 / 240));
});

test("a ring that is full of messages refuses more of them at once, also where events wait behind it", () => {
  const at = open();
  messagesTaken(at, 200);
  while (!at.inlet.overflows) at.give(GUILD_CREATE, 100);
  expect(at.give(MESSAGE_CREATE, 200)).toBeNull();
  expect(at.inlet.shedEvents).toBe(0);
});

test("what the worker is done with makes room for as many again, also frames too large for the ring", () => {
  const at = open();
  const large = messagesTaken(at, 700);
  at.work();
  const small = messagesTaken(at, 200);
  at.work();
  expect(messagesTaken(at, 700)).toBe(large);
  at.work();
  for (let n = 0; n < 30; n++) at.give(GUILD_CREATE, 300);
  expect(messagesTaken(at, 200)).toBe(8);
  at.work();
  expect(messagesTaken(at, 200)).toBe(small);
});

test("another thread is given what the last one left first, then all that waited behind it", () => {
  const at = open();
  const small = messagesTaken(open(), 200);
  for (let n = 0; n < 20; n++) at.give(GUILD_CREATE, 300);
  at.give(MESSAGE_CREATE, 200);
  const behind = at.inlet.depth - at.inlet.ring.depth;
  at.restart([entryOf(record(MESSAGE_CREATE, 1_000), new Uint8Array(200), 0)]);
  expect(at.inlet.depth).toBe(1 + behind);
  // Two wait already.
  expect(messagesTaken(at, 200)).toBe(6);
  expect(at.work()[0]).toBe(1_000);
  expect(messagesTaken(at, 200)).toBe(small);
});

test("a worker that sleeps is woken once for all that one turn brings, and before its end where that is much", async () => {
  const memory = ringMemory(1 << 20);
  const consumer = new RingConsumer(memory);
  const inlet = new Inlet(
    memory,
    new QuietGuilds(),
    () => {},
    () => 0,
  );
  let wakes = 0;
  const { wake } = inlet.ring;
  inlet.ring.wake = () => {
    wakes++;
    wake.call(inlet.ring);
  };
  const asleep = consumer.sleep(60_000);
  for (let n = 0; n < 20; n++) inlet.place(record(MESSAGE_CREATE, n), new Uint8Array(1_500), null);
  expect(wakes).toBe(0);
  await asleep;
  expect(wakes).toBe(1);

  consumer.look();
  const again = consumer.sleep(60_000);
  for (let n = 0; n < 80; n++) inlet.place(record(MESSAGE_CREATE, n), new Uint8Array(1_500), null);
  expect(wakes).toBe(2);
  await again;
});

test("a message that is refused holds up no proof of silence: it will never be read", () => {
  const quiet = new QuietGuilds();
  const tickets: number[] = [];
  quiet.written = (_, ticket) => void tickets.push(ticket);
  const inlet = new Inlet(
    ringMemory(4_096),
    quiet,
    () => {},
    () => 0,
  );
  let placed = 0;
  for (let n = 0; n < 20; n++) if (inlet.place(record(MESSAGE_CREATE, n), new Uint8Array(500), 7)) placed++;
  expect(placed).toBeLessThan(20);
  expect(tickets).toEqual(Array.from({ length: placed }, (_, n) => n));
});
