/** The server around the pages: headers, assets, bounds, failures in fixed words, a taken port. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import { AppError } from "../../src/errors.ts";
import { startWeb } from "../../web/server.ts";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";
import { until } from "../support/until.ts";

// Some start a house of their own, with its database.
setDefaultTimeout(60_000);

let dashboard: Dashboard;
let cookie = "";
beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

test("with PUBLIC_URL set, a foreign Host reaches no page and no metrics; the own one, probes and names inside a network do", async () => {
  const named = await openDashboard({ environment: { PUBLIC_URL: "https://bot.example" } });
  const statusFor = async (host: string, path: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const socket = connect(named.web.port, "127.0.0.1", () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    socket.once("data", (data) => resolve(String(data))).once("error", reject);
    const answer = await promise;
    socket.destroy();
    return Number(answer.slice(9, 12));
  };
  try {
    for (const host of ["evil.example", "evil.bot.example", "bot.example.evil.example", "evil.example:443"]) {
      for (const path of ["/sign-in", "/metrics", "/healthz"]) {
        expect([host, path, await statusFor(host, path)]).toEqual([host, path, 421]);
      }
    }
    for (const host of ["bot.example", "BOT.example:443", "10.0.0.7:3000", "localhost", "gatehouse:3000", "[::1]:80"]) {
      expect([host, await statusFor(host, "/healthz")]).toEqual([host, 200]);
    }
    for (const host of ["a", "a.b"]) expect([host, await statusFor(host, "/private/metrics")]).toEqual([host, 400]);
  } finally {
    await named.stop();
  }
}, 60_000);

test("no Host, or one too short for the router, is refused: it would move the path", async () => {
  for (const host of ["a", "a.b", ""]) {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const socket = connect(dashboard.web.port, "127.0.0.1", () => {
      socket.write(`GET /private/metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    socket.once("data", (data) => resolve(String(data))).once("error", reject);
    expect((await promise).slice(0, 12)).toBe("HTTP/1.1 400");
    socket.destroy();
  }
});

test("a person has a share of the live streams, and another person's are free still", async () => {
  const path = `/guilds/${GUILD}/conversations/live`;
  const other = await dashboard.signIn({ id: "300000000000000777", name: "Other", operator: true });
  const open: Response[] = [];
  for (let n = 0; n < 20; n++) open.push(await dashboard.get(path, cookie));
  expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await dashboard.get(path, cookie)).status).toBe(503);
  open.push(await dashboard.get(path, other));
  expect(open.at(-1)?.status).toBe(200);
  for (const response of open) await response.body?.cancel();
  await until(async () => {
    const again = await dashboard.get(path, cookie);
    await again.body?.cancel();
    return again.status === 200;
  });
});

describe("every answer", () => {
  test("carries the security headers, failures included", async () => {
    for (const path of [
      "/sign-in",
      "/guilds",
      "/nothing/here",
      "/assets/none.css",
      "/%ff",
      `/guilds/${GUILD}/conversations`,
    ]) {
      const { headers } = await dashboard.get(path, cookie);
      const policy = headers.get("content-security-policy") ?? "";
      expect([path, policy.includes("default-src 'none'")]).toEqual([path, true]);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-|\*|https?:/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("same-origin");
    }
  });

  test("is not kept by caches, but for assets, which are for ever", async () => {
    const response = await dashboard.get("/guilds", cookie);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const page = await response.text();
    const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
    expect(assets.length).toBeGreaterThanOrEqual(3);
    for (const path of assets) {
      expect(path).toMatch(/\.[0-9a-f]{12}\.(css|js|svg)$/);
      const asset = await dashboard.get(path);
      expect([path, asset.status, asset.headers.get("cache-control")]).toEqual([
        path,
        200,
        "public, max-age=31536000, immutable",
      ]);
    }
  });

  test("asks nothing of another server, and has no code or style in the page", async () => {
    for (const path of ["/sign-in", "/guilds", `/guilds/${GUILD}/conversations`]) {
      const page = await (await dashboard.get(path, cookie)).text();
      expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(page).not.toMatch(/\son\w+=|\sstyle=|<script(?![^>]*\ssrc=)|<style/i);
    }
  });
});

describe("a failure", () => {
  test("is told in fixed words with a number, never in the error's own", async () => {
    const broken = await openDashboard();
    try {
      const session = await broken.signIn();
      const { guilds } = broken.services.store;
      guilds.find = () => Promise.reject(new Error("secret-of-the-database <b>"));
      const response = await broken.get("/guilds", session);
      const page = await response.text();
      expect(response.status).toBe(500);
      expect(page).not.toContain("secret-of-the-database");
      const number = response.headers.get("x-request-id");
      expect(number).toMatch(/^[0-9a-f]{12}$/);
      expect(page).toContain(`<code>${number}</code>`);
      const named = await broken.get("/guilds", session, { "x-request-id": "of-the-proxy-1" });
      expect(await named.text()).toContain("<code>of-the-proxy-1</code>");
      const hostile = await broken.get("/guilds", session, { "x-request-id": "<b>of nobody</b>" });
      expect(hostile.headers.get("x-request-id")).toMatch(/^[0-9a-f]{12}$/);

      guilds.find = () => Promise.reject(new AppError("unavailable", "postgres://user:pass@host is away"));
      const away = await broken.get("/guilds", session);
      expect(away.status).toBe(503);
      expect(await away.text()).not.toContain("postgres://");
      guilds.find = () => Promise.reject(new AppError("overloaded", "1000 calls wait"));
      expect((await broken.get("/guilds", session)).status).toBe(503);
    } finally {
      await broken.stop();
    }
  });

  test("of the database does not keep anybody from the sign-in's page or the assets", async () => {
    const broken = await openDashboard();
    try {
      broken.services.store.people.session = () => Promise.reject(new AppError("timeout", "late"));
      expect((await broken.get("/sign-in")).status).toBe(200);
      expect((await broken.get("/guilds", `gatehouse-session=${"A".repeat(43)}`)).status).toBe(503);
    } finally {
      await broken.stop();
    }
  });

  test("speaks the reader's language", async () => {
    const turkish = await dashboard.get("/nothing", cookie, { "accept-language": "de;q=0.9, tr-TR;q=0.8, en;q=0.5" });
    expect(await turkish.text()).toContain('<html lang="tr"');
    expect(
      await (await dashboard.get("/nothing", `${cookie}; gatehouse-language=en`, { "accept-language": "tr" })).text(),
    ).toContain('<html lang="en"');
  });
});

describe("a body", () => {
  const headers = { "sec-fetch-site": "same-origin" };

  test("that is too large is refused, said or not said how large", async () => {
    const large = "x".repeat(100_000);
    expect((await dashboard.post("/preferences", { back: large }, cookie)).status).toBe(413);
    const stream = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 20; n++) controller.enqueue(new TextEncoder().encode("a=".padEnd(10_000, "x")));
        controller.close();
      },
    });
    const response = await fetch(`${dashboard.web.url}/preferences`, {
      method: "POST",
      body: stream,
      headers: { ...headers, cookie, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(response.status).toBe(413);
  });

  test("that is no form is refused", async () => {
    for (const type of ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"]) {
      const response = await fetch(`${dashboard.web.url}/preferences`, {
        method: "POST",
        body: "{}",
        headers: { ...headers, cookie, "content-type": type },
      });
      expect([type, response.status]).toEqual([type, 400]);
    }
  });

  test("that never comes to its end is given up", async () => {
    const { clock } = dashboard.services;
    const after = clock.after;
    clock.after = (ms, run) => after(ms === 8_000 ? 20 : ms, run);
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(dashboard.web.port, "127.0.0.1", () =>
          socket.write(
            "POST /preferences HTTP/1.1\r\nhost: 127.0.0.1\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\ntheme=",
          ),
        );
        socket.once("data", (bytes) => {
          resolve(bytes.toString());
          socket.destroy();
        });
        socket.once("error", reject);
      });
      expect(answer).toStartWith("HTTP/1.1 408");
    } finally {
      clock.after = after;
    }
  });

  test("cannot send a reader to another site", async () => {
    for (const back of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "javascript:alert(1)",
      "",
      "/a\r\nx: y",
      "/ğ",
    ]) {
      const response = await dashboard.post("/preferences", { theme: "dark", back }, cookie);
      expect([back, response.headers.get("location")]).toEqual([back, "/"]);
    }
    const response = await dashboard.post("/preferences", { theme: "dark", back: "/guilds?q=a" }, cookie);
    expect(response.headers.get("location")).toBe("/guilds?q=a");
    expect(response.headers.get("set-cookie")).toStartWith("gatehouse-theme=dark; ");
  });
});

test("a taken port is said with what to do", async () => {
  const { port } = dashboard.web;
  const problem = await startWeb(dashboard.services, {
    jobs: dashboard.jobs,
    customBots: dashboard.customBots,
    host: "127.0.0.1",
    port,
  }).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(AppError);
  expect((problem as AppError).kind).toBe("unavailable");
  expect((problem as AppError).message).toStartWith(`PORT ${port} is taken`);
});

test("pages are gzipped for those who ask for it, and never what streams", async () => {
  const path = `${dashboard.web.url}/sign-in`;
  const packed = await fetch(path, { headers: { "accept-encoding": "gzip" } });
  expect([packed.headers.get("content-encoding"), packed.headers.get("vary")]).toEqual(["gzip", "accept-encoding"]);
  for (const encoding of ["identity", "gzip;q=0", "br"]) {
    const plain = await fetch(path, { headers: { "accept-encoding": encoding } });
    expect([encoding, plain.headers.get("content-encoding")]).toEqual([encoding, null]);
    expect(await plain.text()).toBe(await packed.clone().text());
  }
});
