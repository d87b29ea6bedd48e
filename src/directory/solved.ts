/** Does a thread's title, or a forum's tag, say that its question is solved? Pure. */

const SIGN = /[✅☑✔]/u;
const SOLVED = "(?:solved|resolved|answered|closed|fixed|done|çözüldü|çözülmüş|gelöst|résolu|resuelto)";
const TAG = new RegExp(`(?<!\\p{L})${SOLVED}(?!\\p{L})`, "iu");
const DENIED = /(?<!\p{L})(?:not|never|isn['’]?t|un|değil|nicht|non|no)(?!\p{L})/iu;

/**
 * In a title only as a mark: in brackets, before a colon or a dash, behind one. "Door sensor says closed", "Fixed IP" and "how do I
 * get this done" are questions.
 */
const MARK = new RegExp(
  `[[({]\\s*${SOLVED}\\s*[\\])}]|^\\P{L}*${SOLVED}\\s*(?:[:|]|[-–—]\\s|$)|(?:[:|]|\\s[-–—])\\s*${SOLVED}\\P{L}*$`,
  "iu",
);

/** These few hardly mean anything else, first or last in a title. */
const FIRST_OR_LAST = /^\P{L}*(?:solved|çözüldü)\s|\s(?:solved|çözüldü|çözülmüş)[\s.!]*$/iu;

export function titleSaysSolved(title: string): boolean {
  return SIGN.test(title) || MARK.test(title) || (FIRST_OR_LAST.test(title) && !DENIED.test(title));
}

/** A tag is a word or two, and nothing but a mark. */
export function tagSaysSolved(tag: string): boolean {
  return SIGN.test(tag) || (TAG.test(tag) && !DENIED.test(tag));
}
