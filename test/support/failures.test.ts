import { expect, test } from "bun:test";
import { failuresOf } from "./failures.ts";

const SAID = `bun test v1.4.5 (a7733435c)

test/a.test.ts:
(pass) first [1.00ms]
noise of the second
error: expect(received).toBe(expected)
(fail) group > second [0.76ms]
(fail) third [100.47ms]
  ^ this test timed out after 100ms.
noise of the fourth
(pass) fourth

test/b.test.ts:
error: x
(fail) fifth [2.00ms]

3 tests failed:
(fail) group > second [0.76ms]
(fail) third [100.47ms]
(fail) fifth [2.00ms]

 2 pass
 3 fail
`;

test("each failure is told once, with its file and what was printed before it, and no other test's", () => {
  expect(failuresOf(SAID)).toEqual([
    "test/a.test.ts:\nnoise of the second\nerror: expect(received).toBe(expected)\n(fail) group > second [0.76ms]",
    "test/a.test.ts:\n(fail) third [100.47ms]\n  ^ this test timed out after 100ms.",
    "test/b.test.ts:\nerror: x\n(fail) fifth [2.00ms]",
  ]);
});

test("of a long print the last forty lines are told, colours aside", () => {
  const said = `test/a.test.ts:\n${Array.from({ length: 99 }, (_, n) => `line ${n}`).join("\n")}\n\u001b[31m(fail)\u001b[0m last`;
  const [failure = ""] = failuresOf(said);
  expect(failure.split("\n")).toHaveLength(42);
  expect(failure).toEndWith("line 98\n(fail) last");
});
