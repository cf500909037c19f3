/**
 * What the scanner waits for. The numbers are ordered so that one comparison tells "a key comes next" (`>= FIRST_KEY`) from "a value comes
 * next". `AFTER_*`, `COLON` and `END` only name the place of a fault.
 */
export const VALUE = 0;
export const FIRST_ELEMENT = 1;
export const NEXT_ELEMENT = 2;
export const FIRST_KEY = 3;
export const NEXT_KEY = 4;
export const COLON = 5;
export const AFTER_ELEMENT = 6;
export const AFTER_MEMBER = 7;
export const END = 8;

export type ScanState = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
