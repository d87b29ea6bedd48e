/**
 * The stand-in's "intelligence": answers by reading the prompt. Sentences of the numbered passages
 * that share the most words with the question become the answer; a strict schema's properties are
 * filled by name and type; what it does not recognise gets the plainest conforming value.
 */
import { opinionOf } from "./moderate.ts";
import type { Prompt } from "./prompt.ts";
import { familiarity, joined, quote } from "./quote.ts";
import {
  alternatives,
  clampNumber,
  isNullable,
  type JsonSchema,
  plainest,
  propertiesOf,
  resolve,
  typeOf,
} from "./schema.ts";
import { sentences } from "./sentences.ts";
import { verdictOf } from "./verdict.ts";
import { coverage, fold, stems, weights } from "./words.ts";

interface Reading {
  readonly answer: string;
  readonly used: readonly number[];
  /** 0..1: the share of the question's words that the passages hold. */
  readonly score: number;
  readonly known: boolean;
  readonly wantsHuman: boolean;
  readonly question: string;
  readonly post: string;
}

const HUMAN =
  /\b(?:human|real (?:person|agent|human|support)|actual (?:person|human)|live (?:agent|support|person|chat)|(?:talk|speak|chat|connect me|transfer me|put me through) (?:to|with) (?:an? |the |some)?(?:agent|person|someone|somebody|representative|operator|staff|support|manager|moderator|team)|an agent|representative|gercek (?:biri|bir(?:i|isi|iyle)?|kisi|insan)\w*|temsilci\w*|yetkili\w*|canli destek|musteri hizmet\w*|bir insan\w*|insanla)\b/;
const FOLLOW_UP = /^(?:and|or|but|so|what about|how about|what if|also|then|it|that|ve|peki|ya|o zaman)\b/;
/** A question with its subject in it, however few its words: "what is a Dipper", "how do I install it on Linux". */
const WHOLE =
  /^(?:what|who|where|when|why) (?:is|are|does|do|did|can) (?!(?:it|that|this|they|i|we|you)\b)|^how (?:do|does|can) (?:\w+ ){2,}|\bnedir\b/;

/** Talk to the model about the model, which no knowledge base answers. */
const ABOUT_ITSELF = /\b(?:ignore|disregard|forget) (?:\w+ ){0,3}(?:instructions|rules|prompt)|\bsystem prompt\b/;
/** Longer than this a question tells a story; what it asks is in its last sentences. */
const STORY_CHARS = 400;

/** Reads the prompt once; every field is taken from this. */
function read(prompt: Prompt): Reading {
  const question = fullQuestion(prompt);
  const asked = pointOf(question);
  const { known, score } = familiarity(asked, prompt.passages);
  const wantsHuman = HUMAN.test(fold(prompt.question));
  // Who wants a person and asks nothing besides is not told what some page says of people.
  const answers = known && !ABOUT_ITSELF.test(fold(asked)) && (!wantsHuman || prompt.question.includes("?"));
  const picked = answers ? quote(asked, prompt.passages, prompt.language) : [];
  return {
    answer: picked.length > 0 ? joined(picked) : notKnown(prompt.language),
    used: [...new Set(picked.map(({ n }) => n))],
    score,
    known: picked.length > 0,
    wantsHuman,
    question,
    post: post(prompt),
  };
}

/** Fills `schema` from the prompt. The value conforms by construction for the types it knows. */
export function fill(schema: JsonSchema, prompt: Prompt): unknown {
  return fillValue(schema, schema, "", { prompt, reading: read(prompt) });
}

/** An answer where no schema was asked for. */
export function freeText(prompt: Prompt): string {
  if (prompt.passages.length > 0 && prompt.question !== "") return read(prompt).answer;
  if (prompt.topics.length > 0) return post(prompt);
  return prompt.language === "tr" ? "Tamam, not ettim." : "All right, noted.";
}

interface Context {
  readonly prompt: Prompt;
  readonly reading: Reading;
}

function fillValue(schema: JsonSchema, root: JsonSchema, name: string, context: Context): unknown {
  const resolved = resolve(schema, root);
  if ("const" in resolved) return resolved.const;
  const option = alternatives(resolved)?.find((candidate) => typeOf(resolve(candidate, root)) !== "null");
  if (option) {
    const value = fillValue(option, root, name, context);
    return isNullable(resolved) && (value === "" || value === undefined) ? null : value;
  }
  if (Array.isArray(resolved.enum)) return fromEnum(resolved.enum, name, context);

  switch (typeOf(resolved)) {
    case "object":
      return Object.fromEntries(
        Object.entries(propertiesOf(resolved)).map(([key, child]) => [key, fillValue(child, root, key, context)]),
      );
    case "array":
      return fillArray(resolved, root, name, context);
    case "boolean":
      return fillBoolean(name, context);
    case "integer":
    case "number":
      return clampNumber(resolved, /confidence|score|certain|probab/.test(name) ? context.reading.score : 0);
    case "string":
      return fillString(resolved, root, name, context);
    default:
      return plainest(resolved, root);
  }
}

function fillBoolean(name: string, { prompt, reading }: Context): boolean {
  if (/human|escalat|handoff|hand_off/i.test(name)) return reading.wantsHuman;
  if (/known|answerable|found|supported/i.test(name)) return reading.known;
  if (/help|should|relevant|answer|respond|speak/i.test(name))
    return reading.known && looksLikeRequest(prompt.question);
  return false;
}

