/** The classes of each character in the plain subset: a bit set per code below 128. */
const CLASS = new Uint8Array(128);
const KEY = 1;
const KEY_START = 2;
const TYPED_START = 4;
const INDICATOR = 8;
const FLOW = 16;

function mark(bit: number, characters: string): void {
  for (const character of characters) CLASS[character.charCodeAt(0)]! |= bit;
}
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
mark(KEY, `${LETTERS}0123456789_./-`);
mark(KEY_START, `${LETTERS}_`);
mark(TYPED_START, 'yYnNtTfFoO0123456789+-.~');
mark(INDICATOR, '?:,[]{}#&*!|>\'"%@`');
mark(FLOW, `${LETTERS}0123456789_./-`);

/** A character of a key without quotes. */
export function isKey(code: number): boolean {
  return code < 128 && (CLASS[code]! & KEY) !== 0;
}

/** A character that such a key may begin with. */
export function isKeyStart(code: number): boolean {
  return code < 128 && (CLASS[code]! & KEY_START) !== 0;
}

/** True if a plain scalar with this first character may be something else than a string. */
export function isTypedStart(code: number): boolean {
  return code < 128 && (CLASS[code]! & TYPED_START) !== 0;
}

/** A character that no plain scalar begins with. */
export function isIndicator(code: number): boolean {
  return code < 128 && (CLASS[code]! & INDICATOR) !== 0;
}

/** A character of a scalar without quotes in brackets. */
export function isFlow(code: number): boolean {
  return code < 128 && (CLASS[code]! & FLOW) !== 0;
}
