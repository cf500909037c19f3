import { stringEquals, stringText } from "./scalars.ts";
import { NO_NODE } from "./Tape.ts";
import type { NodeId, Tape } from "./Tape.ts";

export * from "./scalars.ts";

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** First byte of a node: what `kind` looks at, without the name. */
function firstByte(tape: Tape, node: NodeId): number {
  return tape.bytes[tape.start(node)] ?? 0;
}

/** Elements of an array, members of an object, 0 of anything else. Counts by walking. */
export function childCount(tape: Tape, node: NodeId): number {
  let count = 0;
  if (firstByte(tape, node) === OPEN_BRACE) {
    for (let key = firstKey(tape, node); key !== NO_NODE; key = nextKey(tape, node, key)) count++;
  } else {
    for (let element = firstElement(tape, node); element !== NO_NODE; element = nextElement(tape, node, element)) count++;
  }
  return count;
}

/** First element of an array; `NO_NODE` when it is empty or no array. */
export function firstElement(tape: Tape, array: NodeId): NodeId {
  return firstByte(tape, array) === OPEN_BRACKET && tape.next(array) > array + 1 ? array + 1 : NO_NODE;
}

/** The element after `element` in its array, or `NO_NODE`. */
export function nextElement(tape: Tape, array: NodeId, element: NodeId): NodeId {
  const next = tape.next(element);
  return next < tape.next(array) ? next : NO_NODE;
}

/** First key of an object; `NO_NODE` when it is empty or no object. */
export function firstKey(tape: Tape, object: NodeId): NodeId {
  return firstByte(tape, object) === OPEN_BRACE && tape.next(object) > object + 1 ? object + 1 : NO_NODE;
}

/** The key after `key` in its object, or `NO_NODE`. */
export function nextKey(tape: Tape, object: NodeId, key: NodeId): NodeId {
  const next = tape.next(key + 1);
  return next < tape.next(object) ? next : NO_NODE;
}

/** The value that stands behind a key. */
export function valueOf(key: NodeId): NodeId {
  return key + 1;
}

/** Elements of an array in order; nothing for other nodes. */
export function* elements(tape: Tape, array: NodeId): Generator<NodeId, void, undefined> {
  for (let element = firstElement(tape, array); element !== NO_NODE; element = nextElement(tape, array, element)) yield element;
}

/** Members of an object in order, repeated keys included; nothing for other nodes. */
export function* members(tape: Tape, object: NodeId): Generator<readonly [key: NodeId, value: NodeId], void, undefined> {
  for (let key = firstKey(tape, object); key !== NO_NODE; key = nextKey(tape, object, key)) yield [key, key + 1];
}

/** Value of the last member with that (unescaped) key; `NO_NODE` when there is none or the node is no object. */
export function findMember(tape: Tape, object: NodeId, name: string): NodeId {
  let found = NO_NODE;
  for (let key = firstKey(tape, object); key !== NO_NODE; key = nextKey(tape, object, key)) {
    if (stringEquals(tape, key, name)) found = key + 1;
  }
  return found;
}

/** Innermost node whose text contains the byte at `offset`; `NO_NODE` outside of the root. */
export function nodeAt(tape: Tape, offset: number): NodeId {
  // Nodes are sorted by start, and of those that contain a byte the innermost starts last.
  let low = 0;
  let high = tape.nodeCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tape.start(middle) <= offset) low = middle + 1;
    else high = middle;
  }
  const last = low - 1;
  if (last < 0) return NO_NODE;
  if (offset < tape.end(last)) return last;
  const above = ancestors(tape, last);
  for (let index = above.length - 1; index >= 0; index--) {
    const node = above[index] ?? NO_NODE;
    if (offset < tape.end(node)) return node;
  }
  return NO_NODE;
}

/** The containers around a node, root first, and the node itself last. Found from the root, stepping over whole siblings. */
export function ancestors(tape: Tape, node: NodeId): NodeId[] {
  const found: NodeId[] = [];
  let container = 0;
  while (container !== node) {
    found.push(container);
    container = childTowards(tape, container, node);
  }
  found.push(node);
  return found;
}

/** The child (key, value or element) of a container that is `node` or holds it. */
function childTowards(tape: Tape, container: NodeId, node: NodeId): NodeId {
  let child = container + 1;
  for (let next = tape.next(child); next <= node; next = tape.next(child)) child = next;
  return child;
}

/** Object keys and array positions from the root to a node. A key node has the path of its member. */
export function pathOf(tape: Tape, node: NodeId): (string | number)[] {
  const path: (string | number)[] = [];
  let container = 0;
  while (container !== node) {
    let child = container + 1;
    if (tape.kind(container) === "array") {
      let position = 0;
      for (let next = tape.next(child); next <= node; next = tape.next(child), position++) child = next;
      path.push(position);
    } else {
      let key = child;
      for (let next = tape.next(key + 1); next <= node; next = tape.next(key + 1)) key = next;
      path.push(stringText(tape, key));
      if (key === node) return path;
      child = key + 1;
    }
    container = child;
  }
  return path;
}

/** The node a path of object keys and array positions leads to; of a repeated key the last. `NO_NODE` when there is none. */
export function resolvePath(tape: Tape, path: readonly (string | number)[]): NodeId {
  let node: NodeId = tape.nodeCount > 0 ? 0 : NO_NODE;
  for (const step of path) {
    if (node === NO_NODE) return NO_NODE;
    if (typeof step === "string") node = findMember(tape, node, step);
    else {
      const array = node;
      node = firstElement(tape, array);
      for (let position = 0; position < step && node !== NO_NODE; position++) node = nextElement(tape, array, node);
      if (step < 0) node = NO_NODE;
    }
  }
  return node;
}
