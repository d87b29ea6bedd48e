/** A request's body as it is read: what of it is kept in memory. */
import { expect, test } from "bun:test";
import { createBodies } from "../../web/bodies.ts";
import { readUpload } from "../../web/body.ts";
import type { Visit } from "../../web/visit.ts";
import { createClock } from "../support/doubles.ts";
import { letGo } from "../support/let-go.ts";

const KIB = 1024;

test("of an upload that is too large, what comes after its bound is thrown away while the rest is read", async () => {
  const sent: WeakRef<object>[] = [];
  let left = 40;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (left === 0) {
        // All of it was read but the end.
        await letGo(sent);
        controller.close();
        return;
      }
      left--;
      const chunk = new Uint8Array(16 * KIB).fill(45);
      sent.push(new WeakRef(chunk));
      controller.enqueue(chunk);
    },
  });
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  const request = new Request("http://a.example/", { method: "POST", body, headers });
  const visit = {
    ...{ request, person: null, address: "10.0.0.1", bodies: createBodies(), services: { clock: createClock() } },
  } as unknown as Visit;
  const { whole } = await readUpload(visit, { bytesMax: 64 * KIB, deadlineMs: 60_000 });
  expect(whole).toBe(false);
});
