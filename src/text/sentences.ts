/**
 * A line of text → its sentences, with the space that follows each. Unicode's sentence boundaries (Intl.Segmenter), except that
 * abbreviations, initials and ordinals ("15. Mai", "2. yaş", a list's "3. ") do not end one. Used by quotes and by the check of facts.
 */

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
const ABBREVIATION =
  /(?:(?<![\p{L}\p{N}])(?:e\.g|i\.e|etc|vs|approx|no|fig|dr|mr|mrs|örn|vb|bkz|yak|z\.b|ca|nr)\.|(?:^|[\s(.])\p{L}\.)[ \t]{0,3}$/iu;
const MONTH =
  /^(?:Jan|Feb|Mär|Apr|Ma[iy]|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Oca|Şub|Mar|Nis|Haz|Tem|Ağu|Eyl|Eki|Kas|Ara|Ene|Abr|Dic)\p{L}{0,8}/u;

/** Together they are the line; none is empty. */
export function sentences(line: string): readonly string[] {
  const found: string[] = [];
  for (const { segment } of segmenter.segment(line)) {
    const last = found.at(-1);
    if (last !== undefined && (ABBREVIATION.test(last.slice(-40)) || isOrdinal(last, segment))) {
      found[found.length - 1] = last + segment;
    } else found.push(segment);
  }
  return found;
}

function isOrdinal(before: string, after: string): boolean {
  if (!/\d\.[ \t]{0,3}$/.test(before.slice(-8))) return false;
  return /^\p{Ll}/u.test(after) || MONTH.test(after) || /^[ \t>]{0,12}\d{1,3}\.[ \t]{0,3}$/.test(before);
}
