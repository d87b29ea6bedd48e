/**
 * Words an opinion about one message in the caller's own verdict schema: enums by meaning, numbers
 * within bounds, the rule by number or by text. Undefined when the schema has no way to say "fine".
 */
import type { Opinion } from "./moderate.ts";
import type { Judged } from "./prompt.ts";
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

const NONE = /^(?:none|ok|okay|clean|clear|fine|safe|allow(?:ed)?|no|harmless|n\/a)$/i;
const SYNONYMS: Readonly<Record<Opinion["category"], RegExp>> = {
  none: NONE,
  scam: /scam|phish|fraud|malicious/i,
  spam: /spam|advert|promo/i,
  harassment: /harass|insult|abus|toxic|bully|disrespect/i,
  threat: /threat|violen|self.?harm|harass/i,
  hate: /hate|discrimin|racis/i,
  sexual: /sexual|nsfw|adult/i,
  rule: /rule|custom|other|off.?topic/i,
};
/** By level, the best word first. */
const LEVELS: readonly (readonly RegExp[])[] = [
  [NONE],
  [/^(?:low|minor|mild|info)$/i],
  [/^(?:medium|moderate|mid)$/i],
  [/^(?:severe|critical)$/i, /^(?:high|major)$/i],
];

export function verdictOf(
  schema: JsonSchema,
  root: JsonSchema,
  message: Judged,
  opinion: Opinion,
  rules: readonly string[],
): Record<string, unknown> | undefined {
  const fields = Object.entries(propertiesOf(schema)).map(([name, child]) => [name, resolve(child, root)] as const);
  if (opinion.category === "none" && !fields.some(([name, child]) => canSayNone(name, child))) return undefined;
  return Object.fromEntries(fields.map(([name, child]) => [name, field(name, child, root, message, opinion, rules)]));
}

function field(
  name: string,
  schema: JsonSchema,
  root: JsonSchema,
  message: Judged,
  opinion: Opinion,
  rules: readonly string[],
): unknown {
  const option = alternatives(schema)
    ?.map((candidate) => resolve(candidate, root))
    .find((one) => typeOf(one) !== "null");
  if (option) {
    const absent = opinion.category === "none" && /rule|category|action/.test(name) && isNullable(schema);
    return absent ? null : field(name, option, root, message, opinion, rules);
  }
  if (Array.isArray(schema.enum)) return enumValue(name, schema.enum, opinion);
  const type = typeOf(schema);
  const numeric = type === "integer" || type === "number";

  if (/^(?:message|n|id|index|message_id)$/.test(name)) return numeric ? Number(message.n) : String(message.n);
  if (/rule/.test(name)) {
    if (opinion.rule < 0 && isNullable(schema)) return null;
    return numeric ? clampNumber(schema, opinion.rule + 1) : (rules[opinion.rule] ?? opinion.category);
  }
  if (/confidence|certain|probab/.test(name) && numeric) {
    const percent = typeof schema.maximum === "number" && schema.maximum > 1;
    return clampNumber(schema, percent ? Math.round(opinion.confidence * 100) : opinion.confidence);
  }
  if (/severity|level|score/.test(name)) {
    if (!numeric) return ["none", "low", "medium", "high"][opinion.level];
    const max = typeof schema.maximum === "number" ? schema.maximum : 3;
    return clampNumber(schema, max <= 1 ? opinion.level / 3 : (opinion.level / 3) * max);
  }
  if (/category|label/.test(name) && type === "string") return opinion.category;
  if (/reason|why|explanation/.test(name) && type === "string") {
    return typeof schema.maxLength === "number" ? opinion.reason.slice(0, schema.maxLength) : opinion.reason;
  }
  if (type === "boolean") return /clean|safe|ok|allow/.test(name) ? opinion.level === 0 : opinion.level > 0;
  return plainest(schema, root);
}

function enumValue(name: string, values: readonly unknown[], opinion: Opinion): unknown {
  const texts = values.filter((value) => typeof value === "string");
  if (/severity|level/.test(name)) {
    const words = LEVELS[opinion.level] ?? [];
    const exact = words.map((word) => texts.find((value) => word.test(value))).find((value) => value !== undefined);
    if (exact !== undefined) return exact;
    // Named otherwise: take the place in the list, mildest first.
    return values[Math.round((opinion.level / 3) * (values.length - 1))];
  }
  const wanted = SYNONYMS[opinion.category];
  return texts.find((value) => wanted.test(value)) ?? texts.find((value) => /other|rule/i.test(value)) ?? values[0];
}

function canSayNone(name: string, schema: JsonSchema): boolean {
  if (isNullable(schema) && /rule|category/.test(name)) return true;
  if (Array.isArray(schema.enum)) return schema.enum.some((value) => typeof value === "string" && NONE.test(value));
  return typeOf(schema) === "boolean" && /violat|flag|break|clean|safe|harm|bad/.test(name);
}
