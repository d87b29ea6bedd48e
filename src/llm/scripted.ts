/**
 * A model that says what a test told it to, in order, and remembers what it was asked. A step may also be an error to
 * throw, or a promise that the test settles when it likes.
 */
import { AppError } from "../errors.ts";
import type { Completion, Limits, Llm, ResultOf, Task } from "../llm.ts";

export type ScriptStep<T extends Task = Task> =
  | ResultOf<T>
  | Error
  | ((task: T, limits: Limits) => Promise<ResultOf<T>>);

export type ScriptedLlm = Llm & {
  readonly asked: readonly Task[];
  /** The steps after those given so far. */
  say(...steps: readonly ScriptStep[]): void;
};

/** Past its last step it throws `unavailable`, like a model that is down. */
export function createScripted(...script: readonly ScriptStep[]): ScriptedLlm {
  const asked: Task[] = [];
  const steps = [...script];
  return {
    name: "scripted",
    asked,
    say(...more) {
      steps.push(...more);
    },
    async complete<T extends Task>(task: T, limits: Limits): Promise<Completion<ResultOf<T>>> {
      asked.push(task);
      const step = steps.shift() as ScriptStep<T> | undefined;
      if (step === undefined) throw new AppError("unavailable", "the script is over");
      if (step instanceof Error) throw step;
      const result = typeof step === "function" ? await step(task, limits) : step;
      return { result, model: "scripted", tokensIn: 100, tokensOut: 20, costUsd: 0, ms: 0 };
    },
  };
}
