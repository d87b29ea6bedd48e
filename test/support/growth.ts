/**
 * Does a reader's time grow with the text it reads, and no faster? It is fed repeated pieces at sizes that are eight times each
 * other. A linear reader takes about 8 times as long, a quadratic one 64 times. The limit lies between, small times are rounded up to
 * a floor, and a failure counts only when it repeats, beside as much other work, so that a busy machine does not fail the test.
 */

/** What is repeated. A piece may have a beginning and an end of its own: the middle is repeated between them. */
export type Piece = string | readonly [string, string, string];

export const PIECES: readonly Piece[] = [
  ...[..." \t\n#*_`~|[]()<>{}\\/.,:;-=+&@!?\"'0aA\u00a0🧵"],
  ...[
    "a ",
    "a b\n",
    "# a\n",
    "- a\n",
    "> ",
    "> a\n",
    "1. ",
    "| a ",
    "| a |\n",
    "a\n===\n",
    "```",
    "```\n",
    "`a",
    "~~~\n",
  ],
  ...[
    "[a",
    "[a]",
    "[a](",
    "](",
    "[a](b",
    "![",
    "![a](",
    "[[",
    "]]",
    "[1",
    "[1] ",
    "[1,",
    "[1]\n",
    "((",
    "))",
    "<a",
    "</a",
    "<!--",
  ],
  ...[
    "<a href=",
    "<div>",
    "</div>",
    "<p ",
    "{#",
    "{%",
    "<![CDATA[",
    "]]>",
    "<loc>",
    "</loc>",
    "<x:loc>",
    "&amp;",
    "&",
    "<script>",
  ],
  ...[
    "http://",
    "https://a",
    "https://a.example/b ",
    "https://a@b",
    "a.b.",
    "a.b/",
    "a.",
    "-a",
    "a-",
    "discord . gg ",
    "mailto:a",
    "www.",
  ],
  ...[
    "<@1",
    "<@123456789012345678>",
    "<#",
    "<:a:1",
    "</a:",
    "<t:1",
    "@everyone",
    "**a",
    "__a",
    "||a",
    "*a",
    "_a",
    "~~a",
    "* a",
    "a*",
  ],
  ...[
    "\r\n",
    "\r",
    "\n ",
    " \n",
    "\n\n",
    "\n\n\n",
    ".\n",
    ". ",
    "...",
    "…",
    "? ",
    ":::",
    "::: a\n",
    "---\n",
    "=== ",
    ":--",
    "|-",
    "|\n",
  ],
  ...[
    "user-agent: *\n",
    "Disallow: /*a*\n",
    "noindex, ",
    "a:",
    "a,",
    ";",
    '"a",',
    '""',
    '"\n',
    "é",
    "ığ",
    "漢字",
    "한국",
    "ひ",
    "ع",
    "\u200b",
    "\u0301",
    "\ud83d",
  ],
  ...[
    "1.2",
    "v1.",
    "E-4",
    "aB",
    "camelCase",
    "a_b",
    "a/b",
    "x'",
    "’",
    "-1",
    "12:",
    "e.g. ",
    "is ",
    "not ",
    "\tA",
    "Aa ",
    "\n\nAAAA BB",
  ],
  ["# a", " ", "b"],
  ["", ":", "\u2028b"],
  ["!!! ", " ", "\u2028b"],
  ["~~~", "~", "`"],
  ["# a", "#", "b"],
  ["#", " #", "b"],
  ["a", " ", "b"],
  ["a", "\n", "b"],
  ["a\n", "=", "b"],
  ["a\n", "- ", "b"],
  ["|", " |", "b"],
  ["  ", "|", "b"],
  [".. _", "a", "b"],
  [".. _", "a: ", "b"],
  ["```\n", "`", "b"],
  ["---\n", "a: b\n", ""],
  ["---\n", " ", ""],
  ["https://a/", ".", "b"],
  ["https://a/", "#", "b"],
  ["https://a/", ")", "b"],
  ["[", "a", "](b)"],
  ["[", "[", "](https://a.example)"],
  ["a", "]", "(b)"],
  ["", "[1] ", "x"],
  ["", "[1]", "\n"],
  ["<urlset><loc>", " ", "</loc"],
  ["<", "a ", ">"],
  ["en", " ", "!"],
  ["a@", "b.", "!"],
  ["", "a", " is"],
  ["*", "*", "a"],
  ["<meta ", "charset ", ""],
  ["", "utm_a&", ""],
  ["", "user-agent: a\n", "disallow: /\n"],
  ["", "1.", "x"],
  ["<", "a", ""],
  ["<a ", "<a ", ""],
];

/** Each is eight times the one before: a reader that takes cubic time is caught before it takes minutes. */
const SIZES = [500, 4_000, 32_000] as const;
/** Between 8, which is linear, and 64, which is quadratic. */
const RATIO_MAX = 24;
/** Shorter times are noise; a quadratic reader of 32,000 characters takes hundreds of milliseconds. */
const FLOOR_MS = 1;
/** A reader gets faster while it is compiled, and a machine may be busy for a while: the best of these counts. */
const TRIES = 12;
/** One of these, each beside work of the same size, is enough. */
const TRIES_BESIDE = 4;

/** Those of `pieces` that it takes too long over. */
export function tooSlow(read: (text: string) => unknown, pieces: readonly Piece[] = PIECES): readonly Piece[] {
  return pieces.filter((piece) => growsTooFast(read, piece));
}

function growsTooFast(read: (text: string) => unknown, piece: Piece): boolean {
  read(repeated(piece, SIZES[1]));
  let before = FLOOR_MS;
  let shorter = "";
  for (const size of SIZES) {
    const text = repeated(piece, size);
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < TRIES && best > before * RATIO_MAX; attempt++)
      best = Math.min(
        best,
        msOf(() => read(text)),
      );
    if (best > before * RATIO_MAX && !keepsPace(read, shorter, text)) return true;
    before = Math.max(FLOOR_MS, best);
    shorter = text;
  }
  return false;
}

/** The same limit beside work of the same size: what else the machine does just now, it does to both. */
function keepsPace(read: (text: string) => unknown, shorter: string, text: string): boolean {
  for (let attempt = 0; attempt < TRIES_BESIDE; attempt++) {
    const floor = msOf(floorWork);
    const eightOf = msOf(() => {
      for (let time = 0; time < 8; time++) read(shorter);
    });
    if (msOf(() => read(text)) <= (RATIO_MAX / 8) * Math.max(floor, eightOf)) return true;
  }
  return false;
}

const FLOOR_TEXT = "a ".repeat(8_000);

/** Eight times the floor, on the machine that it was chosen on. */
function floorWork(): void {
  let spaces = 0;
  for (let time = 0; time < 500; time++)
    for (let at = 0; at < FLOOR_TEXT.length; at++) if (FLOOR_TEXT.charCodeAt(at) === 32) spaces++;
  if (spaces !== 500 * 8_000) throw new Error("the floor's work was not done");
}

function repeated(piece: Piece, chars: number): string {
  const [from, middle, to] = typeof piece === "string" ? ["", piece, ""] : piece;
  return from + middle.repeat(Math.ceil(chars / middle.length)) + to;
}

/** The smaller of wall time, which counts what else the machine does, and processor time, which counts other threads of this process. */
function msOf(work: () => unknown): number {
  const from = performance.now();
  const cpu = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(performance.now() - from, (user + system) / 1_000);
}
