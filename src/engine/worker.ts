/** The engine's worker thread: messages in, answers out. All else is in `Engine`. */
import { parentPort } from "node:worker_threads";
import type { FromEngine, ToEngine } from "../protocol/engine.ts";
import { Engine } from "./Engine.ts";
import { describeCause } from "./EngineFault.ts";
import { nodeEnginePorts } from "./ports/nodeEnginePorts.ts";

const port = parentPort;
if (port === null) throw new Error("worker.cjs is started as a worker thread, not by itself");

const engine = new Engine(
  nodeEnginePorts((level, message) => send({ type: "log", level, message })),
  (doc, around) => send({ type: "around", doc, around }),
);
const cancellers = new Map<number, AbortController>();

port.on("message", (message: ToEngine) => {
  if (message.type === "cancel") cancellers.get(message.id)?.abort();
  else void answer(message.id, message.request);
});

async function answer(id: number, request: Extract<ToEngine, { type: "request" }>["request"]): Promise<void> {
  const canceller = new AbortController();
  cancellers.set(id, canceller);
  try {
    const result = await engine.handle(request, canceller.signal);
    if (result.ok) send({ type: "answer", id, ok: true, value: result.value });
    else send({ type: "answer", id, ok: false, error: result.error });
  } catch (cause) {
    // The engine gives every failure as a value; what is left is an answer that cannot be cloned.
    send({
      type: "answer",
      id,
      ok: false,
      error: { code: "internal", message: "The engine's answer could not be sent. The log has the details.", detail: describeCause(cause) },
    });
  } finally {
    cancellers.delete(id);
  }
}

/** Whole texts are moved, not copied: the engine gives away only buffers made for the answer. */
function send(message: FromEngine): void {
  const value = message.type === "answer" && message.ok ? message.value : null;
  const transfer = value instanceof Uint8Array && value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  port?.postMessage(message, transfer);
}
