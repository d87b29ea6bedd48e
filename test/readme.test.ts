/** The README's map and addresses are true: every file and folder it names is there, and every room of src/ is on the map. */
import { expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dir, "..");
const readme = await Bun.file(join(ROOT, "README.md")).text();

test("every path of the project that the README names is there", () => {
  const named = [...readme.matchAll(/`((?:src|shards|web|drizzle|bench|test)\/[\w./-]*)`/g)].map(
    (match) => match[1] ?? "",
  );
  expect(named.length).toBeGreaterThan(15);
  expect([...new Set(named)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("every link to a file of the project leads somewhere", () => {
  const linked = [...readme.matchAll(/\]\(((?!https?:|#)[^)\s]+)\)/g)].map((match) => match[1] ?? "");
  expect(linked.length).toBeGreaterThan(2);
  expect(linked.filter((path) => !existsSync(join(ROOT, path.split("#")[0] ?? "")))).toEqual([]);
});

test("every room of src/ is on the map", () => {
  const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const from = readme.indexOf("## How it is built");
  const map = readme.slice(from, readme.indexOf("\n## ", from + 3));
  expect(from).toBeGreaterThan(0);
  expect(rooms.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(map))).toEqual([]);
});
