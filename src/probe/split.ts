/** `gatehouse probe split`: `{id, text}` → `{id, parts: [text]}`, as an answer would be cut for Discord. */
import { z } from "zod";
import type { Probe } from "../probe.ts";
import { splitText } from "../reply.ts";
import { readArguments } from "./arguments.ts";

const textRow = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });

export const splitProbe: Probe = ({ args }) => {
  readArguments(args, []);
  return {
    async handle(row) {
      const { id, text } = textRow.parse(row);
      return { id, parts: splitText(text.toWellFormed()) };
    },
  };
};
