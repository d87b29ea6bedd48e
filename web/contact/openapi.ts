/** The API's description, as `GET /api/v1/openapi.json` serves it. A test holds the endpoint's answers against it. */
export const openapi = {
  openapi: "3.1.0",
  info: {
    title: "Gatehouse answers",
    version: "1",
    description: "Ask a server's knowledge base. A key belongs to one server and is made on its Contact page.",
  },
  components: {
    securitySchemes: { key: { type: "http", scheme: "bearer" } },
    schemas: {
      Question: {
        type: "object",
        required: ["question"],
        additionalProperties: false,
        properties: {
          question: { type: "string", minLength: 1, maxLength: 2000 },
          conversation: {
            type: "string",
            maxLength: 64,
            description: "Your name for the talk; follow-ups in it are understood for half an hour.",
          },
          user: {
            type: "object",
            required: ["id"],
            additionalProperties: false,
            properties: { id: { type: "string", maxLength: 64 }, name: { type: "string", maxLength: 80 } },
          },
          language: { type: "string", maxLength: 35, description: "Where the text does not say (BCP 47)." },
        },
      },
      Answer: {
        type: "object",
        required: ["id", "outcome", "reason", "answer", "sources", "conversation"],
        properties: {
          id: { type: "string" },
          outcome: { enum: ["answered", "escalated", "left-to-agent"] },
          reason: { type: "string", description: "known, not-in-knowledge, agent-holds, …" },
          answer: { type: "string", description: "Markdown; [1] numbers the sources." },
          sources: {
            type: "array",
            items: {
              type: "object",
              required: ["n", "title", "url"],
              properties: { n: { type: "integer" }, title: { type: "string" }, url: { type: ["string", "null"] } },
            },
          },
          conversation: { type: "string" },
        },
      },
      Talk: {
        type: "object",
        required: ["held", "turns"],
        properties: {
          held: { type: "boolean", description: "An agent speaks there now." },
          turns: {
            type: "array",
            items: {
              type: "object",
              required: ["id", "role", "author", "text", "at", "sources"],
              properties: {
                id: { type: "string" },
                role: { enum: ["member", "bot", "agent"] },
                author: { type: "string" },
                text: { type: "string" },
                at: { type: "string", format: "date-time" },
                sources: { type: "array", items: { type: "object" } },
              },
            },
          },
        },
      },
      Problem: {
        type: "object",
        required: ["type", "title", "status", "detail"],
        properties: {
          type: { type: "string" },
          title: { type: "string" },
          status: { type: "integer" },
          detail: { type: "string" },
        },
      },
    },
  },
  paths: {
    "/api/v1/conversations": {
      get: {
        operationId: "conversation",
        description: "Your talk as it stands: where an agent has taken over, their words come in here.",
        security: [{ key: [] }],
        parameters: [
          { name: "conversation", in: "query", schema: { type: "string", maxLength: 64 } },
          { name: "user", in: "query", schema: { type: "string", maxLength: 64 } },
        ],
        responses: {
          "200": {
            description: "The last 50 turns, oldest first.",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Talk" } } },
          },
          default: {
            description: "As above.",
            content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
          },
        },
      },
    },
    "/api/v1/answers": {
      post: {
        operationId: "answer",
        security: [{ key: [] }],
        parameters: [
          {
            name: "Idempotency-Key",
            in: "header",
            description: "The same key and body get the same answer for a day, counted once.",
            schema: { type: "string", minLength: 1, maxLength: 200 },
          },
        ],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Question" } } },
        },
        responses: {
          "200": {
            description: "What the knowledge base says, or one line that it does not hold it.",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Answer" } } },
          },
          default: {
            description:
              "400 a wrong body · 401 a wrong key · 402 the plan is used up · 409 the idempotency key is in use · " +
              "413 too large · 429 too many requests · 503 try again",
            content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
          },
        },
      },
    },
  },
} as const;
