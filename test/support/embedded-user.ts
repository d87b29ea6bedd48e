/** Run as a process: uses the embedded PostgreSQL of the folder it is given, says its URL, and waits to be told to stop, told to exit without, or killed. */
import { startEmbedded } from "../../src/store/embedded.ts";
import { quiet } from "./postgres.ts";

const server = await startEmbedded({ dataDir: process.argv[2] ?? "", logger: quiet });
process.stdout.write(`${server.url}\n`);
for await (const told of process.stdin) {
  if (String(told).startsWith("exit")) process.exit(0);
  await server.stop();
  process.stdout.write("stopped\n");
  process.exit(0);
}
