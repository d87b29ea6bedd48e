/**
 * Files and folders → documents of a source. What did not change (by hash) is left alone, what is gone is removed, what fails
 * is named with its reason and keeps what was known of it. Run again after a crash it goes on where it stopped, since what is
 * done is unchanged by then.
 */
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { Bus } from "../../bus.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { KnowledgeStore, SourceRow } from "../../store/ports/knowledge.ts";
import { createExtractor, type Extractor, FILE_BYTES_MAX, promisedKind } from "../extract.ts";
import { documentOf } from "./document.ts";
import { type FoundFile, findFiles } from "./files.ts";
import { createReporter, type Failure, type ImportProgress } from "./progress.ts";

export type ImportOrder = {
  readonly guild: GuildId;
  /** Importing again under one name updates that source. */
  readonly name: string;
  readonly paths: readonly string[];
  /** Where the files stand on the web: a file without a link of its own gets this plus its path, a page's ending taken off. */
  readonly baseUrl?: string;
  /** False when `paths` add to what the source holds; else documents that are not among them are removed. */
  readonly removeVanished?: boolean;
  /** Names shown and kept in place of the paths: uploads lie under names of ours. */
  readonly nameOf?: (path: string) => string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
};

export type ImportPorts = {
  readonly store: KnowledgeStore;
  readonly bus: Pick<Bus, "publish">;
  readonly clock: Clock;
  readonly extractor?: Extractor;
};

export type ImportReport = {
  readonly source: string;
  /** Documents added or replaced. */
  readonly imported: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Passages of the imported documents. */
  readonly passages: number;
  readonly failures: readonly Failure[];
  /** True when `signal` ended it early; what was imported stays, nothing is removed. */
  readonly cancelled: boolean;
};

/** Throws `AppError` "not-found" for a path that does not exist, and what the store throws. */
export async function importFiles(order: ImportOrder, ports: ImportPorts): Promise<ImportReport> {
  const { guild } = order;
  const { store, clock } = ports;
  const files = await findFiles(order.paths);
  if (files.length === 0)
    throw new AppError(
      "invalid",
      "There is no file to import: Markdown, HTML, text, PDF, DOCX, CSV, or a ZIP of them.",
    );
  const source = await sourceNamed(store, guild, order);
  const known = await store.hashes(guild, source.id);
  const extractor = ports.extractor ?? createExtractor(clock);
  const report = createReporter({
    ...ports,
    guild,
    source: source.id,
    total: files.length,
    onProgress: order.onProgress,
  });
  const kept = new Set<string>();
  let imported = 0;
  let unchanged = 0;
  let removed = 0;
  let passages = 0;

  try {
    await report.start();
    for (const file of files) {
      if (order.signal?.aborted) break;
      const key = order.nameOf?.(file.path) ?? file.key;
      kept.add(key);
      const found = await readDocument(extractor, file, key, order.baseUrl ?? null);
      if ("refused" in found) {
        report.failed(key, found.refused);
        await report.done(key);
        continue;
      }
      const { document, leftOutChars } = found;
      report.read(document, leftOutChars, known.get(key) === document.hash);
      if (known.get(key) === document.hash) {
        unchanged++;
      } else {
        await store.putDocument(guild, source.id, document);
        imported++;
        passages += document.passages.length;
        await report.changed();
      }
      await report.done(key);
    }
    const cancelled = order.signal?.aborted === true;
    if (!cancelled && order.removeVanished !== false) {
      removed = await store.removeDocuments(
        guild,
        source.id,
        [...known.keys()].filter((key) => !kept.has(key)),
      );
    }
    await report.end(imported + removed > 0);
    return { source: source.id, imported, unchanged, removed, passages, failures: report.failures(), cancelled };
  } catch (error) {
    await report.broken(error);
    throw error;
  } finally {
    if (ports.extractor === undefined) extractor.close();
  }
}

async function sourceNamed(store: KnowledgeStore, guild: GuildId, order: ImportOrder): Promise<SourceRow> {
  const found = (await store.sources(guild)).find((s) => s.kind === "files" && s.name === order.name);
  const config = { baseUrl: order.baseUrl ?? null };
  return store.saveSource(guild, {
    ...(found === undefined ? {} : { id: found.id }),
    kind: "files",
    name: order.name,
    config,
  });
}

async function readDocument(extractor: Extractor, file: FoundFile, key: string, baseUrl: string | null) {
  if (file.bytes > FILE_BYTES_MAX) return { refused: "the file is larger than 20 MB" };
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file.path);
  } catch (error) {
    return { refused: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  const extracted = await extractor.extract(bytes, { path: key });
  if ("refused" in extracted) return extracted;
  const kind = promisedKind(key);
  const page = kind === "markdown" || kind === "html";
  const document = documentOf(extracted, {
    key,
    title: titleFrom(key),
    url: baseUrl === null ? null : linkTo(baseUrl, key, page),
    anchored: page,
  });
  return { document, leftOutChars: extracted.leftOutChars ?? 0 };
}

/** "guides/first-hub.md" → "First hub"; an index page takes its folder's name. */
function titleFrom(key: string): string {
  const parts = key.split("/");
  const name = basename(parts.at(-1) ?? key, extname(key));
  const said = /^(?:index|readme)$/i.test(name) && parts.length > 1 ? (parts.at(-2) ?? name) : name;
  const words = said.replace(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function linkTo(baseUrl: string, key: string, page: boolean): string | null {
  const path = page
    ? key.replace(/\.(?:md|mdx|markdown|html?|xhtml)$/i, "").replace(/(^|\/)(?:index|readme)$/i, "$1")
    : key;
  const base = baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`;
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return URL.canParse(encoded, base) ? new URL(encoded, base).href : null;
}
