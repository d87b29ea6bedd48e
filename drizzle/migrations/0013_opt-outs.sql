CREATE TABLE "opt_outs" (
	"application_id" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "opt_outs_pk" PRIMARY KEY("application_id","user_id")
);
