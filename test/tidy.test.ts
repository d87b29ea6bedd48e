/**
 * The house rules that no linter holds: which way imports point, who may read the environment, what may stand at the root.
 * Imports are found by a regular expression over the source, since a transpiler's scan drops type imports.
 */
import { describe, expect, test } from "bun:test";
import { dirname, join, relative, resolve } from "node:path";
import { assertingNothing } from "./support/asserting.ts";
import { HANDS_ON, LONG_FILES, NAMED_TWICE, OWN_TIME, UNTESTED, WIDE_PORTS } from "./support/tidy-exceptions.ts";

const ROOT = resolve(import.meta.dir, "..");
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^"';]*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

const tracked = new TextDecoder()
  .decode(Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT }).stdout)
  .split("\n")
  .filter(Boolean);
const sources = await Promise.all(
  tracked
    .filter((path) => path.endsWith(".ts"))
    .map(async (path) => {
      const file = Bun.file(join(ROOT, path));
      const text = (await file.exists()) ? await file.text() : "";
      const imports = [...text.matchAll(IMPORT)].map((m) => m[1] ?? m[2] ?? m[3] ?? "");
      return { path, text, imports };
    }),
);

/** Project files an import leads to, as paths from the root; bare package names stay as they are. */
function target(from: string, specifier: string): string {
  return specifier.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(from), specifier)) : specifier;
}

function broken(rule: (from: string, to: string) => boolean): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .map((specifier) => target(path, specifier))
      .filter((to) => rule(path, to))
      .map((to) => `${path} → ${to}`),
  );
}

const room = (path: string) => path.split("/")[0] ?? "";

/** Folders without a door of their own: each file in them is one, used by itself. */
const SHELVES = [
  // Pure functions over text.
  "src/text",
  // A server's settings: their form, what is held of them, how they change, what differs, their file.
  "src/settings",
  // Accounts' plans, what their quota still lets through, what was used.
  "src/plans",
  // The shared bot and servers' own: who they are, their tokens and the key over those.
  "src/bots",
  // What is told about the running whole: the doctor, overviews, a process, the shards in force.
  "src/status",
  // One noun's port and its rows a file; store.ts bundles the ports.
  "src/store/ports",
  // What main and a worker thread share: each file is one side's contract with the other.
  "shards/border",
  // One command a file; main.ts lists them.
  "shards/cli",
  // What operators install by, and what makes it.
  "shards/deploy",
  // What every page is made of.
  "web/parts",
  "web/shell",
];

/**
 * What `found` holds must be exactly what the list of exceptions names: nothing new comes in, and an entry that is no longer
 * needed goes.
 */
function ratchet(found: readonly string[], exceptions: Readonly<Record<string, string>>): void {
  const known = Object.keys(exceptions);
  expect({
    new: [...new Set(found)].filter((entry) => !known.includes(entry)).sort(),
    noLongerNeeded: known.filter((entry) => !found.includes(entry)).sort(),
  }).toEqual({ new: [], noLongerNeeded: [] });
}

