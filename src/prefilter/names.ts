/**
 * A member's name: no sentence stands around it to be read by, so whatever a signal saw in it is for the model to judge, and so are
 * two things that only a name can be: somebody's who passes for staff, and one that praises what hates. Others cost nothing.
 */
import { fold } from "../text/fold.ts";
import type { SignalName } from "./signal-words.ts";
import type { Verdict } from "./verdict.ts";

/** Members are robbed in direct messages by who calls themselves so and is none of the team. */
const OFFICES =
  /(?<![a-z0-9])(?:admins?|administrator|moderators?|mods?|supports?|help ?desk|staff|official|customer (?:care|service)|trust (?:&|and) safety|yonetici|yonetim|yetkili|destek|resmi)(?![a-z0-9])/;
const HATRED =
  /(?<![a-z])(?:hitler|nazis?|heil|holocaust|genocide|jews?|kill all|rapist|rape|pa?edo(?:s|phile)?|lynch|tecavuzcu|sapik|soykirim)(?![a-z])|(?<![0-9])1488(?![0-9])/;
/** Digits and signs that stand for letters. */
const LEET: Readonly<Record<string, string>> = { "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a" };
const WORTH_A_LOOK = 0.5;

export function judgeName(name: string, found: Verdict): Verdict {
  const { bytes, length } = fold(name);
  const plain = Buffer.from(bytes.subarray(0, length)).toString("latin1");
  const unmasked = plain.replace(/[013457@]/g, (sign) => LEET[sign] ?? sign);
  const signals = [
    ...found.signals,
    ...sawOne("staff-name", OFFICES, plain, unmasked),
    ...sawOne("hateful-name", HATRED, plain, unmasked),
  ];
  if (found.moderation !== "clear" || signals.length === 0) return { ...found, signals };
  return { moderation: "ask-the-model", risk: Math.max(found.risk, WORTH_A_LOOK), signals };
}

function sawOne(name: SignalName, pattern: RegExp, ...forms: readonly string[]): Verdict["signals"] {
  for (const form of forms) {
    const saw = pattern.exec(form)?.[0];
    if (saw !== undefined) return [{ name, saw }];
  }
  return [];
}
