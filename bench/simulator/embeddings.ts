/**
 * A stand-in for an OpenAI-compatible embedding server, over real HTTP, with what such servers do wrong. What its vectors are is the
 * caller's: a test gives a few words with their meanings by hand, the bench real word vectors (bench/word-vectors.ts). It has none of its own.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json, readBody } from "./groq/wire.ts";

export type EmbeddingFault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Nothing ever comes. */
  | { readonly kind: "silent" }
  | { readonly kind: "cut" }
  /** An answer in another form, as text. */
  | { readonly kind: "body"; readonly body: string }
  /** One vector fewer than texts. */
  | { readonly kind: "too-few" }
  /** Vectors with so many numbers more than before. */
  | { readonly kind: "longer"; readonly by: number };

export type EmbeddingStandIn = {
  /** Up to and without `/embeddings`. */
  readonly url: string;
  readonly key: string;
  /** The texts of each request that was understood. */
  readonly asked: readonly (readonly string[])[];
  /** Strikes every request until it is taken away. */
  fault: EmbeddingFault | null;
  stop(): Promise<void>;
};

const KEY = "emb-standin-0123456789";

export async function startEmbeddings(options: {
  readonly model: string;
  readonly vectorOf: (text: string) => readonly number[];
}): Promise<EmbeddingStandIn> {
  const asked: (readonly string[])[] = [];
  const server = createServer((request, response) => {
    response.on("error", () => {});
    void answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const standIn: EmbeddingStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    key: KEY,
    asked,
    fault: null,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
      const reply = json(status, body, { ...headers });
      response.writeHead(reply.status, reply.headers).end(reply.body);
    };
    const refuse = (status: number, message: string) =>
      say(status, { error: { message, type: "invalid_request_error" } });
    const text = await readBody(request);
    const { fault } = standIn;
    if (request.method !== "POST" || request.url !== "/v1/embeddings") return refuse(404, "no such route");
    if (request.headers.authorization !== `Bearer ${KEY}`) return refuse(401, `Incorrect API key provided: ${KEY}`);
    const { model, input } = JSON.parse(text ?? "{}") as { readonly model: string; readonly input: readonly string[] };
    if (model !== options.model) return refuse(404, `The model ${model} does not exist`);
    asked.push(input);
    switch (fault?.kind) {
      case "status":
        return say(fault.status, { error: { message: `Bearer ${KEY} was refused` } }, fault.headers);
      case "silent":
        return;
      case "cut":
        response.writeHead(200, { "content-length": "1000" }).write("{", () => response.socket?.destroy());
        return;
      case "body":
        response.writeHead(200, { "content-type": "application/json" }).end(fault.body);
        return;
    }
    const more = fault?.kind === "longer" ? Array.from({ length: fault.by }, () => 0.5) : [];
    const data = input.map((one, index) => ({
      object: "embedding",
      index,
      embedding: [...options.vectorOf(one), ...more],
    }));
    // The order is the server's own: what counts is the index.
    const given = fault?.kind === "too-few" ? data.slice(1) : data.toReversed();
    say(200, { object: "list", model, data: given, usage: { prompt_tokens: 1, total_tokens: 1 } });
  }

  return standIn;
}
