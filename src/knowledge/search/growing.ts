/** Numbers one after the other in a typed array that grows by half. */
export type Growing = {
  readonly length: number;
  push(number: number): void;
  at(place: number): number;
  /** At a place that was pushed before. */
  set(place: number, number: number): void;
  /** Holds nothing from then on, in the same memory. */
  clear(): void;
  /** What it holds now; not to be read any more once another number was pushed or all were cleared. */
  view(): Uint32Array;
};

const FIRST = 1_024;

export function createGrowing(): Growing {
  let numbers = new Uint32Array(FIRST);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(number) {
      if (length === numbers.length) {
        // The memory before is free at once; what a copy leaves behind waits for the garbage collector.
        numbers = new Uint32Array(numbers.buffer.transfer(Math.ceil(length * 1.5) * numbers.BYTES_PER_ELEMENT));
      }
      numbers[length++] = number;
    },
    at: (place) => numbers[place] ?? 0,
    set(place, number) {
      numbers[place] = number;
    },
    clear() {
      length = 0;
    },
    view: () => numbers.subarray(0, length),
  };
}
