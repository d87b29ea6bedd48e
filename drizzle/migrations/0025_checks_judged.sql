ALTER TABLE "checks" ADD COLUMN "says" text;--> statement-breakpoint
ALTER TABLE "checks" ADD COLUMN "judged_fault" text;--> statement-breakpoint
ALTER TABLE "checks" ADD COLUMN "judged_model" text;--> statement-breakpoint
ALTER TABLE "checks" ADD COLUMN "judged_prompts" integer;--> statement-breakpoint
ALTER TABLE "checks" ADD COLUMN "judged_at" timestamp (3) with time zone;