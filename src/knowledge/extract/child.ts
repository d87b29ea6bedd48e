/** The child process of extract.ts: one file in by message, one answer out, until the parent disconnects or ends it. */
import type { ExtractAnswer, ExtractOrder } from "../extract.ts";
import { extractInside } from "./inside.ts";
import { readZip } from "./zip.ts";

process.on("message", (order: ExtractOrder) => {
  void answer(order).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));

async function answer({ id, task, bytes, path, mediaType, address }: ExtractOrder): Promise<ExtractAnswer> {
  try {
    if (task === "files") return { id, result: unpack(new Uint8Array(bytes)) };
    return { id, result: await extractInside(new Uint8Array(bytes), path, mediaType, address) };
  } catch (error) {
    // What a parser throws is about the file, not about us.
    const message = error instanceof Error ? error.message : String(error);
    return { id, result: { refused: `it cannot be read: ${message.slice(0, 200)}` } };
  }
}

function unpack(bytes: Uint8Array): ExtractAnswer["result"] {
  const entries = readZip(bytes);
  if ("refused" in entries) return entries;
  // A view would take all of the archive along.
  return { files: entries.map(({ name, content }) => ({ name, content: Uint8Array.from(content) })) };
}
