/** Index of a node on a tape. Nodes stand in document order, 0 is the root; an object's members are its key (a string node) and then its value. */
export type NodeId = number;

/** "There is no such node." */
export const NO_NODE = -1;

/** What a node is. Keys are of kind "string". */
export type JsonKind = "object" | "array" | "string" | "number" | "true" | "false" | "null";

/** One way to tell a syntax error: the reason in the runtime's words, and how many bytes its position counts as read. */
export interface FaultWording {
  /** For example `expected value` or `EOF while parsing a list`. */
  readonly reason: string;
  /** Bytes counted as read: line is 1 + the newlines among them, column the bytes after the last newline (run record format, positions). */
  readonly consumed: number;
}

/** The first syntax error of a text. */
export interface SyntaxFault extends FaultWording {
  /** Byte offset of the offending byte; the length of the text when it ends too early. */
  readonly offset: number;
  /** The same fault as the runtime tells it inside the value of a key it does not know, where another reader skips values. */
  readonly skipped: FaultWording;
}

/** Words of the tape a node takes: start, end, next. */
export const WORDS_PER_NODE = 3;

/**
 * Flat index of one JSON text: three 32-bit words a node, no object until somebody asks. Made by `scan`. After a syntax error everything
 * before it stays readable: open containers end at the error; a key without its value, and a scalar cut short, are not on the tape. So the
 * tape of a broken text may hold no node at all: look at `nodeCount` before asking for the root.
 */
export class Tape {
  /** The UTF-8 text. */
  readonly bytes: Uint8Array;
  readonly nodeCount: number;
  /** The first syntax error, if any. */
  readonly error: SyntaxFault | undefined;
  /** The text begins with U+FEFF. Skipped here; a strict reader refuses it. */
  readonly hasBom: boolean;
  /** Byte offset of the first invalid UTF-8 sequence of the whole text, or -1. Scanning goes on; a strict reader refuses the text. */
  readonly invalidUtf8At: number;
  readonly #words: Int32Array;

  constructor(
    bytes: Uint8Array,
    words: Int32Array,
    nodeCount: number,
    facts: { readonly error: SyntaxFault | undefined; readonly hasBom: boolean; readonly invalidUtf8At: number },
  ) {
    this.bytes = bytes;
    this.#words = words;
    this.nodeCount = nodeCount;
    this.error = facts.error;
    this.hasBom = facts.hasBom;
    this.invalidUtf8At = facts.invalidUtf8At;
  }

  /** Memory of the index itself, in bytes; the text is not counted. */
  get indexBytes(): number {
    return this.#words.byteLength;
  }

  /** Byte offset of the node's first byte. */
  start(node: NodeId): number {
    return this.#words[node * WORDS_PER_NODE] ?? 0;
  }

  /** Byte offset just after the node's last byte. */
  end(node: NodeId): number {
    return this.#words[node * WORDS_PER_NODE + 1] ?? 0;
  }

  /** Index just after the node and all that is inside it: its next sibling, if it has one. */
  next(node: NodeId): NodeId {
    return this.#words[node * WORDS_PER_NODE + 2] ?? this.nodeCount;
  }

  /** Told by the node's first byte. */
  kind(node: NodeId): JsonKind {
    switch (this.bytes[this.start(node)]) {
      case 0x22:
        return "string";
      case 0x7b:
        return "object";
      case 0x5b:
        return "array";
      case 0x74:
        return "true";
      case 0x66:
        return "false";
      case 0x6e:
        return "null";
      default:
        return "number";
    }
  }
}
