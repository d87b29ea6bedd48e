/**
 * Reading foreign text takes time in proportion to its length, whatever it is made of: each function that reads such text is
 * fed repeated pieces at sizes that are eight times each other. A linear reader takes about 8 times as long, a quadratic one 64
 * times. The limit lies between, small times are rounded up to a floor, and a failure counts only when it repeats, so that a
 * busy machine does not fail the test.
 */
import { describe, expect, test } from "bun:test";
import { citedIn, renumber, withoutMarks } from "../src/answering/citations.ts";
import { courtesyIn } from "../src/answering/courtesy.ts";
import { asksForPerson } from "../src/answering/escalation.ts";
import { figuresIn, withoutUnits } from "../src/answering/figures.ts";
import { questionOf } from "../src/answering/question.ts";
import { sentencesOf } from "../src/answering/statements.ts";
import { sidesIn, turnsIn, withNames, withoutTurns } from "../src/answering/turns.ts";
import { titleSaysSolved } from "../src/directory/solved.ts";
import { words } from "../src/i18n.ts";
import { extractCsv } from "../src/knowledge/extract/csv.ts";
import { cleanText, decodeText } from "../src/knowledge/extract/decode.ts";
import { extractHtml } from "../src/knowledge/extract/html.ts";
import { extractMarkdown } from "../src/knowledge/extract/markdown.ts";
import { readable } from "../src/knowledge/extract/markup.ts";
import { robotsDirectives } from "../src/knowledge/extract/robots-directives.ts";
import { extractText } from "../src/knowledge/extract/text.ts";
import { headingText } from "../src/knowledge/heading.ts";
import { chunk } from "../src/knowledge/import/chunk.ts";
import { documentOf } from "../src/knowledge/import/document.ts";
import { documentLanguage } from "../src/knowledge/search/languages.ts";
import { wordsOf } from "../src/knowledge/search/words.ts";
import { judgeUrl } from "../src/knowledge/website/fetch-guard.ts";
import { normalise } from "../src/knowledge/website/frontier.ts";
import { readRobots } from "../src/knowledge/website/robots.ts";
import { isSitemap, readSitemap } from "../src/knowledge/website/sitemap.ts";
import { wanted } from "../src/llm/question-kind.ts";
import { recites } from "../src/llm/recital.ts";
import { unitsOf } from "../src/llm/units.ts";
import { leansOnHistory } from "../src/memory.ts";
import { cleanText as cleanContent, readMessage } from "../src/payload.ts";
import { createPrefilterMemory } from "../src/prefilter/memory.ts";
import { prefilter } from "../src/prefilter.ts";
import { allowedLinks } from "../src/reply/links.ts";
import { neutralise } from "../src/reply/neutralise.ts";
import { split } from "../src/reply/split.ts";
import { render } from "../src/reply.ts";
import { addressedIn } from "../src/smart/addressing.ts";
import { coreOf } from "../src/text/asking.ts";
import { fold } from "../src/text/fold.ts";
import { languageOf } from "../src/text/language.ts";
import { linksOf } from "../src/text/links.ts";
import { scriptRuns } from "../src/text/scripts.ts";
import { sentences } from "../src/text/sentences.ts";
import { stemsOf } from "../src/text/stems.ts";
import { messageText, plainText } from "../web/parts/message-text.ts";
import { message } from "./support/build.ts";

const said = words("en").bot;
const bytes = (text: string) => new TextEncoder().encode(text);
const nameOf = (_: string, id: string) => id;
const noLinks = allowedLinks([]);
const numberOf = new Map([[1, 1]]);

