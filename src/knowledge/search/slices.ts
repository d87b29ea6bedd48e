/** Long work in slices, so that the thread can do other work between them. */

/** What a slice spends is counted in words read; passing over a number in an array costs as much as a part of one. About 5 ms. */
const WORDS_A_SLICE = 15_000;
export const NUMBERS_A_WORD = 20;
/** Passing over a document in a list costs as much as reading so many words. */
export const WORDS_A_DOCUMENT = 1;

export type Slices = {
  /** Adds to what the slice has spent; true once it is time for `rest`. */
  spend(words: number): boolean;
  rest(): Promise<void>;
};

/** `pause` lets others work; without it there are no slices. What it throws ends the work. */
export function createSlices(pause?: () => Promise<void>): Slices {
  let left = WORDS_A_SLICE;
  return {
    spend(words) {
      left -= words;
      return pause !== undefined && left <= 0;
    },
    async rest() {
      left = WORDS_A_SLICE;
      await pause?.();
    },
  };
}
