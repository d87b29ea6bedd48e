/**
 * The child process of extract.ts: one order in by message, one answer out, until the parent disconnects or ends it. A parent that
 * is killed closes the channel; while a parser keeps this thread busy a thread beside it sees that the parent is gone.
 */
import type { ExtractAnswer, ExtractOrder } from "../extract.ts";
import { extractInside } from "./inside.ts";
import { readZip } from "./zip.ts";

new Worker(new URL("./orphan.ts", import.meta.url));
process.on("message", (order: ExtractOrder) => {
  void answer(order).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));

async function answer(order: ExtractOrder): Promise<ExtractAnswer> {
  const { id } = order;
  try {
    if (order.task === "cut") {
      const { documentOf } = await import("../import/document.ts");
      return { id, result: { documents: order.texts.map(documentOf) } };
    }
    const { task, bytes, path, mediaType, address } = order;
    if (task === "files") return { id, result: unpack(new Uint8Array(bytes)) };
    return { id, result: await extractInside(new Uint8Array(bytes), path, mediaType, address) };
  } catch (error) {
    // A parser's error is about the file, not about our code.
    const message = error instanceof Error ? error.message : String(error);
    return { id, result: { refused: `it cannot be read: ${message.slice(0, 200)}` } };
  }
}

function unpack(bytes: Uint8Array): ExtractAnswer["result"] {
  const entries = readZip(bytes);
  if ("refused" in entries) return entries;
  // A view would take all of the archive along.
  return { files: entries.map(({ name, content }) => ({ name, content: new Uint8Array(content) })) };
}
