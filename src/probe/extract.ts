/**
 * `gatehouse probe extract`: `{id, path}` → `{id, text}` or `{id, refused: reason}`; a path that is not absolute starts at the
 * working folder. Runs the importer's own reader, child process and limits included.
 */
import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { systemClock } from "../clock.ts";
import { createExtractor, FILE_BYTES_MAX } from "../knowledge.ts";
import type { Probe } from "../probe.ts";
import { readArguments } from "./arguments.ts";

const fileRow = z.object({ id: z.union([z.string(), z.number()]), path: z.string().min(1) });

export const extractProbe: Probe = ({ args }) => {
  readArguments(args, []);
  const extractor = createExtractor(systemClock);
  return {
    async handle(row) {
      const { id, path } = fileRow.parse(row);
      const found = await stat(path).catch(() => null);
      if (found === null) return { id, refused: "there is no such file" };
      if (!found.isFile()) return { id, refused: "it is not a file" };
      if (found.size > FILE_BYTES_MAX) return { id, refused: "the file is larger than 20 MB" };
      const extracted = await extractor.extract(await readFile(path), { path });
      return "refused" in extracted ? { id, refused: extracted.refused } : { id, text: extracted.text };
    },
    async close() {
      extractor.close();
    },
  };
};
