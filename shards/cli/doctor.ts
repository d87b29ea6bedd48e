/** `gatehouse doctor`: what is wrong with the deployment and each server, and what to do. Exits 1 when something is broken. */
import { Command, Option } from "commander";
import { languageFor } from "../../src/i18n.ts";
import { LANGUAGES } from "../../src/settings/form.ts";
import { diagnose, examine, type Finding } from "../../src/status/doctor.ts";
import { readGuildId, withServices } from "./run.ts";

const SIGNS: Record<Finding["state"], string> = { ok: "✓", warning: "!", problem: "✗" };

export function doctorCommand(): Command {
  return new Command("doctor")
    .option("--guild <id>", "only this server", readGuildId)
    .addOption(new Option("--language <code>", "of the sentences").choices(LANGUAGES).default("en"))
    .option("--json", "print one JSON line for each finding")
    .action(async (options: { guild?: ReturnType<typeof readGuildId>; language: string; json?: true }) => {
      await withServices(async (services) => {
        const findings = diagnose(await examine(services, options.guild), languageFor(options.language));
        for (const finding of findings)
          process.stdout.write(options.json ? `${JSON.stringify(finding)}\n` : line(finding));
        if (findings.some((f) => f.state === "problem")) process.exitCode = 1;
      });
    });
}

function line(finding: Finding): string {
  return `${SIGNS[finding.state]} ${finding.check}${finding.where === null ? "" : ` (${finding.where})`}: ${finding.says}\n`;
}
