/**
 * A zip archive of documents → one document with a part for each file that is read here; archives in archives are not. Each
 * part stands under its title, so that a passage tells where it is from.
 */
import type { Extracted, Refused } from "./document.ts";
import { readZip } from "./zip.ts";

const FILES_MAX = 500;

export async function extractArchive(
  bytes: Uint8Array,
  extractEntry: (bytes: Uint8Array, name: string) => Promise<Extracted | Refused>,
): Promise<Extracted | Refused> {
  const entries = readZip(bytes);
  if ("refused" in entries) return entries;
  if (entries.length > FILES_MAX) return { refused: `the archive holds more than ${FILES_MAX} files` };
  const parts: string[] = [];
  for (const { name, content } of entries) {
    if (/\.zip$/i.test(name)) continue;
    const extracted = await extractEntry(content, name).catch(() => ({ refused: "it cannot be read" }));
    if ("refused" in extracted) continue;
    const title = (extracted.title || name).replace(/\s+/g, " ");
    const text = extracted.text.trim();
    parts.push(text.startsWith(`# ${title}`) ? text : `# ${title}\n\n${text}`);
  }
  if (parts.length === 0) return { refused: "there is nothing in the archive that is read here" };
  return { text: parts.join("\n\n"), title: "", url: null, language: null };
}
