/** What every peer's program has: where to connect, and a count that the bench asks for over IPC. */
const [api = "", gateway = "", token = "", what = "gateway"] = process.argv.slice(2);

export const peer = { api, gateway, token, what, frames: 0, guilds: 0 };

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({
    frames: peer.frames,
    guilds: peer.guilds,
    cpuMs: (user + system) / 1_000,
    atMs: performance.timeOrigin + performance.now(),
  });
});
process.on("disconnect", () => process.exit(0));
