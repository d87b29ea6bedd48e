/** What people type for a website's start. */
import { expect, test } from "bun:test";
import { readWebsite } from "../../../web/knowledge/forms.ts";

function startOf(text: string): string {
  const form = new FormData();
  form.set("start", text);
  return readWebsite(form).start;
}

test("an address without a scheme is read as https, everything else as it stands", () => {
  for (const [typed, read] of [
    ["docs.example.com", "https://docs.example.com"],
    ["  docs.example.com/guide?x=1 ", "https://docs.example.com/guide?x=1"],
    ["docs.example.com:8443/a", "https://docs.example.com:8443/a"],
    ["belgeler.örnek.com.tr", "https://belgeler.örnek.com.tr"],
    ["http://docs.example.com", "http://docs.example.com"],
    ["javascript:alert.com", "javascript:alert.com"],
    ["file:///etc/passwd", "file:///etc/passwd"],
    ["user@docs.example.com", "user@docs.example.com"],
    ["127.0.0.1", "127.0.0.1"],
    ["nonsense", "nonsense"],
    ["", ""],
  ] as const) {
    expect([typed, startOf(typed)]).toEqual([typed, read]);
  }
});
