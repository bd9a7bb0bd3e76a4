import type { Json } from '../../core/base/json.ts';

/** One change of a text: what stands from `start` to `end` gives way to `replacement`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Why a text cannot be edited as asked. The message completes "was not fixed: ". */
export class EditRefusal extends Error {
  override readonly name = 'EditRefusal';
}

/** What is put somewhere: a value to be written out, or text that is carried from another place. */
export type Content =
  | { readonly kind: 'value'; readonly value: Json }
  | {
      readonly kind: 'block';
      /** What stands behind the colon, on its line and on those below. */
      readonly text: string;
      /** The column of the key it stood behind. */
      readonly column: number;
      /** The same in one line, for a place in brackets; undefined where that would lose something. */
      readonly inline: string | undefined;
    }
  | { readonly kind: 'flow'; readonly text: string };
