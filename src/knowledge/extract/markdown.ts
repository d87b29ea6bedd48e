/**
 * Markdown and MDX as people write them for sites: front matter (title, url or permalink, language) read and taken off; raw HTML,
 * components, comments, imports, pictures and script links taken out. Code stays as it is.
 */
import { headingText } from "../heading.ts";
import { decodeText } from "./decode.ts";
import { type Extracted, languageCode, publicLink } from "./document.ts";
import { stretchesOf } from "./markdown-blocks.ts";
import { readable } from "./markup.ts";

/** Front matter longer than this is a page that begins with a rule. */
const FRONT_MATTER_CHARS_MAX = 20_000;

/** A statement of MDX longer than this is none. */
const STATEMENT_LINES_MAX = 200;
const STATEMENT =
  /^(?:import[ \t]+(?:[\w*{][^"'\n]{0,500}[ \t}])?(?:from[ \t]+)?["'][^"'\n]{1,500}["'];?[ \t]*$|import[ \t]*\{[^}\n]{0,500}$|export[ \t]+(?:default|const|let|var|function|async|class|\{|\*))/;

export function extractMarkdown(bytes: Uint8Array): Extracted {
  const { fields, body } = frontMatterOf(decodeText(bytes));
  const asMdx = stretchesOf(body, true);
  const mdx = asMdx.some(({ kind, text: part }) => kind === "text" && isMdx(part));
  const text = (mdx ? asMdx : stretchesOf(body, false))
    .map(({ kind, text: part }) =>
      kind === "code" ? part : withoutTargets(readable(mdx ? withoutStatements(part) : part)),
    )
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  return {
    text,
    title: textOf(fields.title) ?? firstHeading(text),
    url: publicLink(fields.url) ?? publicLink(fields.permalink) ?? publicLink(fields.canonical),
    language: languageCode(fields.language) ?? languageCode(fields.lang) ?? languageCode(fields.locale),
  };
}

function frontMatterOf(source: string): { readonly fields: Readonly<Record<string, unknown>>; readonly body: string } {
  const whole = { fields: {}, body: source };
  if (!/^---[ \t]*\n/.test(source)) return whole;
  const from = source.indexOf("\n") + 1;
  const end = /^(?:---|\.\.\.)[ \t]*$/m.exec(source.slice(from, from + FRONT_MATTER_CHARS_MAX));
  if (end === null) return whole;
  const fields = readFields(source.slice(from, from + end.index));
  return Object.keys(fields).length === 0 ? whole : { fields, body: source.slice(from + end.index + end[0].length) };
}

function readFields(yaml: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = Bun.YAML.parse(yaml);
    return typeof fields === "object" && fields !== null && !Array.isArray(fields)
      ? (fields as Record<string, unknown>)
      : {};
  } catch {
    // A page with broken front matter is still a page: its plain `name: value` lines are worth reading.
    const pairs = yaml.split("\n").map((line) => /^(\w{1,60}):(.{0,1000})$/.exec(line));
    return Object.fromEntries(
      pairs.filter((m) => m !== null).map((m) => [m[1] ?? "", (m[2] ?? "").trim().replace(/^["']|["']$/g, "")]),
    );
  }
}

function textOf(value: unknown): string | null {
  const text = typeof value === "string" ? headingText(value) : "";
  return text === "" ? null : text;
}

function firstHeading(text: string): string {
  const line = /^#[ \t]+(\S.*)$/m.exec(text)?.[1] ?? "";
  let end = line.length;
  while (end > 0 && (line[end - 1] === "#" || line[end - 1] === " " || line[end - 1] === "\t")) end--;
  return headingText(line.slice(0, end));
}

/** A component or a module statement: only MDX has these. */
function isMdx(body: string): boolean {
  return /^[ \t]*<[A-Z]\w*[\s/>]/m.test(body) || /^(?:import|export)[ \t][^\n]{0,500}["'{=(]/m.test(body);
}

/** Takes out `import …` and `export …`, which begin a line, with the text in their brackets. */
function withoutStatements(text: string): string {
  const lines = text.split("\n");
  const kept: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (!STATEMENT.test(line)) {
      kept.push(line);
      continue;
    }
    let open = bracketsIn(line);
    const last = Math.min(lines.length - 1, i + STATEMENT_LINES_MAX);
    while (open > 0 && i < last) open += bracketsIn(lines[++i] ?? "");
  }
  return kept.join("\n");
}

function bracketsIn(line: string): number {
  let open = 0;
  for (const char of line) {
    if (char === "{" || char === "(" || char === "[") open++;
    else if (char === "}" || char === ")" || char === "]") open--;
  }
  return open;
}

/** Badges go, other pictures become their descriptions; links that no page may show (`javascript:` and the like) their words. */
function withoutTargets(text: string): string {
  return text
    .replace(/\[!\[[^[\]\n]{0,300}\]\([^()\n]{0,1000}\)\]\([^()\n]{0,1000}\)/g, "")
    .replace(/!\[([^\]\n]{0,200})\]\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)/g, "$1")
    .replace(/!\[([^\]\n]{0,200})\]\[[^\]\n]{0,200}\]/g, "$1")
    .replace(
      /\[([^\]\n]{0,200})\]\(\s{0,10}(?!https?:|\/|#|\.|mailto:|[\w-]{1,100}[./?#]|[\w-]{1,100}\s{0,10}\))(?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)/gi,
      "$1",
    );
}
