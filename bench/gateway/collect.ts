/** Preloaded into a process whose memory is measured: SIGUSR2 makes all its threads collect their garbage. */
import { isMainThread } from "node:worker_threads";

const channel = new BroadcastChannel("bench-collect");
(channel as unknown as { unref(): void }).unref();
if (isMainThread) {
  process.on("SIGUSR2", () => {
    channel.postMessage(null);
    Bun.gc(true);
  });
} else {
  channel.onmessage = () => void Bun.gc(true);
}