const product = sources.filter((s) => /^(src|shards|web)\//.test(s.path));
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");

describe("imports", () => {
  test("there are sources to hold the rules against", () => {
    expect(sources.length).toBeGreaterThan(20);
  });

  test("point one way: web → src ← shards, src → drizzle", () => {
    const allowed: Record<string, readonly string[]> = {
      src: ["src", "drizzle"],
      drizzle: ["drizzle"],
      shards: ["shards", "src"],
      web: ["web", "src"],
    };
    expect(
      broken((from, to) => {
        const mine = allowed[room(from)];
        if (mine === undefined || !/^(src|shards|web|drizzle|bench|test)\//.test(to)) return false;
        // The process that plays all roles starts the dashboard too.
        if (from === "shards/main.ts" && to === "web/server.ts") return false;
        return !mine.includes(room(to));
      }),
    ).toEqual([]);
  });

  test("bench and test are imported by nobody else, and the simulator imports nothing of the product", () => {
    expect(broken((from, to) => /^(src|shards|web|drizzle)\//.test(from) && /^(bench|test)\//.test(to))).toEqual([]);
    expect(broken((from, to) => from.startsWith("bench/simulator/") && /^(src|shards|web|drizzle)\//.test(to))).toEqual(
      [],
    );
  });

  test("a room is entered only through its door, its own files and services.ts", () => {
    const paths = new Set(sources.map((s) => s.path));
    const doors = (to: string) => {
      const parts = dirname(to).split("/");
      return parts.map((_, i) => parts.slice(0, i + 1).join("/")).filter((folder) => paths.has(`${folder}.ts`));
    };
    expect(
      broken((from, to) => {
        if (!/^(src|shards|web)\//.test(to) || /^(bench|test)\//.test(from) || from === "src/services.ts") return false;
        if (SHELVES.includes(dirname(to))) return false;
        return doors(to).some((folder) => from !== `${folder}.ts` && !from.startsWith(`${folder}/`));
      }).sort(),
    ).toEqual([]);
  });

  test("a page's folder in web is entered by pages.ts alone, through its page.ts", () => {
    const pageOf = (path: string) => /^web\/(?!shell\/|parts\/|public\/)([^/]+)\//.exec(path)?.[1];
    expect(
      broken((from, to) => {
        const page = pageOf(to);
        if (page === undefined || from.startsWith("test/") || pageOf(from) === page) return false;
        return from !== "web/pages.ts" || to !== `web/${page}/page.ts`;
      }),
    ).toEqual([]);
  });

  test("a folder is a room with a door, a page, or a shelf that is named here", () => {
    const paths = new Set(product.map((s) => s.path));
    const folders = new Set([...paths].map(dirname).filter((folder) => folder.includes("/")));
    const isRoom = (folder: string) =>
      paths.has(`${folder}.ts`) || (folder.startsWith("web/") && paths.has(`${folder}/page.ts`));
    const inRoom = (folder: string): boolean => folder.includes("/") && (isRoom(folder) || inRoom(dirname(folder)));
    expect([...folders].filter((folder) => !inRoom(folder) && !SHELVES.includes(folder))).toEqual([]);
    expect(SHELVES.filter((shelf) => isRoom(shelf) || !folders.has(shelf))).toEqual([]);
  });

  test("pipeline stages do not import each other's code; pipeline.ts and answering.ts do", () => {
    const stages = ["prefilter", "moderation", "decision", "memory", "reply", "record"];
    const files = new Map(sources.map((s) => [s.path, s.text]));
    expect(
      broken((from, to) => {
        const a = /^src\/([a-z]+)\.ts$/.exec(from)?.[1];
        const b = /^src\/([a-z]+)\.ts$/.exec(to)?.[1];
        if (a === undefined || b === undefined || !stages.includes(a) || !stages.includes(b)) return false;
        // A type says what flows between stages; that is the spine's business, not a dependency.
        const values = new RegExp(`import (?!type)[^;]*from "\\./${b}\\.ts"`);
        return values.test((files.get(from) ?? "").replace(/import \{ (?:type \w+,? ?)+\} from/g, "import type from"));
      }),
    ).toEqual([]);
  });

  test("SDKs appear only in rooms", () => {
    const homes: Record<string, RegExp> = {
      "groq-sdk": /^src\/llm\//,
      // Two rooms speak to Redis, in one manner.
      ioredis: /^src\/(hot\/|bus\/|redis\.ts$)/,
      postgres: /^src\/store\//,
      "@discordjs/rest": /^src\/discord\//,
      "@discordjs/core": /^src\/discord\//,
      "@discordjs/ws": /^shards\//,
      elysia: /^web\//,
      "drizzle-orm": /^(src\/store\/|drizzle\/)/,
      ws: /^shards\/gateway\//,
      commander: /^shards\//,
      "prom-client": /^shards\//,
      pino: /^src\/logger\.ts$/,
      cockatiel: /^src\/policy\.ts$/,
    };
    // A subpath of an SDK is the SDK.
    const homeOf = (to: string) =>
      Object.entries(homes).find(([name]) => to === name || to.startsWith(`${name}/`))?.[1];
    expect(broken((from, to) => /^(src|shards|web)\//.test(from) && homeOf(to)?.test(from) === false)).toEqual([]);
  });

  test("carry their .ts", () => {
    expect(broken((_, to) => /^(src|shards|web|drizzle|bench|test)\/(.*\/)?[^./]+$/.test(to))).toEqual([]);
  });
});

describe("doors", () => {
  test("copy bytes as memory: Uint8Array.from walks over a Buffer byte by byte", () => {
    const found = product.filter(({ text }) => /\bUint8Array\.from\(\w+\)/.test(text));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  test("only config.ts reads the environment", () => {
    const readers = product.filter((s) => /\b(process|Bun|import\.meta)\.env\b/.test(code(s.text))).map((s) => s.path);
    expect(readers).toEqual(["src/config.ts"]);
  });

  test("only clock.ts gives time, timers and chance", () => {
    const asks =
      /(?<![.\w])(Date\.now\b|Math\.random\b|new Date\(\)|setTimeout\(|setInterval\(|Bun\.sleep\(|AbortSignal\.timeout\()/;
    ratchet(
      product.filter((s) => s.path !== "src/clock.ts" && asks.test(code(s.text))).map((s) => s.path),
      OWN_TIME,
    );
  });

  test("the root holds what was agreed", () => {
    const agreed =
      /^(bunfig\.toml|package\.json|src|shards|web|drizzle|bench|test|README\.md|tsconfig\.json|biome\.json|bun\.lock|CHANGELOG\.md|LICENSE|knip\.json|\.ci|\.env\.example|\.gitignore|\.editorconfig)$/;
    expect([...new Set(tracked.map(room))].filter((name) => !agreed.test(name))).toEqual([]);
  });

  test("files are kebab-case", () => {
    // A peer's file is named as the peer is.
    const named = tracked.filter((p) => /^(src|shards|web|drizzle|bench(?!\/peers)|test)\/.*\.ts$/.test(p));
    expect(
      named.filter((p) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|d|config|weights))?\.ts$/.test(p.split("/").at(-1) ?? "")),
    ).toEqual([]);
  });
});

describe("tests", () => {
  test("assert something, by themselves or by a function of their file", () => {
    const lines = [
      'test("by a call", () => holds(1));',
      'test("by a wait", async () => {',
      "  await until(() => come);",
      "});",
      'test("by nothing", async () => {',
      "  await works();",
      "});",
      "function holds(n: number): void {",
      "  expect(n).toBe(1);",
      "}",
    ];
    expect(assertingNothing(lines.join("\n"))).toEqual(['test("by nothing", async () => {']);
    const files = sources.filter(({ path }) => path.endsWith(".test.ts"));
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(({ path, text }) => assertingNothing(text).map((line) => `${path}: ${line.trim()}`))).toEqual(
      [],
    );
  });
});

describe("names and sizes", () => {
  test("an exported name has one owner", () => {
    const owners = new Map<string, string[]>();
    for (const { path, text } of product) {
      for (const [, name = ""] of code(text).matchAll(
        /^export (?:declare )?(?:async )?(?:abstract )?(?:type|const|function\*?|class|let|interface|enum) (\w+)/gm,
      )) {
        owners.set(name, [...(owners.get(name) ?? []), path]);
      }
    }
    ratchet(
      [...owners].filter(([, paths]) => paths.length > 1).map(([name]) => name),
      NAMED_TWICE,
    );
  });

  test("a file that hands on others' names is the door of their room, and has something of its own", () => {
    const barrels = product.filter(({ path, text }) => {
      const plain = code(text);
      const handed = [...plain.matchAll(/^export (?:type )?(?:\*|\{[^}]*\}) from "([^"]+)"/gm)];
      if (handed.length === 0) return false;
      const own = /^export (?:async )?(?:type \w+ =|const|function|class)/m.test(plain);
      const room = `${path.slice(0, -".ts".length)}/`;
      return !own || handed.some(([all, from = ""]) => all.includes("*") || !target(path, from).startsWith(room));
    });
    ratchet(
      barrels.map(({ path }) => path),
      HANDS_ON,
    );
  });

  test("a port has at most 10 methods", () => {
    const wide = product.flatMap(({ path, text }) =>
      [...code(text).matchAll(/export type (\w+) = \{\n([\s\S]*?)\n\};/g)]
        .filter(([, , body = ""]) => [...body.matchAll(/^ {2}(?:readonly )?\w+(?:\??: )?(?:<[^>]*>)?\(/gm)].length > 10)
        .map(([, name]) => `${path} ${name}`),
    );
    ratchet(wide, WIDE_PORTS);
  });

  test("a file has at most 400 lines", () => {
    ratchet(
      product.filter(({ text }) => text.split("\n").length - 1 > 400).map(({ path }) => path),
      LONG_FILES,
    );
  });

  test("every file is under test: by itself, or through the door of a room that is", () => {
    const testFiles = new Set(tracked.filter((path) => path.startsWith("test/")));
    const touched = new Set(
      sources
        .filter(({ path }) => path.startsWith("test/"))
        .flatMap(({ path, text }) =>
          [...text.matchAll(/["'`](?:\$\{import\.meta\.dir\}\/)?(\.\.?\/[^"'`\n]*\.ts)["'`]/g)].map(([, to = ""]) =>
            target(path, to),
          ),
        ),
    );
    /** Pages are tested over HTTP: by a test of the folder's name, or one named in the list. */
    const pageOf = (path: string) => /^(web\/[^/]+)\//.exec(path)?.[1];
    const mirrored = (name: string) => [...testFiles].some((file) => file === `test/${name}.test.ts`);
    const isTested = (path: string) => {
      if (touched.has(path) || mirrored(path.slice(0, -".ts".length))) return true;
      const parts = dirname(path).split("/");
      const folders = parts.map((_, i) => parts.slice(0, i + 1).join("/")).filter((folder) => folder.includes("/"));
      return folders.some((folder) => touched.has(`${folder}.ts`) || mirrored(folder));
    };
    const runs = (text: string) => /^(?:export )?(?:async )?(?:function|class|const|let)\b/m.test(code(text));
    ratchet(
      product
        .filter(({ path, text }) => runs(text) && !isTested(path))
        .map(({ path }) => (pageOf(path) === undefined ? path : `${pageOf(path)}/`)),
      UNTESTED,
    );
  });
});
