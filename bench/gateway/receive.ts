/** What receiving takes by itself: a shard's own socket, and nothing done with a frame but counting it. Its parent asks over IPC. */
import { webSocketOpener } from "../../shards/gateway/socket.ts";

const [url = "", token = ""] = process.argv.slice(2);
let frames = 0;
let isIdentified = false;
const socket = webSocketOpener("none")(url, {
  opened() {},
  frame() {
    if (isIdentified) frames++;
    // The first is HELLO.
    else {
      isIdentified = true;
      socket.send(JSON.stringify({ op: 2, d: { token, intents: 0, properties: {} } }));
    }
  },
  broken: (problem) => fail(problem),
  closed: (_, problem) => fail(problem),
});

function fail(problem: string): never {
  throw new Error(problem);
}

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ frames, cpuMs: (user + system) / 1_000, atMs: performance.timeOrigin + performance.now() });
});
process.on("disconnect", () => process.exit(0));
