/** The types of the format, inferred from their one description in `schema/`. Field names are the format's own. */
import type * as z from "zod";
import type * as artifact from "./schema/artifact.ts";
import type * as diffReport from "./schema/diffReport.ts";
import type * as fixture from "./schema/fixture.ts";
import type * as handoff from "./schema/handoff.ts";
import type * as observability from "./schema/observability.ts";
import type * as persona from "./schema/persona.ts";
import type * as policy from "./schema/policy.ts";
import type * as run from "./schema/RunRecord.ts";
import type * as stage from "./schema/stage.ts";

export type RunRecord = z.infer<typeof run.RunRecord>;
export type RunTraceSpanRecord = z.infer<typeof run.RunTraceSpanRecord>;
export type ToolCallRecord = z.infer<typeof run.ToolCallRecord>;
export type RunHitlQuestionRecord = z.infer<typeof run.RunHitlQuestionRecord>;

export type LlmUsageRecord = z.infer<typeof stage.LlmUsageRecord>;
export type RunStageRecord = z.infer<typeof stage.RunStageRecord>;
export type RunStageAttemptRecord = z.infer<typeof stage.RunStageAttemptRecord>;
export type RunTransitionRecord = z.infer<typeof stage.RunTransitionRecord>;
export type RunCheckpointRecord = z.infer<typeof stage.RunCheckpointRecord>;
export type RunExecutionRecord = z.infer<typeof stage.RunExecutionRecord>;
export type RunChildRecord = z.infer<typeof stage.RunChildRecord>;

export type ArtifactRecord = z.infer<typeof artifact.ArtifactRecord>;

export type HandoffArtifact = z.infer<typeof handoff.HandoffArtifact>;
export type HandoffTargetRecord = z.infer<typeof handoff.HandoffTargetRecord>;
export type HandoffEvidenceRefRecord = z.infer<typeof handoff.HandoffEvidenceRefRecord>;
export type HandoffReceiptLinkRecord = z.infer<typeof handoff.HandoffReceiptLinkRecord>;
export type HandoffRouteDecisionRecord = z.infer<typeof handoff.HandoffRouteDecisionRecord>;

export type ReplayFixture = z.infer<typeof fixture.ReplayFixture>;
export type ReplayStageAssertion = z.infer<typeof fixture.ReplayStageAssertion>;
export type ClarifyingQuestionEvalSpec = z.infer<typeof fixture.ClarifyingQuestionEvalSpec>;
export type ReplayEvalReport = z.infer<typeof fixture.ReplayEvalReport>;

export type RunObservabilityRecord = z.infer<typeof observability.RunObservabilityRecord>;
export type RunPlannerRoundRecord = z.infer<typeof observability.RunPlannerRoundRecord>;
export type RunTaskLedgerSummaryRecord = z.infer<typeof observability.RunTaskLedgerSummaryRecord>;
export type RunActionGraphNodeRecord = z.infer<typeof observability.RunActionGraphNodeRecord>;
export type RunActionGraphEdgeRecord = z.infer<typeof observability.RunActionGraphEdgeRecord>;
export type RunWorkerLineageRecord = z.infer<typeof observability.RunWorkerLineageRecord>;
export type RunVerificationOutcomeRecord = z.infer<typeof observability.RunVerificationOutcomeRecord>;
export type RunTranscriptPointerRecord = z.infer<typeof observability.RunTranscriptPointerRecord>;
export type CompactionEventRecord = z.infer<typeof observability.CompactionEventRecord>;
export type DaemonEventRecord = z.infer<typeof observability.DaemonEventRecord>;

export type RunPersonaRuntimeRecord = z.infer<typeof persona.RunPersonaRuntimeRecord>;

export type CapabilityPolicy = z.infer<typeof policy.CapabilityPolicy>;
export type ToolApprovalPolicy = z.infer<typeof policy.ToolApprovalPolicy>;
export type PolicyRule = z.infer<typeof policy.PolicyRule>;

export type RunDiffReport = z.infer<typeof diffReport.RunDiffReport>;
