/** Names of topics and consumers (event log format, event model). */
import { isBlank } from "../record/runtimeText.ts";

const TOPIC = /^[A-Za-z0-9._-]+$/;

/** Why a text cannot name a topic, in the runtime's words; null when it can. */
export function topicFault(name: string): string | null {
  if (name === "") return "topic cannot be empty";
  return TOPIC.test(name) ? null : `topic '${name}' contains unsupported characters`;
}

export function isTopicName(name: string): boolean {
  return topicFault(name) === null;
}

/** A consumer may be named anything that is not blank. */
export function isConsumerId(name: string): boolean {
  return !isBlank(name);
}

/** A text as part of a topic's name: every code point a topic cannot hold becomes one `_`. Different texts can become the same. */
export function sanitizeTopicComponent(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/gu, "_");
}

/** The topic of an agent session's events. */
export function agentEventsTopic(sessionId: string): string {
  return `observability.agent_events.${sanitizeTopicComponent(sessionId)}`;
}

export const ACTION_GRAPH_TOPIC = "observability.action_graph";
export const QUESTIONS_TOPIC = "hitl.questions";
