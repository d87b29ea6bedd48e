CREATE TABLE "gateways" (
	"application_id" text NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "gateways_pk" PRIMARY KEY("application_id","holder")
);
