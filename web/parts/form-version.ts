/** The version of a row that a form was made of, so that an outdated form is recognised. "" for no row. */
import { createHash } from "node:crypto";

export function formVersion(value: unknown): string {
  if (value === undefined || value === null) return "";
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
