/**
 * Does a false fact get through with a source? Answers written by hand, some true and some with a number, period or limit swapped,
 * through the check that a model's answer goes through. All of the files were seen while that check was made (of the last one 11 of
 * 30 false answers passed at first sight, and none of the true ones failed): these figures
 * show that it still does what it did, not what it does on answers that nobody has looked at.
 */
import { ANSWER_FILES, judgeAnswers } from "../answers/judge.ts";
import { shareOf } from "../interval.ts";
import { atMost, type Goal, type Result, result, type Suite } from "../suite.ts";

const FALSE_PASS = 0;
const TRUE_FAIL = 0.05;
const SHOWN_CHARS = 90;

export const suite: Suite = {
  name: "answers",
  description: "false facts that pass with a source, true ones that fail; all were seen while the check was made",
  async run(options) {
    const results: Result[] = [];
    const goals: Goal[] = [];
    for (const file of ANSWER_FILES) {
      options.progress(`judging ${file}`);
      const judged = await judgeAnswers(file);
      const right = judged.filter((answer) => answer.right);
      const wrong = judged.filter((answer) => !answer.right);
      const passed = wrong.filter(({ passes }) => passes);
      const failed = right.filter(({ passes }) => !passes);
      const failedShare = failed.length / Math.max(1, right.length);
      results.push(
        result(`${file}: answers, all seen while the check was made`, "count", judged.length),
        result(`${file}: false answers that pass`, "count", passed.length),
        shareOf(`${file}: false answers that pass`, passed.length / Math.max(1, wrong.length), wrong.length),
        result(`${file}: true answers that fail`, "count", failed.length),
        shareOf(`${file}: true answers that fail`, failedShare, right.length),
        ...passed.map(({ answer }) => result(`passes though false: ${answer.slice(0, SHOWN_CHARS)}`, "count", 1)),
        ...failed.map(({ answer }) => result(`fails though true: ${answer.slice(0, SHOWN_CHARS)}`, "count", 1)),
      );
      goals.push(
        atMost(`${file}: false answers that pass`, FALSE_PASS, passed.length),
        atMost(`${file}: true answers that fail`, TRUE_FAIL, failedShare),
      );
    }
    return { results, goals };
  },
};
