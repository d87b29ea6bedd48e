/** The limit: a raw Bun WebSocket, JSON.parse of each frame, and nothing else. Counts; its parent asks over IPC. */
const [url = "", token = ""] = process.argv.slice(2);
let frames = 0;
const socket = new WebSocket(url);
socket.onmessage = (event) => {
  const frame = JSON.parse(event.data as string) as { op: number; t: string | null };
  if (frame.t === "MESSAGE_CREATE") frames++;
  else if (frame.op === 10) socket.send(JSON.stringify({ op: 2, d: { token, intents: 0, properties: {} } }));
};
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ frames, cpuMs: (user + system) / 1_000, atMs: performance.timeOrigin + performance.now() });
});
process.on("disconnect", () => process.exit(0));

export {};
