/**
 * The only globals the pure layers may use beside ECMAScript itself. Declared here, by hand and no wider than needed, because their
 * tsconfig loads neither the DOM's nor Node's types.
 */
interface TextDecoderOptions {
  readonly fatal?: boolean;
  readonly ignoreBOM?: boolean;
}
declare class TextDecoder {
  constructor(label?: string, options?: TextDecoderOptions);
  decode(input?: Uint8Array): string;
}
declare class TextEncoder {
  encode(input?: string): Uint8Array;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}
/** Named by zod's types only. */
interface URL {
  readonly href: string;
}
