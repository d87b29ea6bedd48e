/** A website as a source: where to start, how far to go, how often, and where an unfinished crawl stands. */
import { z } from "zod";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { KnowledgeStore, SourceRow } from "../../store/ports/knowledge.ts";
import { NOTHING_DONE } from "../import/progress.ts";
import { type GuardRules, judgeUrl, PUBLIC_RULES } from "./fetch-guard.ts";

const stepSchema = z.object({ url: z.string(), depth: z.number() });

/** A website source's config. */
export const websiteSchema = z.object({
  /** A page to start from, or a sitemap (its address ends in .xml). */
  start: z.url(),
  depthMax: z.number().int().min(0).max(20).default(6),
  pagesMax: z.number().int().min(1).max(5_000).default(500),
  /** Only paths that begin so; null is the start's folder. */
  prefix: z.string().startsWith("/").nullable().default(null),
  /** Crawl again after so many hours; null is never by itself. */
  everyHours: z
    .number()
    .min(1)
    .max(24 * 90)
    .nullable()
    .default(24 * 7),
  /** A crawl that was begun and not finished. */
  job: z
    .object({
      queue: z.array(stepSchema),
      seen: z.array(z.string()),
      kept: z.array(z.string()),
      /** Pages that are dealt with. */
      done: z.number().default(0),
      missed: z.boolean().default(false),
      imported: z.number(),
      unchanged: z.number(),
      passages: z.number(),
    })
    .nullable()
    .default(null),
  /** How often it was begun and did not come to an end: its process was killed each time. */
  begun: z.number().int().min(0).default(0),
  crawledAtMs: z.number().nullable().default(null),
  /** One page that is to be read again, by itself. */
  again: z.string().nullable().default(null),
});

export type WebsiteConfig = z.infer<typeof websiteSchema>;

/** Adds a website source; nothing is fetched yet. Throws `AppError` "invalid" for an address the guard refuses. */
export async function saveWebsite(
  guild: GuildId,
  website: { readonly start: string } & Partial<
    Omit<WebsiteConfig, "start" | "job" | "begun" | "crawledAtMs" | "again">
  > & {
      readonly name?: string;
    },
  { store, rules = PUBLIC_RULES }: { readonly store: Pick<KnowledgeStore, "saveSource">; readonly rules?: GuardRules },
): Promise<SourceRow> {
  const { name, ...fields } = website;
  const config = websiteSchema.parse(fields);
  const judged = judgeUrl(config.start, rules);
  if (judged.decision === "block") throw new AppError("invalid", `This address is not crawled: ${judged.reason}.`);
  const { host, pathname } = new URL(config.start);
  return store.saveSource(guild, { kind: "website", name: name ?? `${host}${pathname}`.replace(/\/$/, ""), config });
}

/** An order to read a website, or one page of it: the source marked as running. One that was stopped goes on where it was. */
export async function orderWebsite(
  guild: GuildId,
  source: SourceRow,
  page: string | null,
  store: Pick<KnowledgeStore, "saveSource" | "setProgress">,
): Promise<void> {
  const { id, name, progress } = source;
  const config = websiteSchema.parse(source.config);
  if (page !== null || config.again !== null) {
    await store.saveSource(guild, { id, kind: "website", name, config: { ...config, again: page } });
  }
  await store.setProgress(guild, id, "running", page === null && config.job === null ? NOTHING_DONE : progress);
}
