/** What receiving takes by itself: Bun's `ws`, as a shard uses it, and nothing done with a frame but counting it. Its parent asks over IPC. */
import { WebSocket } from "ws";

const [url = "", token = ""] = process.argv.slice(2);
let frames = 0;
let isIdentified = false;
const socket = new WebSocket(url);
socket.on("message", () => {
  if (isIdentified) frames++;
  // The first is HELLO.
  else {
    isIdentified = true;
    socket.send(JSON.stringify({ op: 2, d: { token, intents: 0, properties: {} } }));
  }
});
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ frames, cpuMs: (user + system) / 1_000, atMs: performance.timeOrigin + performance.now() });
});
process.on("disconnect", () => process.exit(0));
