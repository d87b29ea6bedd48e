/**
 * A file's bytes → its text as Markdown, and such a text → passages; or the reason why not. Parsers are other people's code over
 * other people's files, so they run in a child process without our environment, which is ended when it takes too long or too much
 * memory; the file that did it is refused and the next one gets a new child. Nothing that reads a whole document runs in our threads.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { settled } from "../settled.ts";
import type { DocumentInput } from "../store/ports/knowledge.ts";
import type { Extracted, Refused } from "./extract/document.ts";
import { kindOf } from "./extract/kinds.ts";
import { documentLanguage } from "./search/languages.ts";

export { cleanFileText } from "./extract/clean.ts";
export type { Extracted, Refused } from "./extract/document.ts";
export { publicLink } from "./extract/document.ts";
export { promisedKind } from "./extract/kinds.ts";
export { robotsDirectives } from "./extract/robots-directives.ts";

export const FILE_BYTES_MAX = 20 * 1024 * 1024;

export type ExtractLimits = { readonly timeMsMax: number; readonly memoryBytesMax: number };

const EXTRACT_LIMITS: ExtractLimits = { timeMsMax: 20_000, memoryBytesMax: 700 * 1024 * 1024 };

/** How often the child's memory is looked at: a bomb grows by less than the machine has in between. */
const WATCH_MS = 40;

/** After so many files the child is replaced, so that no parser's leak adds up. */
const FILES_MAX = 500;

/** A ZIP's file; its path leads nowhere else. */
export type ArchiveFile = { readonly name: string; readonly content: Uint8Array };

type Unpacked = { readonly files: readonly ArchiveFile[] };

/** A text that is to be cut, and where it stands. `anchored`: the link's target has headings to jump to, as pages have and PDFs have not. */
export type Uncut = {
  readonly extracted: Extracted;
  readonly place: {
    readonly key: string;
    readonly title: string;
    readonly url: string | null;
    readonly anchored: boolean;
  };
};

type Documents = { readonly documents: readonly DocumentInput[] };

type Read = {
  /** Its text, or the files in it. */
  readonly task: "text" | "files";
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly mediaType: string | null;
  readonly address: string | null;
};
type Cut = { readonly task: "cut"; readonly texts: readonly (Uncut & { readonly language: string })[] };
export type ExtractOrder = { readonly id: number } & (Read | Cut);
export type ExtractAnswer = { readonly id: number; readonly result: Extracted | Unpacked | Documents | Refused };

type FileFacts = {
  /** Gives the kind by its ending, unless `mediaType` does. */
  readonly path: string;
  readonly mediaType?: string | null;
  /** Where a page was fetched from: its links are read then. */
  readonly address?: string | null;
};

export type Extractor = {
  /** One file or text at a time; a second call waits for the first. */
  extract(bytes: Uint8Array, file: FileFacts): Promise<Extracted | Refused>;
  /** The files in a ZIP, as they are. */
  unpack(bytes: Uint8Array, path: string): Promise<readonly ArchiveFile[] | Refused>;
  /** Passages as the store keeps them, a document for each text. */
  cut(texts: readonly Uncut[]): Promise<readonly DocumentInput[] | Refused>;
  close(): void;
};

