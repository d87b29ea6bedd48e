/**
 * Live pages: news on the bus → the page's own part, rendered again, over server-sent events.
 *
 * A stream renders at most once in `GATHER_MS`, and again after `AGAIN_MS` where that failed. News may be lost (a bus that
 * reconnects): each part is also read anew every `ADMIT_MS`, and sent where it changed. A stream asks first whether its reader is
 * still allowed in, and ends after `STREAM_MS_MAX`. A session or a role that ends also ends it: at once by the news of it, and within
 * `ADMIT_MS` where there is none (a session's time is up, Discord took a role away). The browser's side comes back by itself, says what
 * it saw last (`Last-Event-ID`, a hash of the part), and is sent what it missed, or nothing. Streams are bounded, since each holds
 * a socket.
 *
 * Pages that hear the same news render at the same moment. What they read alike (the list, who the reader is) is read once: `together`
 * gives what another began less than `TOGETHER_MS` ago. The news behind a rendering is older than that by then, so nothing is missed.
 */
import type { News } from "../src/bus.ts";
import type { Clock } from "../src/clock.ts";
import { type Guard, readmit, type VisitOf } from "./guard.ts";
import type { Html } from "./html.ts";
import { HttpRefusal } from "./refusal.ts";

const GATHER_MS = 250;
const TOGETHER_MS = 50;
const AGAIN_MS = 5_000;
const HEARTBEAT_MS = 15_000;
const ADMIT_MS = 60_000;
const STREAM_MS_MAX = 30 * 60_000;
const STREAMS_MAX = 1_000;
/** A person with more tabs, or a server with more readers, takes the place of others. */
const STREAMS_A_PERSON_MAX = 20;
const STREAMS_A_GUILD_MAX = 200;

type LivePart<V> = {
  readonly concerns: (news: News) => boolean;
  readonly render: (visit: V) => Promise<Html>;
  readonly everyMs?: number;
  /** Called when the stream opens, and again and again while it is open. */
  readonly watching?: () => void;
};

export type Live = {
  /**
   * `concerns` picks the news that matter; `render` gets the visitor as they are now. A reader who is not let in any more
   * gets the end of the stream. `everyMs`: also without news.
   */
  stream<G extends Guard>(guard: G, visit: VisitOf<G>, part: LivePart<VisitOf<G>>): Response;
  /** For what a part reads that is the same for every reader of `key`. */
  together<T>(key: string, read: () => Promise<T>): Promise<T>;
  /** How many are open. */
  count(): number;
  close(): void;
};

/** Streams counted per person and guild; `enter` returns the way out, or null where a share is used up. */
function createShares() {
  const taken = new Map<string, number>();
  return {
    enter(keys: readonly (readonly [key: string, most: number])[]): (() => void) | null {
      if (keys.some(([key, most]) => (taken.get(key) ?? 0) >= most)) return null;
      for (const [key] of keys) taken.set(key, (taken.get(key) ?? 0) + 1);
      return () => {
        for (const [key] of keys) {
          const left = (taken.get(key) ?? 1) - 1;
          if (left > 0) taken.set(key, left);
          else taken.delete(key);
        }
      };
    },
  };
}

function guildOf(visit: { readonly guild: unknown }): string {
  return String((visit.guild as { readonly guild?: unknown } | null)?.guild ?? "");
}

function createTogether(clock: Clock): Live["together"] {
  const begun = new Map<string, { readonly atMs: number; readonly found: Promise<unknown> }>();
  return <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const known = begun.get(key);
    if (known !== undefined && clock.now() - known.atMs < TOGETHER_MS) return known.found as Promise<T>;
    const reading = { atMs: clock.now(), found: read() };
    begun.set(key, reading);
    clock.after(TOGETHER_MS, () => {
      if (begun.get(key) === reading) begun.delete(key);
    });
    return reading.found;
  };
}

