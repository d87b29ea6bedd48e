/**
 * Markdown as people write it for sites: front matter (title, url or permalink, language) read and taken off, raw HTML,
 * comments, pictures and script links taken out; code stays as it is.
 */
import { decodeText } from "./decode.ts";
import { type Extracted, languageCode, publicLink } from "./document.ts";

const FRONT_MATTER = /^---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/;

/** Front matter longer than this is a page that begins with a rule. */
const FRONT_MATTER_CHARS_MAX = 20_000;

export function extractMarkdown(bytes: Uint8Array): Extracted {
  const source = decodeText(bytes);
  const front = FRONT_MATTER.exec(source);
  const fields = front?.[1] === undefined ? {} : readFields(front[1]);
  const body = Object.keys(fields).length > 0 ? source.slice(front?.[0].length ?? 0) : source;
  const text = outsideCode(body, plain).trim();
  const heading = /^#[ \t]+(.+?)[ \t]*#*$/m.exec(text)?.[1] ?? "";
  return {
    text,
    title: textOf(fields.title) ?? heading.replace(/[*_`]/g, "").trim(),
    url: publicLink(fields.url) ?? publicLink(fields.permalink) ?? publicLink(fields.canonical),
    language: languageCode(fields.language) ?? languageCode(fields.lang) ?? languageCode(fields.locale),
  };
}

function readFields(yaml: string): Readonly<Record<string, unknown>> {
  if (yaml.length > FRONT_MATTER_CHARS_MAX) return {};
  try {
    const fields: unknown = Bun.YAML.parse(yaml);
    return typeof fields === "object" && fields !== null && !Array.isArray(fields)
      ? (fields as Record<string, unknown>)
      : {};
  } catch {
    // A page with broken front matter is still a page: its plain `name: value` lines are worth reading.
    const pairs = [...yaml.matchAll(/^(\w+):[ \t]*["']?(.*?)["']?[ \t]*$/gm)].map((m) => [m[1] ?? "", m[2] ?? ""]);
    return Object.fromEntries(pairs);
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** Applies `change` to all but fenced blocks and inline code. */
function outsideCode(text: string, change: (part: string) => string): string {
  return text
    .split(/(^ {0,3}(?:```[\s\S]*?^ {0,3}```|~~~[\s\S]*?^ {0,3}~~~)[ \t]*$|`[^`\n]+`)/m)
    .map((part, i) => (i % 2 === 0 ? change(part) : part))
    .join("");
}

function plain(text: string): string {
  return text
    .replace(/<!--[\s\S]*?(?:-->|$)/g, "")
    .replace(/<(script|style|iframe|object|embed|noscript|template)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, "")
    .replace(/<\/?[a-z][a-z0-9-]*(?:\s[^<>]{0,2000})?\/?>/gi, "")
    .replace(/!\[([^\]\n]{0,500})\]\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)/g, "$1")
    .replace(/!\[([^\]\n]{0,500})\]\[[^\]\n]{0,200}\]/g, "$1")
    .replace(
      /\[([^\]\n]{0,500})\]\(\s*(?!https?:|\/|#|\.|mailto:|[\w-]+[./?#]|[\w-]+\s*\))(?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)/gi,
      "$1",
    );
}
