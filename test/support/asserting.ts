/**
 * Does a test assert anything? Read from its text as the formatter leaves it: a test ends at the first line that closes it at its own
 * depth. It asserts by `expect`, by a property, by a wait that throws, or by a function of its file that does one of these.
 */
const TEST = /^([ \t]*)test(?:\.\w+)*\(/;
const FUNCTION = /^([ \t]*)(?:export )?(?:async )?(?:function\*? (\w+)|const (\w+) = (?:async )?(?:\(|\w+ =>|<))/;
const ASSERTS = /\bexpect\w*\b|\bfc\.assert\b|\buntil\(|\.waitFor\w*\(/;

/** First lines of the tests in a file's text that assert nothing. */
export function assertingNothing(text: string): readonly string[] {
  const lines = text.split("\n");
  const helpers = new Map(
    lines.flatMap((line, at) => {
      const [, depth = "", one, other] = FUNCTION.exec(line) ?? [];
      const name = one ?? other;
      return name === undefined ? [] : [[name, blockFrom(lines, at, depth)] as const];
    }),
  );
  const calls = (block: string, names: ReadonlySet<string>) =>
    [...block.matchAll(/\w+/g)].some(([name]) => names.has(name));
  const asserting = new Set(
    [...helpers].filter(([, block]) => ASSERTS.test(block) || /\bthrow\b/.test(block)).map(([name]) => name),
  );
  for (let known = -1; known < asserting.size; ) {
    known = asserting.size;
    for (const [name, block] of helpers) if (calls(block, asserting)) asserting.add(name);
  }
  return lines.filter((line, at) => {
    const [begins, depth = ""] = TEST.exec(line) ?? [];
    if (begins === undefined) return false;
    const block = blockFrom(lines, at, depth);
    return !ASSERTS.test(block) && !calls(block, asserting);
  });
}

function blockFrom(lines: readonly string[], at: number, depth: string): string {
  const first = lines[at] ?? "";
  if (/[)}];$/.test(first)) return first;
  const closes = (line: string) => line.startsWith(`${depth})`) || line.startsWith(`${depth}}`);
  const end = lines.findIndex((line, n) => n > at && closes(line) && !line.endsWith("{"));
  return lines.slice(at, end < 0 ? lines.length : end + 1).join("\n");
}
