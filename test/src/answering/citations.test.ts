import { describe, expect, test } from "bun:test";
import { citedIn, renumber, withoutMarks } from "../../../src/answering/citations.ts";

describe("the numbers that an answer's marks name", () => {
  const CASES: readonly (readonly [string, readonly number[]])[] = [
    ["Yes [2].", [2]],
    ["Yes [12] and [3, 1] and [3].", [12, 3, 1]],
    ["Yes [1,2] and [4 , 5] and [6  ,  17].", [1, 2, 4, 5, 6, 17]],
    ["No [123], [a], [1;2], [], [ 1 ] or [1,].", []],
    ["`argv[1]` says [2], and `argv[3]` nothing.", [2]],
    ["```sh\necho $argv[1]\n```\nSee [2].", [2]],
    ["See [2].\n```sh\necho $argv[1]", [2]],
    ["A ` alone quotes nothing [1].", [1]],
    ["", []],
  ];
  for (const [answer, numbers] of CASES)
    test(JSON.stringify(answer), () => {
      expect(citedIn(answer)).toEqual(numbers);
    });
});

test("without its marks an answer keeps its words, and its code as it stands", () => {
  expect(withoutMarks("Hold it [1], then `argv[1]` [2, 13].")).toBe("Hold it  , then `argv[1]`  .");
});

describe("marks in the order of their sources", () => {
  const numberOf = new Map([
    [4, 1],
    [2, 2],
    [13, 3],
  ]);
  const CASES: readonly (readonly [string, string, string])[] = [
    ["take their new numbers", "Yes [4]. No [2, 13].", "Yes [1]. No [2][3]."],
    ["that name nothing go with the blanks before them", "Yes \t [7].", "Yes."],
    ["that name nothing go, and the line's end stays", "Steps:\n [7]one", "Steps:\none"],
    ["that name nothing at the very beginning go", "  [7] Yes", " Yes"],
    ["of which one is known keep that one", "Yes [7, 4].", "Yes [1]."],
    ["that say the same in a row are one", "Yes [4][4] [4]  [4].", "Yes [1]."],
    ["of two figures that say the same in a row are one", "Yes [10][10].", "Yes [11]."],
    ["in one pair of brackets are told once", "Yes [4, 4].", "Yes [1]."],
    ["in code are none", "Yes `a[4]` and\n```\nb[2]", "Yes `a[4]` and\n```\nb[2]"],
  ];
  for (const [what, answer, numbered] of CASES)
    test(what, () => {
      expect(renumber(answer, new Map([...numberOf, [10, 11]]))).toBe(numbered);
    });
});
