/**
 * A line of text → its sentences, with the space that follows each. Unicode's sentence boundaries (Intl.Segmenter), except that
 * abbreviations, initials and ordinals ("15. Mai", "2. yaş", a list's "3. ") do not end one. Used by quotes and by the check of facts.
 */

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
/** Without one of these a line is one sentence, and the segmenter, which is slow, is not asked. */
const TERMINAL = /[\p{Sentence_Terminal}\r\u0085\u2028\u2029]/u;
const ABBREVIATION =
  /(?:(?<![\p{L}\p{N}])(?:e\.g|i\.e|etc|vs|approx|no|fig|dr|mr|mrs|örn|vb|bkz|yak|z\.b|ca|nr)\.|(?:^|[\s(.])\p{L}\.)[ \t]{0,3}$/iu;
const MONTH =
  /^(?:Jan|Feb|Mär|Apr|Ma[iy]|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Oca|Şub|Mar|Nis|Haz|Tem|Ağu|Eyl|Eki|Kas|Ara|Ene|Abr|Dic)\p{L}{0,8}/u;

/** Together they are the line; none is empty. */
export function sentences(line: string): readonly string[] {
  if (!TERMINAL.test(line)) return line === "" ? [] : [line];
  const found: string[] = [];
  let from = 0;
  for (const { segment, index } of segmenter.segment(line)) {
    // Its end only, cut from the line: a sentence of a thousand abbreviations is not read again for each.
    const end = line.slice(Math.max(from, index - 40), index);
    if (index === 0 || ABBREVIATION.test(end) || isOrdinal(end, segment)) continue;
    found.push(line.slice(from, index));
    from = index;
  }
  if (from < line.length) found.push(line.slice(from));
  return found;
}

/** `before`: the 40 characters before the place. */
function isOrdinal(before: string, after: string): boolean {
  if (!/\d\.[ \t]{0,3}$/.test(before.slice(-8))) return false;
  return /^\p{Ll}/u.test(after) || MONTH.test(after) || /^[ \t>]{0,12}\d{1,3}\.[ \t]{0,3}$/.test(before);
}
