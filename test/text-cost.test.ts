/**
 * Reading foreign text takes time in proportion to its length, whatever it is made of: each function that reads such text is
 * fed repeated pieces at sizes that are eight times each other. A linear reader takes about 8 times as long, a quadratic one 64
 * times. The limit lies between, small times are rounded up to a floor, and a failure counts only when it repeats, so that a
 * busy machine does not fail the test.
 */
import { describe, expect, test } from "bun:test";
import { sameWords } from "../src/answering/again.ts";
import { citedIn, renumber, withoutMarks } from "../src/answering/citations.ts";
import { clausesIn, namesOf } from "../src/answering/clauses.ts";
import { courtesyIn } from "../src/answering/courtesy.ts";
import { asksForPerson } from "../src/answering/escalation.ts";
import { withoutFalseFacts } from "../src/answering/facts.ts";
import { figuresIn, withoutUnits } from "../src/answering/figures.ts";
import { partsOf } from "../src/answering/parts.ts";
import { pointsElsewhere } from "../src/answering/pointing.ts";
import { pointsIn } from "../src/answering/points.ts";
import { gistOf, questionOf } from "../src/answering/question.ts";
import { clausesOf, codesIn, quotesIn, sentencesOf } from "../src/answering/statements.ts";
import { sidesIn, turnsIn, withNames, withoutTurns } from "../src/answering/turns.ts";
import { readInteraction } from "../src/ask/interaction.ts";
import { titleSaysSolved } from "../src/directory/solved.ts";
import { lastWords, letterOf } from "../src/escalation/letter.ts";
import { words } from "../src/i18n.ts";
import { cleanFileText } from "../src/knowledge/extract/clean.ts";
import { extractCsv } from "../src/knowledge/extract/csv.ts";
import { decodeText } from "../src/knowledge/extract/decode.ts";
import { extractHtml } from "../src/knowledge/extract/html.ts";
import { extractMarkdown } from "../src/knowledge/extract/markdown.ts";
import { readable } from "../src/knowledge/extract/markup.ts";
import { robotsDirectives } from "../src/knowledge/extract/robots-directives.ts";
import { extractText } from "../src/knowledge/extract/text.ts";
import { markdownOf } from "../src/knowledge/extract/write-markdown.ts";
import { headingText } from "../src/knowledge/heading.ts";
import { chunk } from "../src/knowledge/import/chunk.ts";
import { documentOf } from "../src/knowledge/import/document.ts";
import { buildIndex } from "../src/knowledge/search/build.ts";
import { documentLanguage } from "../src/knowledge/search/languages.ts";
import { analyse } from "../src/knowledge/search/query.ts";
import { wordsOf } from "../src/knowledge/search/words.ts";
import { judgeUrl } from "../src/knowledge/website/fetch-guard.ts";
import { normalise } from "../src/knowledge/website/frontier.ts";
import { readRobots } from "../src/knowledge/website/robots.ts";
import { isSitemap, readSitemap } from "../src/knowledge/website/sitemap.ts";
import { createExtractive } from "../src/llm/extractive.ts";
import { wanted } from "../src/llm/question-kind.ts";
import { recites } from "../src/llm/recital.ts";
import { unitsOf } from "../src/llm/units.ts";
import { isMailAddress } from "../src/mail.ts";
import { leansOnHistory } from "../src/memory.ts";
import { wholeTextOf } from "../src/message.ts";
import { cleanText as cleanContent, readMessage } from "../src/payload.ts";
import { createPrefilterMemory } from "../src/prefilter/memory.ts";
import { prefilter } from "../src/prefilter.ts";
import { alike } from "../src/proactive/alike.ts";
import { allowedLinks } from "../src/reply/links.ts";
import { neutralise } from "../src/reply/neutralise.ts";
import { split } from "../src/reply/split.ts";
import { render } from "../src/reply.ts";
import { readSettingsFile } from "../src/settings/file.ts";
import { defaultSettings } from "../src/settings/form.ts";
import { addressedIn } from "../src/smart/addressing.ts";
import { coreOf, toldIn } from "../src/text/asking.ts";
import { fold } from "../src/text/fold.ts";
import { languageOf } from "../src/text/language.ts";
import { linksOf } from "../src/text/links.ts";
import { maskedLinks } from "../src/text/masked-links.ts";
import { scriptRuns } from "../src/text/scripts.ts";
import { sentences } from "../src/text/sentences.ts";
import { stemsOf } from "../src/text/stems.ts";
import { readEarlierLines } from "../src/trial.ts";
import { casesCsv } from "../web/moderation/csv.ts";
import { messageText, plainText } from "../web/parts/message-text.ts";
import { message, messagePayload, passage } from "./support/build.ts";
import { PIECES, tooSlow } from "./support/growth.ts";

const said = words("en").bot;
const bytes = (text: string) => new TextEncoder().encode(text);
const nameOf = (_: string, id: string) => id;
const noLinks = allowedLinks([]);
const numberOf = new Map([[1, 1]]);

const source = passage(
  "The Gold plan costs $20 a month, the Silver plan $10. Logs are kept for 90 days. Version 5 needs `abc-1`.",
);
const index = await buildIndex(
  Array.from({ length: 40 }, (_, i) =>
    passage(
      Array.from({ length: 50 }, (_, k) => `word${String.fromCharCode(97 + (k % 26))}${i}x${k} aword${k}${i}`).join(
        " ",
      ),
    ),
  ),
);
const extractive = createExtractive();
const quoteFrom = (question: string, from: string) =>
  extractive.complete(
    {
      ...{ task: "answer", question, passages: [passage(from)], language: "en", botName: "Gatehouse" },
      ...{ instructions: "", history: [], channel: [] },
    },
    { deadlineMs: 1_000 },
  );