export function createLive(clock: Clock): Live {
  const open = new Set<() => void>();
  const shares = createShares();
  const encoder = new TextEncoder();
  const together = createTogether(clock);

  /** The reader as they are now, for each of their pages. */
  async function readmitOnce<G extends Guard>(guard: G, visit: VisitOf<G>): Promise<VisitOf<G> | null> {
    const key = ["reader", guard, visit.params.guild, visit.request.headers.get("cookie")].join(" ");
    const found = await together(key, () => readmit(guard, visit));
    if (found === null) return null;
    const { person, nowMs } = found;
    const inGuild = "guild" in found ? { guild: found.guild, role: found.role } : {};
    return { ...visit, person, nowMs, ...inGuild };
  }

  return {
    together,
    count: () => open.size,
    close: () => {
      for (const end of [...open]) end();
    },
    stream(guard, visit, { concerns, render, everyMs, watching }) {
      if (open.size >= STREAMS_MAX) throw new HttpRefusal("busy");
      const leave = shares.enter([
        [`person ${visit.person?.id ?? visit.address}`, STREAMS_A_PERSON_MAX],
        ...("guild" in visit ? [[`guild ${guildOf(visit)}`, STREAMS_A_GUILD_MAX] as const] : []),
      ]);
      if (leave === null) throw new HttpRefusal("busy");
      const { bus, logger } = visit.services;
      let stop = () => {};

      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          let due: { cancel(): void } | null = null;
          let rendering = false;
          let again = false;
          let ended = false;
          // The browser says what it saw last: a page that lost its line gets what it missed, and nothing that it has.
          let seen = visit.request.headers.get("last-event-id") ?? "";
          const send = (text: string) => {
            // A reader that does not read is not worth its memory: it comes back by itself.
            if (!ended && (controller.desiredSize ?? 0) > -64) controller.enqueue(encoder.encode(text));
            else stop();
          };
          let admittedAtMs = clock.now();
          const beat = (): { cancel(): void } =>
            clock.after(HEARTBEAT_MS, () => {
              send(": here\n\n");
              if (!ended) {
                heart = beat();
                watching?.();
              }
              if (!ended && !rendering && due === null && clock.now() - admittedAtMs >= ADMIT_MS) void show();
            });
          /** The reader as they are now; null ends the stream. */
          const admitted = async () => {
            admittedAtMs = clock.now();
            try {
              const reader = await readmitOnce(guard, visit);
              if (reader === null) stop();
              return reader;
            } catch (error) {
              logger.warn({ error, path: visit.url.pathname }, "live-failed");
              return null;
            }
          };
          let heart = beat();
          const last = clock.after(STREAM_MS_MAX, () => stop());

          const show = async () => {
            due = null;
            rendering = true;
            let failed = true;
            try {
              const reader = await admitted();
              if (reader !== null) {
                const part = String(await render(reader));
                const id = Bun.hash(part).toString(36);
                if (id !== seen) send(`id: ${id}\ndata: ${part.replaceAll(/\r\n|[\r\n]/g, "\ndata: ")}\n\n`);
                seen = id;
                failed = false;
              }
            } catch (error) {
              logger.warn({ error, path: visit.url.pathname }, "live-failed");
            }
            rendering = false;
            const nextMs = again ? GATHER_MS : failed ? AGAIN_MS : everyMs;
            again = false;
            if (!ended && nextMs !== undefined) due = clock.after(nextMs, () => void show());
          };
          const unsubscribe = bus.subscribe((news) => {
            const mine = news.type === "access-changed" && news.person === visit.person?.id;
            if (ended || !(mine || concerns(news))) return;
            if (mine && everyMs !== undefined) void admitted();
            if (rendering) again = true;
            else if (everyMs === undefined) due ??= clock.after(GATHER_MS, () => void show());
          });

          stop = () => {
            if (ended) return;
            ended = true;
            open.delete(stop);
            leave();
            unsubscribe();
            heart.cancel();
            last.cancel();
            due?.cancel();
            try {
              controller.close();
            } catch {
              // Closed from the other side already.
            }
          };
          open.add(stop);
          visit.request.signal.addEventListener("abort", stop, { once: true });
          send(": open\n\n");
          watching?.();
          // Send changes from before this stream: between the page and the stream, or while the reader was away.
          due ??= clock.after(TOGETHER_MS, () => void show());
        },
        cancel: () => stop(),
      });

      return new Response(body, {
        headers: {
          "content-type": "text/event-stream; charset=utf-8",
          "cache-control": "no-store",
          "x-accel-buffering": "no",
        },
      });
    },
  };
}
