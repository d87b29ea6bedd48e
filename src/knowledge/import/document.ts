/**
 * Extracted text → a document as the store keeps it: passages with links, and the hash that tells whether it changed.
 * Runs in the child process of extract.ts.
 */
import { createHash } from "node:crypto";
import type { DocumentInput } from "../../store/ports/knowledge.ts";
import type { Uncut } from "../extract.ts";
import { CHUNKER_VERSION, chunk } from "./chunk.ts";

/** Longer titles are sentences that ran away. */
const TITLE_CHARS_MAX = 300;

export function documentOf({ extracted, place, language }: Uncut & { readonly language: string }): DocumentInput {
  const title = (extracted.title || place.title).replace(/\s+/g, " ").trim().slice(0, TITLE_CHARS_MAX);
  const url = extracted.url ?? place.url;
  const passages = chunk(extracted.text, title).map((part, position) => ({
    title,
    headings: part.headings,
    url:
      url !== null && place.anchored && part.anchor !== null && part.headings.length > 0
        ? withAnchor(url, part.anchor)
        : url,
    language,
    text: part.text,
    position,
  }));
  const hash = createHash("sha256")
    .update(JSON.stringify([CHUNKER_VERSION, title, url, language, extracted.text]))
    .digest("hex");
  return { key: place.key, title, url, language, hash, passages };
}

function withAnchor(url: string, anchor: string): string {
  if (!URL.canParse(url)) return url;
  const link = new URL(url);
  if (link.hash === "") link.hash = anchor;
  return link.href;
}
