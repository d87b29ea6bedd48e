CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"name" text NOT NULL,
	"secret_hash" text NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] NOT NULL,
	"origins" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"ends_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "api_requests" (
	"key_id" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"guild_id" text NOT NULL,
	"body_hash" text NOT NULL,
	"response" jsonb,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "api_requests_pk" PRIMARY KEY("key_id","idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"price_usd" numeric(10, 2) NOT NULL,
	"messages" integer,
	"features" text[] DEFAULT '{}' NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proactive_schedules" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"settings" jsonb NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"problem" text,
	"next_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quota_reservations" (
	"request" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"guild_id" text NOT NULL,
	"kind" text NOT NULL,
	"count" integer NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quota_warnings" (
	"account_id" text NOT NULL,
	"month" text NOT NULL,
	"percent" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "quota_warnings_pk" PRIMARY KEY("account_id","month","percent")
);
--> statement-breakpoint
ALTER TABLE "proactive_posts" DROP CONSTRAINT "proactive_posts_pk";
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "time_zone" text DEFAULT 'UTC' NOT NULL;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "owner_id" text;
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "mail" text;
--> statement-breakpoint
ALTER TABLE "proactive_posts" ADD COLUMN "schedule_id" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "proactive_posts" ADD COLUMN "sources" jsonb DEFAULT '[]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "proactive_posts" ADD COLUMN "reactions" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "proactive_posts" ADD COLUMN "replies" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "proactive_posts" ADD COLUMN "holder" text;
--> statement-breakpoint
ALTER TABLE "proactive_posts" ADD COLUMN "until" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "proactive_posts" ADD CONSTRAINT "proactive_posts_slot_pk" PRIMARY KEY("guild_id","schedule_id","slot");
--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_secret" ON "api_keys" USING btree ("secret_hash");
--> statement-breakpoint
CREATE INDEX "api_keys_guild" ON "api_keys" USING btree ("guild_id");
--> statement-breakpoint
CREATE INDEX "proactive_schedules_guild" ON "proactive_schedules" USING btree ("guild_id");
--> statement-breakpoint
CREATE INDEX "proactive_schedules_due" ON "proactive_schedules" USING btree ("next_at");
--> statement-breakpoint
CREATE INDEX "quota_reservations_account" ON "quota_reservations" USING btree ("account_id");
--> statement-breakpoint
CREATE INDEX "proactive_posts_newest" ON "proactive_posts" USING btree ("guild_id","at" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "proactive_posts_message" ON "proactive_posts" USING btree ("guild_id","message_id") WHERE message_id is not null;
--> statement-breakpoint
INSERT INTO "plans" ("id", "name", "price_usd", "messages", "features", "position", "updated_at") VALUES
	('unlimited', 'Unlimited', 0, NULL, '{discord,live,takeover,escalation}', 0, now()),
	('free', 'Free', 0, 100, '{}', 1, now()),
	('starter', 'Starter', 39, 2500, '{discord}', 2, now()),
	('standard', 'Standard', 139, 15000, '{discord,live,takeover,escalation}', 3, now()),
	('pro', 'Pro', 449, 50000, '{discord,live,takeover,escalation}', 4, now())
ON CONFLICT ("id") DO NOTHING;
