/** What scripts/compile-schemas.mjs makes of schemas/: `npm run generate`. */

/** One thing wrong, in the words of JSON Schema. */
export interface ValidatorError {
  /** JSON pointer to the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** True for a value the schema takes; otherwise `errors` holds what is wrong, up to 1000 entries. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

/** One field of a schema. Numbers are indexes into `nodes`. */
export interface FieldNode {
  readonly types?: readonly string[];
  /** The only values it takes. */
  readonly values?: readonly unknown[];
  readonly required?: readonly string[];
  readonly fields?: Readonly<Record<string, number>>;
  /** What an entry of a free map holds. */
  readonly entries?: number;
  /** What an item of a list holds. */
  readonly items?: number;
}

export const iomeshCluster10: Validator;
export const iomeshCluster12: Validator;
export const zookeeperCluster: Validator;
export const configMap: Validator;
export const storageClass: Validator;
export const persistentVolumeClaim: Validator;
export const config: Validator;
export const findings: Validator;

export const nodes: readonly FieldNode[];
export const trees: Readonly<
  Record<
    | 'iomeshCluster10'
    | 'iomeshCluster12'
    | 'zookeeperCluster'
    | 'configMap'
    | 'storageClass'
    | 'persistentVolumeClaim'
    | 'config'
    | 'helmValues',
    number
  >
>;
