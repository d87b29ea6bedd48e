CREATE TABLE "checks" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"question" text NOT NULL,
	"document_id" text NOT NULL,
	"document_title" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"passed" boolean,
	"passed_before" boolean,
	"found" text,
	"ran_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "conversation_notes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "conversation_notes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"guild_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"kind" text NOT NULL,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"attempt" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_replies" (
	"id" text PRIMARY KEY NOT NULL,
	"guild_id" text NOT NULL,
	"title" text NOT NULL,
	"text" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "escalations_newest";--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "agent_name" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "wanted_by" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "state" text DEFAULT 'open' NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "assignee_id" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "assignee_name" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "last_role" text;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "read_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "trigger" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "reason" text DEFAULT 'model' NOT NULL;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "mail_state" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "mail_problem" text;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "taken_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "taken_by" text;--> statement-breakpoint
ALTER TABLE "escalations" ADD COLUMN "reminded_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "turns" ADD COLUMN "edited_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "turns" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "turns" ADD COLUMN "files" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "conversation_notes" ADD CONSTRAINT "conversation_notes_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "checks_guild" ON "checks" USING btree ("guild_id","created_at");--> statement-breakpoint
CREATE INDEX "conversation_notes_conversation" ON "conversation_notes" USING btree ("guild_id","conversation_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversation_notes_attempt" ON "conversation_notes" USING btree ("attempt");--> statement-breakpoint
CREATE INDEX "saved_replies_guild" ON "saved_replies" USING btree ("guild_id","title");--> statement-breakpoint
CREATE INDEX "conversations_held" ON "conversations" USING btree ("guild_id","agent_idle_at") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "escalations_conversation" ON "escalations" USING btree ("guild_id","conversation_id","at");--> statement-breakpoint
CREATE INDEX "escalations_waiting" ON "escalations" USING btree ("at") WHERE taken_at is null and closed_at is null and reminded_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "escalations_trigger" ON "escalations" USING btree ("guild_id","trigger") WHERE trigger <> '';--> statement-breakpoint
CREATE INDEX "escalations_newest" ON "escalations" USING btree ("guild_id","at" DESC NULLS FIRST);