export function createExtractor(clock: Clock, limits: ExtractLimits = EXTRACT_LIMITS): Extractor {
  let child: Child | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function run(order: Read | Cut): Promise<ExtractAnswer["result"]> {
    if (child === null || child.files >= FILES_MAX) {
      child?.end();
      child = startChild(clock);
    }
    const result = await child.ask(order, limits);
    if (child.ended) child = null;
    return result;
  }

  function inTurn(order: Read | Cut) {
    if (closed) throw new Error("the extractor is closed");
    const result = last.then(() => run(order));
    last = settled(result);
    return result;
  }

  async function read(task: Read["task"], bytes: Uint8Array, file: FileFacts) {
    if (bytes.length > FILE_BYTES_MAX) return { refused: "the file is larger than 20 MB" };
    const { path, mediaType = null, address = null } = file;
    const kind = kindOf(bytes, path, mediaType);
    return "refused" in kind ? kind : await inTurn({ task, bytes, path, mediaType, address });
  }

  return {
    async extract(bytes, file) {
      const result = await read("text", bytes, file);
      if ("files" in result || "documents" in result) throw new Error("asked for a text, told something else");
      return result;
    },
    async unpack(bytes, path) {
      const result = await read("files", bytes, { path });
      if ("text" in result || "documents" in result) throw new Error("asked for files, told something else");
      return "files" in result ? result.files : result;
    },
    async cut(texts) {
      // A language is told by a text's first 2,000 characters, with tables that take a child most of a second to load.
      const told = texts.map((text) => {
        const { extracted } = text;
        return { ...text, language: extracted.language ?? documentLanguage(extracted.text) };
      });
      const result = await inTurn({ task: "cut", texts: told });
      if ("text" in result || "files" in result) throw new Error("asked for documents, told something else");
      return "documents" in result ? result.documents : result;
    },
    close() {
      closed = true;
      child?.end();
      child = null;
    },
  };
}

export async function cutOne(extractor: Extractor, text: Uncut): Promise<DocumentInput | Refused> {
  const cut = await extractor.cut([text]);
  if ("refused" in cut) return cut;
  const [document] = cut;
  if (document === undefined) throw new Error("a text was cut into no document");
  return document;
}

type Child = {
  readonly files: number;
  readonly ended: boolean;
  ask(order: Read | Cut, limits: ExtractLimits): Promise<ExtractAnswer["result"]>;
  end(): void;
};

function startChild(clock: Clock): Child {
  let files = 0;
  let ended = false;
  let settle: ((result: ExtractAnswer["result"]) => void) | null = null;
  const process_ = Bun.spawn([process.execPath, join(import.meta.dir, "extract", "confine.ts")], {
    // No environment, and confine.ts takes the files away: no secrets for a parser to leak.
    env: { NO_COLOR: "1" },
    cwd: import.meta.dir,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    serialization: "advanced",
    ipc(message) {
      const answer = message as ExtractAnswer;
      if (answer.id === files) settle?.(answer.result);
    },
    onExit() {
      ended = true;
      settle?.({ refused: "it cannot be read: the reader gave up on it" });
    },
  });
  const end = (): void => {
    ended = true;
    process_.kill("SIGKILL");
  };

  return {
    get files() {
      return files;
    },
    get ended() {
      return ended;
    },
    end,
    async ask(order, limits) {
      files++;
      const { promise, resolve } = Promise.withResolvers<ExtractAnswer["result"]>();
      settle = resolve;
      const timer = clock.after(limits.timeMsMax, () => {
        resolve({ refused: `reading it took longer than ${limits.timeMsMax / 1_000} s` });
        end();
      });
      const watched = new AbortController();
      void watch(process_.pid, clock, watched.signal, limits.memoryBytesMax, () => {
        resolve({ refused: `reading it took more than ${Math.round(limits.memoryBytesMax / 2 ** 20)} MB of memory` });
        end();
      });
      process_.send({ id: files, ...order } satisfies ExtractOrder);
      try {
        return await promise;
      } finally {
        settle = null;
        timer.cancel();
        watched.abort();
      }
    },
  };
}

/** Calls `over` once when the process holds more than it may; until then, or until the signal, looks again and again. */
async function watch(
  pid: number,
  clock: Clock,
  signal: AbortSignal,
  bytesMax: number,
  over: () => void,
): Promise<void> {
  while (!signal.aborted) {
    if ((await memoryOf(pid)) > bytesMax && !signal.aborted) return over();
    await clock.sleep(WATCH_MS, signal).catch(() => undefined);
  }
}

/** Resident bytes of a process; 0 once it is gone. */
async function memoryOf(pid: number): Promise<number> {
  if (process.platform === "linux") {
    const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
    return Number(statm.split(" ")[1] ?? 0) * 4_096;
  }
  const ps = Bun.spawn(["ps", "-o", "rss=", "-p", String(pid)], { stdout: "pipe", stderr: "ignore" });
  return Number((await new Response(ps.stdout).text()).trim() || 0) * 1_024;
}
