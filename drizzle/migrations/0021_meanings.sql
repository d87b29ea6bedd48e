CREATE TABLE "meanings" (
	"guild_id" text NOT NULL,
	"document_id" text NOT NULL,
	"position" integer NOT NULL,
	"model" text NOT NULL,
	"vector" "bytea" NOT NULL,
	CONSTRAINT "meanings_pk" PRIMARY KEY("document_id","position")
);
--> statement-breakpoint
ALTER TABLE "meanings" ADD CONSTRAINT "meanings_passage" FOREIGN KEY ("document_id","position") REFERENCES "public"."passages"("document_id","position") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meanings_guild" ON "meanings" USING btree ("guild_id","document_id","position");