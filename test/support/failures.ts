/** What failed, out of all that `bun test` said: of a few thousand lines the last ones must be enough to see it. */

/** Lines of what a test printed before it failed. */
const LINES_MAX = 40;
const FILE = /^(\S+\.test\.ts):$/;
const DONE = /^\((pass|fail|skip|todo)\) /;
/** Bun lists the names again at the end. */
const AGAIN = /^\d+ tests? failed:$/;
/** Bun's further line on why, below the test's own. */
const WHY = /^ {2}\^ /;

/** Each failure with its file, the end of what was printed before it, and its name; empty where none failed. */
export function failuresOf(said: string): readonly string[] {
  const failures: string[] = [];
  let file = "";
  let before: string[] = [];
  const lines = Bun.stripANSI(said).split("\n");
  for (const [n, line] of lines.entries()) {
    if (AGAIN.test(line)) break;
    const [, next] = FILE.exec(line) ?? [];
    const [, done] = DONE.exec(line) ?? [];
    const why = lines.slice(n + 1, n + 2).filter((below) => WHY.test(below));
    if (done === "fail") failures.push([`${file}:`, ...before.slice(-LINES_MAX), line, ...why].join("\n"));
    if (done === undefined && next === undefined) before.push(line);
    else before = [];
    file = next ?? file;
  }
  return failures;
}
