import { expect, test } from "bun:test";
import type { Dispatch } from "../../../shards/border/protocol.ts";
import { createShard } from "../../../shards/gateway/shard.ts";
import type { SocketListener } from "../../../shards/gateway/socket.ts";
import { createClock, silentLogger } from "../../support/doubles.ts";
import { messageFrame } from "../support/frames.ts";

async function live() {
  const clock = createClock();
  const dispatches: Dispatch[] = [];
  let socket: SocketListener | undefined;
  const shard = createShard({
    session: {
      ...{ shard: 0, shards: 1, token: "t", intents: 0, gatewayUrl: () => "ws://x", largeThreshold: null },
      ...{ properties: { os: "test", browser: "test", device: "test" }, presence: null, resume: null },
    },
    open(_, listener) {
      socket = listener;
      return { send() {}, end() {} };
    },
    clock,
    logger: silentLogger,
    permit: async () => ({ granted: true }),
    remember() {},
    events: { dispatch: (dispatch) => dispatches.push(dispatch), state() {}, fatal() {} },
  });
  shard.start();
  const say = (payload: unknown) => socket?.frame(Buffer.from(JSON.stringify(payload)));
  socket?.opened();
  say({ t: null, s: null, op: 10, d: { heartbeat_interval: 600_000 } });
  await Bun.sleep(0);
  say({ t: "READY", s: 1, op: 0, d: { session_id: "a", resume_gateway_url: "ws://x" } });
  dispatches.length = 0;
  return { clock, dispatches, shard, frame: (bytes: Buffer, chunk?: Buffer) => socket?.frame(bytes, chunk) };
}

test("frames of one chunk came at one time and say where they lie, frames that lie alone came when they are read", async () => {
  const { clock, dispatches, frame, shard } = await live();
  const frames = [2, 3].map((seq) => messageFrame({ seq }));
  const chunk = Buffer.concat(frames);
  const [one = chunk] = frames;
  frame(chunk.subarray(0, one.length), chunk);
  const firstAtMs = clock.now();
  await clock.advance(1_000);
  await Bun.sleep(2);
  frame(chunk.subarray(one.length), chunk);
  expect(dispatches.map((dispatch) => dispatch.chunk)).toEqual([chunk, chunk]);
  expect(dispatches[1]?.receivedAtMs).toBe(dispatches[0]?.receivedAtMs as number);
  expect(shard.state().lastDispatchAtMs).toBe(firstAtMs);
  const alone = messageFrame({ seq: 4 });
  frame(alone);
  expect(dispatches[2]?.chunk).toBeUndefined();
  expect(dispatches[2]?.receivedAtMs).toBeGreaterThan(dispatches[1]?.receivedAtMs as number);
  expect(shard.state().lastDispatchAtMs).toBe(clock.now());
  await Bun.sleep(2);
  frame(messageFrame({ seq: 5 }));
  expect(dispatches[3]?.receivedAtMs).toBeGreaterThan(dispatches[2]?.receivedAtMs as number);
});
