/** Which state of a thing a form was made of, so that a form of an older state is known. "" for what is not there. */
import { createHash } from "node:crypto";

export function formVersion(value: unknown): string {
  if (value === undefined || value === null) return "";
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
