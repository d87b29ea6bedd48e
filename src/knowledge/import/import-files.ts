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
import { createExtractor, cutOne, type Extractor, FILE_BYTES_MAX, promisedKind, type Refused } from "../extract.ts";
import { isOf, openArchive, type Readable } from "./archive.ts";
import { type FoundFile, findFiles } from "./files.ts";
import { createReporter, type Failure, type ImportProgress, NOTHING_DONE } from "./progress.ts";

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
  /** Goes on where the source's progress says that it was stopped: so many files are passed over. */
  readonly goOn?: boolean;
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
  /** True when `signal` ended it early; imported documents stay, nothing is removed. */
  readonly cancelled: boolean;
};

/** Throws `AppError`: "not-found" for a path that does not exist, and the store's own. */
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
  const before = order.goOn === true ? source.progress : NOTHING_DONE;
  const left = order.goOn === true ? Math.max(0, before.total - before.done) : files.length;
  const report = createReporter({ ...ports, guild, source: source.id, before, left, onProgress: order.onProgress });
  const kept = new Set<string>();
  const counts = { imported: 0, unchanged: 0, passages: 0 };
  let removed = 0;
  let passedOver = 0;

  async function take(file: Readable): Promise<void> {
    kept.add(file.key);
    if (passedOver < before.done) {
      passedOver++;
      return;
    }
    const found = await readDocument(extractor, file, order.baseUrl ?? null);
    if ("refused" in found) report.failed(file.key, found.refused);
    else {
      const { document, leftOutChars } = found;
      const unchanged = known.get(file.key) === document.hash;
      report.read(document, leftOutChars, unchanged);
      if (unchanged) counts.unchanged++;
      else {
        await store.putDocument(guild, source.id, document);
        counts.imported++;
        counts.passages += document.passages.length;
        await report.changed();
      }
    }
    await report.done(file.key);
  }

  /** A ZIP's files are imported one by one: each counts, and fails for itself. */
  async function takeArchive(archive: Readable, after: number): Promise<void> {
    const bytes = await archive.bytes();
    const opened = "refused" in bytes ? bytes : await openArchive(extractor, bytes, archive.key);
    if ("refused" in opened) {
      for (const key of known.keys()) if (isOf(archive.key, key)) kept.add(key);
      return take({ ...archive, bytes: async () => opened });
    }
    for (const [place, file] of opened.files.entries()) {
      if (order.signal?.aborted) return;
      if (passedOver === before.done) report.setLeft(opened.files.length - place + after);
      await take(file);
    }
    if (opened.skipped !== null) report.failed(archive.key, opened.skipped);
    const gone = [...known.keys()].filter((key) => isOf(archive.key, key) && !kept.has(key));
    removed += await store.removeDocuments(guild, source.id, gone);
  }

  try {
    await report.start();
    for (const [place, file] of files.entries()) {
      if (order.signal?.aborted) break;
      const key = order.nameOf?.(file.path) ?? file.key;
      const readable = { key, name: key, bytes: () => bytesOf(file) };
      if (promisedKind(key) === "archive") await takeArchive(readable, files.length - place - 1);
      else await take(readable);
    }
    const cancelled = order.signal?.aborted === true;
    if (!cancelled && order.removeVanished !== false) {
      removed += await store.removeDocuments(
        guild,
        source.id,
        [...known.keys()].filter((key) => !kept.has(key)),
      );
    }
    await report.end(counts.imported + removed > 0);
    return { source: source.id, ...counts, removed, failures: report.failures(), cancelled };
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

async function readDocument(extractor: Extractor, file: Readable, baseUrl: string | null) {
  const bytes = await file.bytes();
  if ("refused" in bytes) return bytes;
  const extracted = await extractor.extract(bytes, { path: file.name });
  if ("refused" in extracted) return extracted;
  const kind = promisedKind(file.name);
  const page = kind === "markdown" || kind === "html";
  const url = baseUrl === null ? null : linkTo(baseUrl, file.name, page);
  const place = { key: file.key, title: titleFrom(file.name), url, anchored: page };
  const document = await cutOne(extractor, { extracted, place });
  return "refused" in document ? document : { document, leftOutChars: extracted.leftOutChars ?? 0 };
}

async function bytesOf(file: FoundFile): Promise<Uint8Array | Refused> {
  if (file.bytes > FILE_BYTES_MAX) return { refused: "the file is larger than 20 MB" };
  try {
    return await readFile(file.path);
  } catch (error) {
    return { refused: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
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
