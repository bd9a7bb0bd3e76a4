/** What scripts/compile-schemas.mjs makes of schemas/: `npm run generate`. */

/** What the schema says of one field, or of an object as a whole. Numbers are indexes of `nodeOf`. */
export interface FieldNode {
  /** The types of JSON Schema that it takes; any if it is absent. */
  readonly types?: readonly string[];
  /** The only values that it takes. */
  readonly values?: readonly unknown[];
  /** A regular expression that a string must match. */
  readonly pattern?: string;
  /** The values that the pods need; the apiserver accepts others. */
  readonly expected?: readonly unknown[];
  /**
   * What a text with a pattern is: a key of `FORMS` in invalid-value.ts; a quantity if it is absent. Of an
   * object: a key of `OBJECT_CHECKS` in object-checks.ts.
   */
  readonly form?: string;
  /** `int32` for an integer of that size; others have 64 bits. */
  readonly format?: string;
  /** The least number. */
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly fields?: Readonly<Record<string, number>>;
  readonly required?: readonly string[];
  /** Takes no keys but those of `fields`. */
  readonly closed?: true;
  /** What an entry of a free map holds. */
  readonly entries?: number;
  /** A regular expression that the keys of a free map must match. */
  readonly keyPattern?: string;
  readonly minProperties?: number;
  /** What an item of a list holds. */
  readonly items?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** The values of another chart: no misplaced key belongs among them. */
  readonly 'x-other-chart'?: true;
}

/** The node with an index. It is parsed at its first use: parsing all takes 5 % of a `lint` of one file. */
export function nodeOf(index: number): FieldNode;
export const trees: Readonly<
  Record<
    | 'iomeshCluster10'
    | 'iomeshCluster11'
    | 'iomeshCluster12'
    | 'zookeeperCluster'
    | 'configMap'
    | 'storageClass'
    | 'persistentVolumeClaim'
    | 'namespace'
    | 'config'
    | 'helmValues',
    number
  >
>;
