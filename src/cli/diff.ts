import { compileStruct } from "../record/codec.ts";
import { diffRunRecords } from "../record/diffRunRecords.ts";
import { encodePretty } from "../record/encode.ts";
import { RunDiffReport as RunDiffReportSchema } from "../record/schema/diffReport.ts";
import type { RunDiffReport } from "../record/types.ts";
import { oneLine, plural } from "../view/plainText.ts";
import { EXIT } from "./CliHost.ts";
import type { CliHost, ExitCode } from "./CliHost.ts";
import { portsForStoredPath } from "./files.ts";
import type { Options } from "./parseOptions.ts";
import { readNamedRecord } from "./readNamedRecord.ts";

/** `diff`: how two runs went differently, by the runtime's own comparison. */
export async function diff(options: Options, host: CliHost): Promise<ExitCode> {
  const [leftFile = "", rightFile = ""] = options.files;
  const left = await readNamedRecord(leftFile, options.fidelity, host);
  const right = await readNamedRecord(rightFile, options.fidelity, host);
  const report = await diffRunRecords(left, right, await portsForStoredPath(host.cwd, (sentence) => host.warn(sentence)));
  if (options.json) {
    await host.print(encodePretty(compileStruct(RunDiffReportSchema), report, { fidelity: "runtime" }));
    await host.print("\n");
  } else {
    await host.print(reportText(report));
  }
  return report.identical ? EXIT.ok : EXIT.found;
}

function reportText(report: RunDiffReport): string {
  const text = (value: string): string => oneLine(value, 400);
  if (report.identical) return "The two runs went the same way.\n";
  const lines: string[] = [];
  if (report.status_changed) lines.push(`status: ${text(report.left_status)} → ${text(report.right_status)}`);
  for (const stage of report.stage_diffs) {
    lines.push(`stage ${text(stage.node_id)}: ${text(stage.change)}`, ...stage.details.map((detail) => `  ${text(detail)}`));
  }
  for (const call of report.tool_diffs) {
    lines.push(
      `tool ${text(call.tool_name)} (${text(call.args_hash)})`,
      `  ${resultText(call.left_result)} → ${resultText(call.right_result)}`,
    );
  }
  for (const part of report.observability_diffs) {
    lines.push(`${text(part.section)} ${text(part.label)}`, ...part.details.map((detail) => `  ${text(detail)}`));
  }
  const counts: [string, bigint][] = [
    ["transition", report.transition_count_delta],
    ["artifact", report.artifact_count_delta],
    ["checkpoint", report.checkpoint_count_delta],
  ];
  for (const [noun, delta] of counts)
    if (delta !== 0n) lines.push(`${plural(Number(delta < 0n ? -delta : delta), noun)} ${delta < 0n ? "fewer" : "more"}`);
  return `${lines.join("\n")}\n`;
}

function resultText(result: string | null): string {
  return result === null ? "not called" : oneLine(result, 100);
}