function fillString(schema: JsonSchema, root: JsonSchema, name: string, { prompt, reading }: Context): string {
  const max = typeof schema.maxLength === "number" ? schema.maxLength : Number.POSITIVE_INFINITY;
  const min = typeof schema.minLength === "number" ? schema.minLength : 0;
  const text = stringFor(name, prompt, reading);
  return text === undefined || text.length < min ? String(plainest(schema, root)) : text.slice(0, max);
}

function stringFor(name: string, prompt: Prompt, reading: Reading): string | undefined {
  if (/^(?:answer|reply|response)/i.test(name)) return reading.answer;
  if (/question|query|rewrit/i.test(name)) return reading.question;
  if (/^(?:post|message|content|text|body)$/i.test(name)) return prompt.question ? reading.answer : reading.post;
  if (/summary|summar/i.test(name)) return summary(prompt);
  if (/reason|why|explanation/i.test(name)) {
    if (!looksLikeRequest(prompt.question)) return "Nobody asks for help with this.";
    return reading.known ? "The passages cover the question." : "The passages do not cover the question.";
  }
  if (/language|lang/i.test(name)) return prompt.language;
  if (/title|subject/i.test(name)) return prompt.passages[0]?.title ?? summary(prompt).slice(0, 80);
  return undefined;
}

function fillArray(schema: JsonSchema, root: JsonSchema, name: string, context: Context): unknown {
  const items = resolve((schema.items ?? {}) as JsonSchema, root);
  const max = typeof schema.maxItems === "number" ? schema.maxItems : Number.POSITIVE_INFINITY;
  const type = typeOf(items);

  if (/used|passage|source|citation|reference/i.test(name) && (type === "integer" || type === "number")) {
    return context.reading.used.slice(0, max);
  }
  if (type === "object" && context.prompt.messages.length > 0) {
    const { messages, rules } = context.prompt;
    const verdicts = messages.map((message) => verdictOf(items, root, message, opinionOf(message, rules), rules));
    return verdicts.filter((verdict) => verdict !== undefined).slice(0, max);
  }
  return plainest(schema, root);
}

function fromEnum(values: readonly unknown[], name: string, context: Context): unknown {
  if (/language|lang/i.test(name) && values.includes(context.prompt.language)) return context.prompt.language;
  if (values.includes("answer") && values.includes("silent")) {
    return fillBoolean("help", context) ? "answer" : "silent";
  }
  return values[0];
}

/** Of a long message the sentences that ask, or its end. */
function pointOf(question: string): string {
  if (question.length <= STORY_CHARS) return question;
  const told = question.replace(/```[\s\S]*?(?:```|$)/g, "\n");
  const asking = told.split(/(?<=[.!?\n])\s+/).filter((sentence) => sentence.trim().endsWith("?"));
  return (asking.slice(-2).join(" ") || told).slice(-STORY_CHARS);
}

function fullQuestion(prompt: Prompt): string {
  const question = prompt.question.trim();
  const before = prompt.history.findLast(({ role }) => !/assistant|bot/i.test(role))?.text.trim();
  if (!before || question === "") return question;
  const short = stems(question).length <= 2 && !WHOLE.test(fold(question));
  if (!short && !FOLLOW_UP.test(fold(question))) return question;
  const rest = question.replace(/^(?:and|or|but|so|also|what about|how about|ve|peki|ya)\b[\s,]*/i, "");
  return `${before.replace(/[?.!\s]+$/, "")}, ${rest || question}`;
}

function notKnown(language: "tr" | "en"): string {
  return language === "tr"
    ? "Bilgi tabanında bunun yanıtı yok."
    : "The knowledge base does not hold the answer to that.";
}

function post(prompt: Prompt): string {
  const fresh = prompt.passages.flatMap(({ title, text }) =>
    sentences(text)
      .filter((sentence) => !prompt.previous.some((old) => old.includes(sentence)))
      .map((sentence) => ({ title, sentence })),
  );
  const wanted = weights(
    prompt.topics.join(" "),
    fresh.map(({ sentence }) => new Set(stems(sentence))),
  );
  const ranked = fresh
    .map((item) => ({ ...item, worth: coverage(wanted, new Set(stems(`${item.title} ${item.sentence}`))) }))
    .sort((one, other) => other.worth - one.worth);
  const opening = prompt.language === "tr" ? "Biliyor muydunuz?" : "Did you know?";
  if (ranked.length === 0) return `${opening} ${prompt.topics.join(", ")}`.trim();
  return `${opening} ${ranked
    .slice(0, 2)
    .map(({ sentence }) => sentence)
    .join(" ")}`;
}

function summary(prompt: Prompt): string {
  const said = [...prompt.history.map(({ text }) => text), ...prompt.messages.map(({ text }) => text), prompt.question];
  return said
    .filter((text) => text !== "")
    .slice(-3)
    .join(" / ")
    .slice(0, 400);
}

function looksLikeRequest(question: string): boolean {
  const text = fold(question);
  if (question.includes("?")) return true;
  return /\b(?:how|what|where|why|when|which|who|can|could|does|is there|help|error|cant|cannot|doesn|won|stuck|fail|nasil|neden|nerede|hangi|kac|nedir|var mi|yardim|hata|olmuyor|calismiyor|mi|mu)\b/.test(
    text,
  );
}
