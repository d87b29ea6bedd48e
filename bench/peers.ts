/** The peers' programs and what they need: `bench/peers` has a package.json of its own, installed when a suite asks for it. */
import { join } from "node:path";

export const PEERS = join(import.meta.dir, "peers");
const INSTALL_MS_MAX = 180_000;

/** As the lockfile says; nothing to do when they are there. Throws with what npm's registry, or the network, said. */
export async function installPeers(progress: (what: string) => void): Promise<void> {
  progress("installing the peers");
  await installBeside(PEERS, "the peers", "peers=off");
}

/** What a folder beside this file has a package.json of its own for. `off`: what leaves it out of a suite. */
export async function installBeside(folder: string, what: string, off: string): Promise<void> {
  const child = Bun.spawn([process.execPath, "install", "--frozen-lockfile"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: INSTALL_MS_MAX,
  });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) === 0) return;
  throw new Error(`${what} could not be installed (--set ${off} leaves them out): ${said.trim().slice(-500)}`);
}