/** Each takes a text of any length. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  coreOf: (text) => coreOf(text),
  chunk: (text) => chunk(text, "Title"),
  figuresIn: (text) => figuresIn(text),
  withoutUnits: (text) => withoutUnits(text),
  sidesIn: (text) => sidesIn(text),
  turnsIn: (text) => turnsIn(text),
  withNames: (text) => withNames(text, ["Free"]),
  withoutTurns: (text) => withoutTurns(text),
  documentOf: (text) =>
    documentOf({
      ...{ extracted: { text, title: text, url: null, language: null }, language: "en" },
      place: { key: "k", title: "t", url: null, anchored: true },
    }),
  headingText,
  extractText: (text) => extractText(bytes(text)),
  extractMarkdown: (text) => extractMarkdown(bytes(text)),
  extractCsv: (text) => extractCsv(bytes(text)),
  decodeText: (text) => decodeText(bytes(text)),
  cleanText,
  readable,
  robotsDirectives,
  isSitemap: (text) => isSitemap(bytes(text)),
  readSitemap: (text) => readSitemap(bytes(text)),
  "readSitemap, of locations": (text) => readSitemap(bytes(`<urlset>${text}`)),
  normalise: (text) => normalise(`https://site.example/${text}`),
  "normalise, of parameters": (text) => normalise(`https://site.example/?${text}`),
  judgeUrl: (text) => judgeUrl(`https://site.example${text}`),
  readRobots: (text) =>
    readRobots("https://site.example/robots.txt", `user-agent: *\n${text}`).allowed(
      "https://site.example/aaaaaaaaaaaaaaaaaaaaaaaaa",
    ),
  extractHtml(text) {
    try {
      return extractHtml(bytes(text), null, null);
    } catch {
      // The parser gives up on what is no page; the child process refuses it then.
    }
  },
  sources: (text) => render("a", [{ n: 1, title: text, url: text, passage: "p" }], said),
  documentLanguage,
  wordsOf,
  languageOf,
  stemsOf: (text) => stemsOf(text, "en"),
  scriptRuns,
  linksOf: (text) => linksOf(text, fold(text)),
  addressedIn: (text) => addressedIn(fold(text), new Map(), null, false),
  prefilter: (text) => prefilter(message({ content: text }), createPrefilterMemory()),
  readMessage: (text) =>
    readMessage({ id: "1", channel_id: "2", author: { id: "3", username: text }, content: text, timestamp: text }),
  cleanContent: (text) => cleanContent(text, 1e6),
  questionOf: (text) => questionOf({ content: text }, ["1"]),
  courtesyIn,
  asksForPerson,
  titleSaysSolved,
  leansOnHistory,
  unitsOf,
  wanted: (text) => wanted(text)(unitsOf("One. Two.")),
  recites: (text) => recites(text, text),
  allowedLinks: (text) => allowedLinks([{ text, url: null }]),
  neutralise: (text) => neutralise(text, noLinks, said),
  split: (text) => split(text),
  citedIn,
  withoutMarks,
  renumber: (text) => renumber(text, numberOf),
  messageText: (text) => String(messageText(text, { nameOf, links: true })),
  plainText: (text) => plainText(text, nameOf),
  sentences: (text) => sentences(text),
  sentencesOf: (text) => sentencesOf(text, { rows: true }),
};

/** What is repeated. A piece may have a beginning and an end of its own: the middle is repeated between them. */
const PIECES: readonly (string | readonly [string, string, string])[] = [
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

describe("text costs no more than its length", () => {
  for (const [name, read] of Object.entries(READERS)) {
    test(name, () => {
      const slow = PIECES.filter((piece) => growsTooFast(read, piece));
      expect(slow).toEqual([]);
    }, 120_000);
  }
});

function growsTooFast(read: (text: string) => unknown, piece: (typeof PIECES)[number]): boolean {
  read(repeated(piece, SIZES[1]));
  let before = FLOOR_MS;
  for (const size of SIZES) {
    const text = repeated(piece, size);
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < TRIES && best > before * RATIO_MAX; attempt++)
      best = Math.min(best, msOf(read, text));
    if (best > before * RATIO_MAX) return true;
    before = Math.max(FLOOR_MS, best);
  }
  return false;
}

function repeated(piece: (typeof PIECES)[number], chars: number): string {
  const [from, middle, to] = typeof piece === "string" ? ["", piece, ""] : piece;
  return from + middle.repeat(Math.ceil(chars / middle.length)) + to;
}

/** The smaller of wall time, which counts what else the machine does, and processor time, which counts other threads of this process. */
function msOf(read: (text: string) => unknown, text: string): number {
  const from = performance.now();
  const cpu = process.cpuUsage();
  read(text);
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(performance.now() - from, (user + system) / 1_000);
}
