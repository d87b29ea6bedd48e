/**
 * `gatehouse probe fetch-guard`: `{url}` → `{url, decision: "allow" | "block", reason}`, by the crawler's own guard. Resolves
 * names, connects to nothing.
 */
import { z } from "zod";
import { judgeUrlAndName } from "../knowledge.ts";
import type { Probe } from "../probe.ts";
import { readArguments } from "./arguments.ts";

const urlRow = z.object({ url: z.string() });

export const fetchGuardProbe: Probe = ({ args }) => {
  readArguments(args, []);
  return {
    async handle(row) {
      const { url } = urlRow.parse(row);
      return { url, ...(await judgeUrlAndName(url)) };
    },
  };
};
