/**
 * Does a text recite another? Runs of eight words in a row, whatever stands between the words. What a model was told is no
 * answer, whoever asked it to repeat it (groq.ts); what it paraphrases or encodes is not found.
 */
const RUN_WORDS = 8;

export function recites(text: string, source: string): boolean {
  const runs = new Set(runsOf(source));
  return runsOf(text).some((run) => runs.has(run));
}

function runsOf(text: string): readonly string[] {
  const plain = text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase();
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  const runs: string[] = [];
  for (let at = 0; at + RUN_WORDS <= words.length; at++) runs.push(words.slice(at, at + RUN_WORDS).join(" "));
  return runs;
}
