/** The knowledge forms' posts: pairs, a text, a website, files. Read and bounded here, judged by src/knowledge. */

import type { Upload } from "../../src/jobs.ts";
import type { Pair, WebsiteConfig } from "../../src/knowledge.ts";
import { type BodyBound, field } from "../body.ts";
import { withScheme } from "../parts/typed.ts";
import type { Typed } from "./facts.ts";

/** Several files of at most 20 MB; each is looked at by itself, the sum is what one request may hold in memory. */
export const UPLOAD_BOUND: BodyBound = { bytesMax: 100 * 1024 * 1024, deadlineMs: 180_000 };
/** The longest text, and some hundred pairs. */
export const TEXT_BOUND: BodyBound = { bytesMax: 4 * 1024 * 1024, deadlineMs: 30_000 };
export const FILES_MAX = 200;
export const NAME_CHARS_MAX = 100;
/** Empty rows of the pairs' form; saving brings the next ones. */
export const BLANK_PAIRS = 3;

const TEXT_CHARS_MAX = 250_000;
const URL_CHARS_MAX = 2_000;

/** Rows without a question and without an answer are left out; half a row is kept, to be refused with its number. */
export function readPairs(form: FormData): Pair[] {
  const column = (name: string) => form.getAll(name).map((value) => (typeof value === "string" ? value.trim() : ""));
  const [questions, answers, urls] = [column("question"), column("answer"), column("url")];
  return questions.flatMap((question, index) => {
    const answer = answers[index] ?? "";
    return question === "" && answer === "" ? [] : [{ question, answer, url: urls[index] || null }];
  });
}

export function readText(form: FormData): { readonly text: string; readonly url: string | null } {
  return { text: field(form, "text", TEXT_CHARS_MAX), url: field(form, "url", URL_CHARS_MAX) || null };
}

export function readWebsite(
  form: FormData,
): { readonly start: string } & Pick<WebsiteConfig, "pagesMax" | "depthMax" | "everyHours"> {
  const every = whole(field(form, "every"), 0, 24 * 90);
  return {
    start: withScheme(field(form, "start", URL_CHARS_MAX)),
    pagesMax: whole(field(form, "pages"), 1, 5_000) ?? 500,
    depthMax: whole(field(form, "depth"), 0, 20) ?? 6,
    everyHours: every === null || every === 0 ? null : every,
  };
}

export function typedIn(form: FormData): Typed {
  const names = ["name", "base", "start", "pages", "depth", "every"] as const;
  return Object.fromEntries(
    names.flatMap((name) => (form.has(name) ? [[name, field(form, name, URL_CHARS_MAX)]] : [])),
  );
}

/** A file's name comes from the browser: it is cut to its shown length and never used as a path. Two of one name get a number. */
export async function readFiles(form: FormData): Promise<Upload[]> {
  const files: Upload[] = [];
  const taken = new Set<string>();
  for (const value of form.getAll("files")) {
    if (typeof value === "string" || (value.size === 0 && value.name === "")) continue;
    const plain = value.name.replace(/[\p{Cc}\p{Cf}]/gu, "").toWellFormed();
    const base = plain.split(/[/\\]/).at(-1)?.slice(-150) || "file";
    let name = base;
    for (let n = 2; taken.has(name); n++) name = base.replace(/(\.[^.]*)?$/, (end) => ` (${n})${end}`);
    taken.add(name);
    files.push({ name, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  return files;
}

/** A source's config as the forms show it; empty for a config of another form. */
export function pairsOf(config: unknown): Pair[] {
  const pairs = typeof config === "object" && config !== null && "pairs" in config ? config.pairs : null;
  return Array.isArray(pairs)
    ? pairs.flatMap((pair: Partial<Pair> | null) =>
        typeof pair?.question === "string" && typeof pair.answer === "string"
          ? [{ question: pair.question, answer: pair.answer, url: pair.url ?? null }]
          : [],
      )
    : [];
}

export function textOf(config: unknown): { readonly text: string; readonly url: string } {
  const { text, url } = (typeof config === "object" && config !== null ? config : {}) as Record<string, unknown>;
  return { text: typeof text === "string" ? text : "", url: typeof url === "string" ? url : "" };
}

function whole(text: string, min: number, max: number): number | null {
  const value = Number(text);
  return text !== "" && Number.isInteger(value) && value >= min && value <= max ? value : null;
}
