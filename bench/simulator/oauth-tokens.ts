/** OAuth2's codes and tokens, and whom they stand for. Codes last ten minutes and work once, tokens a week. */
import { randomBytes } from "node:crypto";
import type { Id } from "./world.ts";

const CODE_MS = 10 * 60_000;
export const TOKEN_MS = 604_800_000;

type Grant = {
  readonly applicationId: Id;
  readonly userId: Id;
  readonly scopes: readonly string[];
};

type Code = Grant & {
  readonly redirectUri: string;
  readonly challenge: { readonly method: "S256" | "plain"; readonly value: string } | undefined;
  readonly expiresAtMs: number;
  /** The guild a bot was added to in the same step. */
  readonly guildId: Id | undefined;
};

export type Token = Grant & { readonly access: string; readonly refresh: string; readonly expiresAtMs: number };

/** What a test decided beforehand; the authorisation page follows it without asking. */
type Consent = { readonly userId: Id; readonly guildId?: Id; readonly deny?: boolean };

export type OauthTokens = {
  consent: Consent | undefined;
  readonly issueCode: (code: Omit<Code, "expiresAtMs">) => string;
  /** The code's grant; a code works once. */
  readonly takeCode: (code: string) => Code | undefined;
  readonly issue: (grant: Grant) => Token;
  readonly byAccess: (access: string) => Token | undefined;
  readonly takeRefresh: (refresh: string) => Token | undefined;
  readonly revoke: (token: string) => void;
};

export function createOauthTokens(now: () => number): OauthTokens {
  const codes = new Map<string, Code>();
  const tokens = new Map<string, Token>();
  const byRefresh = (refresh: string) => [...tokens.values()].find((token) => token.refresh === refresh);
  return {
    consent: undefined,
    issueCode(grant) {
      const code = randomBytes(15).toString("base64url");
      codes.set(code, { ...grant, expiresAtMs: now() + CODE_MS });
      return code;
    },
    takeCode(code) {
      const grant = codes.get(code);
      codes.delete(code);
      return grant && grant.expiresAtMs > now() ? grant : undefined;
    },
    issue(grant) {
      const token: Token = {
        ...grant,
        access: randomBytes(15).toString("base64url"),
        refresh: randomBytes(15).toString("base64url"),
        expiresAtMs: now() + TOKEN_MS,
      };
      tokens.set(token.access, token);
      return token;
    },
    byAccess(access) {
      const token = tokens.get(access);
      return token && token.expiresAtMs > now() ? token : undefined;
    },
    takeRefresh(refresh) {
      const token = byRefresh(refresh);
      if (token) tokens.delete(token.access);
      return token;
    },
    revoke(value) {
      const token = tokens.get(value) ?? byRefresh(value);
      if (token) tokens.delete(token.access);
    },
  };
}
