/**
 * Finds what a prompt asks about: the question, numbered passages, chat messages to judge, rules,
 * history. The convention is JSON in the last user message; plain prompts are read by their layout.
 */
import { type ChatRequest, isRecord, textOf } from "./protocol.ts";
import { languageOf } from "./words.ts";

export interface Passage {
  readonly n: number;
  readonly title: string;
  readonly text: string;
}

export interface Judged {
  readonly n: number | string;
  readonly author: string;
  readonly text: string;
}

export interface Prompt {
  readonly question: string;
  readonly passages: readonly Passage[];
  readonly messages: readonly Judged[];
  readonly rules: readonly string[];
  /** Turns before the question, oldest first. */
  readonly history: readonly { readonly role: string; readonly text: string }[];
  readonly topics: readonly string[];
  /** Texts a new post must not repeat. */
  readonly previous: readonly string[];
  readonly language: "tr" | "en";
}

export function readPrompt(request: ChatRequest): Prompt {
  const last = request.messages.findLast(({ role }) => role === "user");
  const text = textOf(last);
  const data = jsonIn(text);
  const turns = request.messages
    .filter((message) => message !== last && (message.role === "user" || message.role === "assistant"))
    .map((message) => ({ role: message.role as string, text: textOf(message) }));
  return data ? fromJson(data, turns) : fromText(text, turns);
}

function fromJson(data: Record<string, unknown>, turns: Prompt["history"]): Prompt {
  const question = firstText(data.question, data.text, data.message, data.query) ?? "";
  const topics = list(data.topics ?? data.topic).map(itemText);
  const language = firstText(data.language) ?? "";
  const history = list(data.history).map((turn) => ({
    role: isRecord(turn) ? (firstText(turn.role, turn.author) ?? "user") : "user",
    text: itemText(turn),
  }));
  return {
    question,
    passages: list(data.passages ?? data.sources).map((item, index) => ({
      n: number(isRecord(item) ? (item.n ?? item.number ?? item.id) : undefined) ?? index + 1,
      title: isRecord(item) ? (firstText(item.title, item.heading) ?? "") : "",
      text: itemText(item),
    })),
    messages: list(data.messages).map((item, index) => ({
      n: (isRecord(item) ? (number(item.n) ?? firstText(item.n, item.id)) : undefined) ?? index + 1,
      author: isRecord(item) ? (firstText(item.author, item.name) ?? "") : "",
      text: itemText(item),
    })),
    rules: list(data.rules).map(itemText),
    history: history.length > 0 ? history : turns,
    topics,
    previous: list(data.previous ?? data.recent ?? data.posts).map(itemText),
    language: /^(tr|turkish|türkçe)/i.test(language)
      ? "tr"
      : language
        ? "en"
        : languageOf(question || topics.join(" ")),
  };
}

function fromText(text: string, history: Prompt["history"]): Prompt {
  const passages: Passage[] = [];
  for (const match of text.matchAll(
    /^\s*(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.)])\s+([\s\S]*?)(?=^\s*(?:\[\d|\(\d|\d{1,3}[.)]\s)|\n\s*\n|$(?![\s\S]))/gm,
  )) {
    passages.push({ n: Number(match[1] ?? match[2] ?? match[3]), title: "", text: (match[4] ?? "").trim() });
  }
  const labelled = /^\s*(?:question|soru|q)\s*:\s*(.+)$/im.exec(text)?.[1];
  const lines = text.split("\n").map((line) => line.trim());
  const asked = lines.findLast((line) => line.endsWith("?")) ?? lines.findLast((line) => line !== "") ?? "";
  const question = (labelled ?? asked).slice(0, 2000);
  return {
    question,
    passages,
    messages: [],
    rules: [],
    history,
    topics: [],
    previous: [],
    language: languageOf(question),
  };
}

/** The JSON object a text is, or holds from its first to its last brace. */
function jsonIn(text: string): Record<string, unknown> | undefined {
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  if (from < 0 || to < from) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(from, to + 1));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" ? [] : [value];
}

function itemText(item: unknown): string {
  if (typeof item === "string") return item;
  if (!isRecord(item)) return item === undefined || item === null ? "" : String(item);
  const text = item.text ?? item.content ?? item.body ?? item.rule ?? item.name;
  return typeof text === "string" ? text : "";
}

function firstText(...values: readonly unknown[]): string | undefined {
  for (const value of values) if (typeof value === "string" && value.trim() !== "") return value;
  return undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
