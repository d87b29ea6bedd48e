/**
 * The peer: the least that an interactions endpoint can be. Bun.serve, one Ed25519 verification, a deferral; nothing looks at
 * what was asked and nothing is answered afterwards. Argument: the public key in hex. Prints its port.
 */
import { createPublicKey, verify } from "node:crypto";

/** DER's frame of an Ed25519 public key. */
const SPKI = "302a300506032b6570032100";
const key = createPublicKey({
  key: Buffer.from(SPKI + (process.argv[2] ?? ""), "hex"),
  format: "der",
  type: "spki",
});

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const body = Buffer.from(await request.arrayBuffer());
    const timestamp = Buffer.from(request.headers.get("x-signature-timestamp") ?? "");
    const signature = Buffer.from(request.headers.get("x-signature-ed25519") ?? "", "hex");
    if (!verify(null, Buffer.concat([timestamp, body]), key, signature)) return new Response(null, { status: 401 });
    return Response.json({ type: 5, data: {} });
  },
});
process.stdout.write(`${server.port}\n`);
