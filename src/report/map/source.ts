/** Where a map was read from, and what stood in the way. */
export interface MapSource {
  readonly from:
    | { readonly kind: 'files'; readonly files: number; readonly objects: number }
    | { readonly kind: 'cluster'; readonly server: string; readonly context: string };
  /** What is missing on the map, a sentence each. */
  readonly missing: readonly string[];
}
