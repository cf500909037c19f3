import { expect, it } from "vitest";
import { agentEventsTopic, isConsumerId, isTopicName, sanitizeTopicComponent, topicFault } from "../../../src/eventlog/topics.ts";

it.each([
  ["hitl.questions", null],
  ["A-z_0.9", null],
  ["", "topic cannot be empty"],
  ["a/b", "topic 'a/b' contains unsupported characters"],
  ["a b", "topic 'a b' contains unsupported characters"],
  ["é", "topic 'é' contains unsupported characters"],
  ["a\n", "topic 'a\n' contains unsupported characters"],
])("topic %j: %j", (name, fault) => {
  expect(topicFault(name)).toBe(fault);
  expect(isTopicName(name)).toBe(fault === null);
});

it.each([
  ["a", true],
  [" a ", true],
  ["", false],
  [" \t\u0085", false],
])("consumer %j: %j", (name, valid) => expect(isConsumerId(name)).toBe(valid));

it("puts one underscore for every code point that a topic cannot hold", () => {
  expect(sanitizeTopicComponent("a/b c:é😀.x-1")).toBe("a_b_c___.x-1");
  expect(sanitizeTopicComponent("")).toBe("");
  expect(agentEventsTopic("s 1")).toBe("observability.agent_events.s_1");
});
