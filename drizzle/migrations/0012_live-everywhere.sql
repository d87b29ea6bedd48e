CREATE INDEX "conversations_held_until" ON "conversations" USING btree ("agent_idle_at") WHERE agent_id is not null;--> statement-breakpoint
CREATE INDEX "conversations_latest" ON "conversations" USING btree ("last_at" NULLS FIRST);--> statement-breakpoint
CREATE INDEX "escalations_untaken" ON "escalations" USING btree ("at") WHERE taken_at is null and closed_at is null;