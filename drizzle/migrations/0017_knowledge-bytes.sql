ALTER TABLE "documents" ADD COLUMN "bytes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "bytes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "sources" SET "bytes" = octet_length("config"::text);--> statement-breakpoint
UPDATE "documents" SET "bytes" = "held"."bytes" FROM (
  SELECT "document_id", sum(octet_length("text") + octet_length("title") + octet_length("headings"::text) + coalesce(octet_length("url"), 0) + 80) AS "bytes"
  FROM "passages" GROUP BY "document_id"
) AS "held" WHERE "held"."document_id" = "documents"."id";
