/** Coming in and going out: links work once and in time, sessions are known by their hash alone. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { hashOf } from "../../web/auth.ts";
import { type Dashboard, openDashboard } from "../support/dashboard.ts";

// Some start a house of their own, with its database.
setDefaultTimeout(60_000);

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await openDashboard();
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

async function path(): Promise<string> {
  return new URL(await dashboard.web.signInLink()).pathname;
}

function cookieOf(response: Response): string {
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("a sign-in link", () => {
  test("opens a session, once", async () => {
    const link = await path();
    const first = await dashboard.post(link, {});
    expect([first.status, first.headers.get("location")]).toEqual([303, "/guilds"]);
    expect(first.headers.get("set-cookie")).toMatch(
      /^gatehouse-session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/,
    );
    expect((await dashboard.get("/guilds", cookieOf(first))).status).toBe(200);

    const second = await dashboard.post(link, {});
    expect([second.status, second.headers.get("set-cookie")]).toEqual([410, null]);
    expect(await second.text()).toContain("This link has been used");
  });

  test("opened twenty times at once lets one in", async () => {
    const link = await path();
    const answers = await Promise.all(Array.from({ length: 20 }, () => dashboard.post(link, {})));
    expect(answers.filter((response) => response.status === 303)).toHaveLength(1);
  });

  test("is not spent by being opened: a preview sees a button, and only pressing it signs in", async () => {
    const link = await path();
    for (let preview = 0; preview < 3; preview++) {
      const page = await dashboard.get(link);
      expect([page.status, page.headers.get("set-cookie")]).toEqual([200, null]);
      expect(await page.text()).toContain(`<form method="post" action="${link}">`);
    }
    expect((await fetch(dashboard.web.url + link, { method: "HEAD", redirect: "manual" })).status).toBe(200);
    expect((await dashboard.post(link, {}, undefined, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await dashboard.post(link, {})).status).toBe(303);
  });

  test("that nobody issued lets nobody in, whatever it looks like", async () => {
    for (const secret of ["x", "A".repeat(43), "A".repeat(5_000), "%00", "..%2f..%2fguilds", hashOf("x")]) {
      const response = await dashboard.post(`/sign-in/${secret}`, {});
      expect([secret, response.status, response.headers.get("set-cookie")]).toEqual([secret, 410, null]);
    }
  });

  test("of yesterday leads whoever is signed in to their servers", async () => {
    const link = await path();
    const cookie = cookieOf(await dashboard.post(link, {}));
    const again = await dashboard.post(link, {}, cookie);
    expect([again.status, again.headers.get("location")]).toEqual([303, "/guilds"]);
  });
});

describe("a session", () => {
  test("is stored as a hash, and the hash signs nobody in", async () => {
    const cookie = cookieOf(await dashboard.post(await path(), {}));
    const id = cookie.split("=")[1] ?? "";
    expect(await dashboard.services.store.people.session(id)).toBeNull();
    expect(await dashboard.services.store.people.session(hashOf(id))).not.toBeNull();
    expect((await dashboard.get("/guilds", `gatehouse-session=${hashOf(id)}`)).status).toBe(303);
  });

  test("ends with the sign-out, in the store too", async () => {
    const cookie = cookieOf(await dashboard.post(await path(), {}));
    const out = await dashboard.post("/sign-out", {}, cookie);
    expect([out.status, out.headers.get("location")]).toEqual([303, "/sign-in"]);
    expect(out.headers.get("set-cookie")).toStartWith("gatehouse-session=; Path=/; Max-Age=0");
    expect((await dashboard.get("/guilds", cookie)).status).toBe(303);
  });

  test("over https is bound to the host and sent only there", async () => {
    const secure = await openDashboard({ environment: { PUBLIC_URL: "https://bot.example" } });
    try {
      const link = new URL(await secure.web.signInLink());
      expect(link.origin).toBe("https://bot.example");
      const response = await fetch(`http://127.0.0.1:${secure.web.port}${link.pathname}`, {
        method: "POST",
        redirect: "manual",
        headers: { "sec-fetch-site": "same-origin" },
      });
      expect(response.headers.get("set-cookie")).toMatch(/^__Host-gatehouse-session=[\w-]{43}; .*; Secure$/);
      expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
    } finally {
      await secure.stop();
    }
  });
});
