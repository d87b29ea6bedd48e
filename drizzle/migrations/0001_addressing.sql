CREATE TABLE "identify_turns" (
	"application_id" text NOT NULL,
	"key" integer NOT NULL,
	"free_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "identify_turns_pk" PRIMARY KEY("application_id","key")
);
--> statement-breakpoint
ALTER TABLE "guilds" ADD COLUMN "bot_role" text;--> statement-breakpoint
ALTER TABLE "guilds" ADD COLUMN "own_threads" text[] DEFAULT '{}' NOT NULL;