const names = { ask: "ask", forget: "forget", privacy: "privacy", askAbout: "Ask", report: "Report" };
const interaction = (type: number, data: unknown, name = "Ada") =>
  readInteraction(
    {
      ...{ id: "1", token: "t", type, data, guild_id: "2", channel_id: "3", locale: name },
      ...{ guild: { name }, channel: { name }, member: { user: { id: "4", username: name }, permissions: "8" } },
    },
    names,
  );
const ask = (value: string) => interaction(2, { name: "ask", type: 1, options: [{ name: "question", value }] });
const page = (body: string) => {
  try {
    extractHtml(bytes(`<html><body>${body}</body></html>`), null, "https://site.example/");
  } catch {
    // What is no page is refused by the child.
  }
};
const turnsOf = (text: string) =>
  [{ role: "member", author: text, text }] as unknown as Parameters<typeof lastWords>[0];
const letter = (text: string) => {
  const escalation = { id: "1", reason: "asked", summary: text, memberName: text, channelName: text };
  const about = { escalation, turns: turnsOf(text), guildName: text, link: text, language: "en" };
  return letterOf(about as unknown as Parameters<typeof letterOf>[0], ["a@site.example"], null);
};
const caseOf = (text: string) =>
  ({
    ...{ number: 1, atMs: 0, state: "applied", action: "warn", plan: { acts: [] }, rule: { n: 1, text } },
    ...{ authorName: text, author: "1", channelName: text, evidence: text },
    verdict: { severity: "low", confidence: 1, reason: text, source: "model", model: null },
  }) as unknown as Parameters<typeof casesCsv>[0][number];

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
  cleanFileText,
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
  clausesOf: (text) => clausesOf(text, "en"),
  codesIn,
  quotesIn,
  clausesIn: (text) => clausesIn(partsOf(text, "en", "source"), new Map()),
  pointsIn: (text) => pointsIn(text, true),
  namesOf: (text) => namesOf(text, "en"),
  "the check of facts, of an answer": (text) => withoutFalseFacts(text, [source], "q", "en"),
  "the check of facts, of a passage": (text) => withoutFalseFacts("Gold costs $10 [1].", [passage(text)], "q", "en"),
  "the check of facts, of a title": (text) =>
    withoutFalseFacts(
      "Gold costs $10 [1].",
      [passage("Gold, $20. Silver.", { title: text, headings: [text] })],
      "",
      "en",
    ),
  "the check of facts, of a question": (text) => withoutFalseFacts("Gold costs $10 [1].", [source], text, "en"),
  "an extractive answer, of a question": (text) => quoteFrom(text, source.text),
  "an extractive answer, of a passage": (text) => quoteFrom("How long are logs kept?", text),
  "analyse, with its help for misspelt words": (text) => analyse(index, text),
  gistOf,
  sameWords,
  toldIn,
  pointsElsewhere,
  readEarlierLines,
  alike: (text) => alike(text, `${text}b`),
  maskedLinks,
  isMailAddress,
  "an interaction's question": ask,
  "an interaction's names": (text) => interaction(2, { name: text }, text),
  "an interaction's button": (text) => interaction(3, { custom_id: text }),
  "an appeal": (text) =>
    interaction(5, {
      custom_id: `appealed:1:${"a".repeat(32)}`,
      components: [{ component: { custom_id: "text", value: text } }],
    }),
  "a report": (text) =>
    interaction(2, {
      ...{ name: "Report", type: 3, target_id: "1" },
      resolved: { messages: { 1: messagePayload({ id: "1", content: text, embeds: [{ description: text }] }) } },
    }),
  wholeTextOf: (text) =>
    wholeTextOf(message({ content: text, embeds: [{ title: text }], attachments: [{ filename: text }] })),
  "a settings file": (text) => readSettingsFile(text, defaultSettings),
  "a settings file's value": (text) => readSettingsFile(`instructions: "${text}`, defaultSettings),
  "a settings file's list": (text) => readSettingsFile(`moderation:\n  rules: [${text}`, defaultSettings),
  letter,
  lastWords: (text) => lastWords(turnsOf(text)),
  casesCsv: (text) => casesCsv([caseOf(text)], "en"),
};

/** A page nests 400 elements at most, and a Word document what Word writes: within that, depth may cost its square. */
const FLAT = PIECES.filter((piece) => !(typeof piece === "string" && /^<(?:div|x?:?loc)>$/.test(piece)));

const PAGES: Readonly<Record<string, (text: string) => unknown>> = {
  "a page's body": page,
  "a page's main part": (text) => page(`<main>${"word ".repeat(60)}${text}</main>`),
  "a page's table": (text) => page(`<table><tr><td>${text}</td><td>b</td></tr></table>`),
  "a page's list": (text) => page(`<ul><li>${text}</li></ul>`),
  "a page's code": (text) => page(`<pre>${text}</pre>`),
  "a page's heading and link": (text) => page(`<h2>${text}</h2><p><a href="${text}">${text}</a></p>`),
  markdownOf(text) {
    try {
      markdownOf(text);
    } catch {
      // As above.
    }
  },
};

describe("text costs no more than its length", () => {
  for (const [name, read] of Object.entries(READERS)) {
    test(name, () => {
      expect(tooSlow(read)).toEqual([]);
    }, 120_000);
  }
  for (const [name, read] of Object.entries(PAGES)) {
    test(name, () => {
      expect(tooSlow(read, FLAT)).toEqual([]);
    }, 120_000);
  }
});
