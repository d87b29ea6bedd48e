/**
 * The house rules that no linter holds: which way imports point, who may read the environment, what may stand at the root.
 * Imports are found by a regular expression over the source, since a transpiler's scan drops type imports.
 */
import { describe, expect, test } from "bun:test";
import { dirname, join, relative, resolve } from "node:path";

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
  // One noun's port and its rows a file; store.ts bundles the ports.
  "src/store/ports",
];

/** Imports that go past a room's door. The list may only shrink: an entry that is no longer needed fails the test. */
const SIDE_ENTRANCES = [
  "shards/gateway.ts → shards/gateway/close-codes.ts",
  "shards/gateway.ts → shards/gateway/session-state.ts",
  "shards/gateway/sessions.ts → shards/gateway/session-state.ts",
  "shards/gateway/shard.ts → shards/gateway/close-codes.ts",
  "shards/gateway/shard.ts → shards/gateway/session/sequence.ts",
  "shards/gateway/shard.ts → shards/gateway/session-state.ts",
  "shards/gateway/strategy.ts → shards/gateway/close-codes.ts",
  "shards/gateway/strategy.ts → shards/gateway/session-state.ts",
  "shards/metrics.ts → shards/gateway/shard.ts",
  "src/knowledge/import/files.ts → src/knowledge/extract/kinds.ts",
  "src/knowledge/import/import-files.ts → src/knowledge/extract/kinds.ts",
  "src/knowledge/import/texts.ts → src/knowledge/extract/decode.ts",
  "src/knowledge/import/texts.ts → src/knowledge/extract/document.ts",
  "src/knowledge/website/page.ts → src/knowledge/extract/kinds.ts",
];

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
    ).toEqual(SIDE_ENTRANCES);
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

  test("a folder in src is a room with a door, or a shelf that is named here", () => {
    const paths = new Set(sources.map((s) => s.path));
    const folders = [...paths].map((path) => /^src\/[^/]+(?=\/)/.exec(path)?.[0]).filter((f) => f !== undefined);
    expect([...new Set(folders)].filter((folder) => !paths.has(`${folder}.ts`) && !SHELVES.includes(folder))).toEqual(
      [],
    );
  });

  test("pipeline stages do not import each other's code; pipeline.ts does", () => {
    const stages = ["prefilter", "moderation", "decision", "memory", "judge", "answer", "reply", "record"];
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
    };
    expect(
      broken((from, to) => /^(src|shards|web)\//.test(from) && homes[to] !== undefined && !homes[to].test(from)),
    ).toEqual([]);
  });

  test("carry their .ts", () => {
    expect(broken((_, to) => /^(src|shards|web|drizzle|bench|test)\/(.*\/)?[^./]+$/.test(to))).toEqual([]);
  });
});

describe("doors", () => {
  const product = sources.filter((s) => /^(src|shards|web)\//.test(s.path));
  const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");

  test("only config.ts reads the environment", () => {
    const readers = product.filter((s) => /\b(process|Bun|import\.meta)\.env\b/.test(code(s.text))).map((s) => s.path);
    expect(readers).toEqual(["src/config.ts"]);
  });

  test("src asks only clock.ts for time and chance", () => {
    const askers = product
      .filter((s) => s.path.startsWith("src/") && s.path !== "src/clock.ts")
      .filter((s) => /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/.test(code(s.text)))
      .map((s) => s.path);
    expect(askers).toEqual([]);
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
