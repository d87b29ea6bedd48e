/**
 * Signed interactions at a steady pace, whatever the endpoint makes of it: an open loop. A response's time counts from when
 * its request was due, so that a stall is not hidden by the requests it held back. Signed before the clock starts.
 */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export type Keys = { readonly privateKey: KeyObject; readonly publicKey: string };

export type Signed = {
  readonly token: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

export type Responses = {
  /** From due to the whole first response, in the order of sending. */
  readonly tookMs: readonly number[];
  readonly sentAtMs: ReadonlyMap<string, number>;
  /** What was no deferral: a status, or what was thrown. */
  readonly wrong: ReadonlyMap<string, number>;
};

export function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex") };
}

let last = BigInt(Date.now() - 1_420_070_400_000) << 22n;

/** `count` uses of /ask, each by a member of its own in one of 100 channels. */
export function signAsks(
  count: number,
  keys: Keys,
  asked: { readonly application: string; readonly guild: string; readonly questions: readonly string[] },
): readonly Signed[] {
  return Array.from({ length: count }, (_, n) => {
    const id = String(++last);
    const channel = String(200_000_000_000_000_000n + BigInt(n % 100));
    const token = `bench-${id}`;
    const body = JSON.stringify({
      version: 1,
      id,
      type: 2,
      token,
      application_id: asked.application,
      guild_id: asked.guild,
      guild: { id: asked.guild, locale: "en-US", features: [] },
      guild_locale: "en-US",
      channel_id: channel,
      channel: { id: channel, name: `channel-${n % 100}`, type: 0 },
      member: {
        user: { id: String(BigInt(id) - 1_000_000n), username: `member-${n}`, discriminator: "0", avatar: null },
        roles: [],
        permissions: "2248473465835073",
        joined_at: "2024-01-01T00:00:00.000000+00:00",
      },
      locale: "en-US",
      context: 0,
      entitlements: [],
      authorizing_integration_owners: { "0": asked.guild },
      data: {
        id: "1",
        name: "ask",
        type: 1,
        options: [{ name: "question", type: 3, value: asked.questions[n % asked.questions.length] ?? "" }],
      },
    });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const headers = {
      "content-type": "application/json",
      "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
      "x-signature-timestamp": timestamp,
      "x-signature-ed25519": sign(null, Buffer.from(timestamp + body), keys.privateKey).toString("hex"),
    };
    return { token, body, headers };
  });
}

export async function send(url: string, asks: readonly Signed[], perSecond: number): Promise<Responses> {
  const tookMs: number[] = [];
  const sentAtMs = new Map<string, number>();
  const wrong = new Map<string, number>();
  const startMs = performance.now() + 20;

  async function sendOne(ask: Signed, dueMs: number): Promise<void> {
    let what: string;
    sentAtMs.set(ask.token, dueMs);
    try {
      const response = await fetch(url, { method: "POST", body: ask.body, headers: ask.headers });
      const { type } = (await response.json().catch(() => ({}))) as { readonly type?: number };
      what = response.status === 200 && type === 5 ? "" : String(response.status);
    } catch (error) {
      what = error instanceof Error ? error.name : "failed";
    }
    tookMs.push(performance.now() - dueMs);
    if (what !== "") wrong.set(what, (wrong.get(what) ?? 0) + 1);
  }

  const open: Promise<void>[] = [];
  for (const [n, ask] of asks.entries()) {
    const dueMs = startMs + (n * 1_000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await Bun.sleep(waitMs);
    // A timer may fire a fraction of a millisecond early.
    open.push(sendOne(ask, Math.min(dueMs, performance.now())));
  }
  await Promise.all(open);
  return { tookMs, sentAtMs, wrong };
}
