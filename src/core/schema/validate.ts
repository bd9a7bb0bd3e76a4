import { isArray, isObject, type Json, type JsonObject, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import { OBJECT_CHECKS } from './object-checks.ts';
import { type FieldNode, type FieldTree, rootOf, stepInto } from './field-tree.ts';

/** A keyword of the schema that an object does not satisfy. */
export interface FieldError {
  /** The keyword, in the words of JSON Schema. */
  readonly keyword: FieldKeyword;
  /** The field; for `required`, `additionalProperties` and `propertyNames` the key in question. */
  readonly path: Path;
  /** What the schema says of the field, or of the object that has the key. */
  readonly node: FieldNode;
}

export type FieldKeyword =
  | 'type'
  | 'enum'
  | 'pattern'
  | 'format'
  | 'minimum'
  | 'exclusiveMinimum'
  /** The apiserver accepts the value, but the pods do not. Not a keyword of JSON Schema. */
  | 'expected'
  /** See `OBJECT_CHECKS`. Not a keyword of JSON Schema. */
  | 'requirement'
  | 'required'
  | 'additionalProperties'
  | 'propertyNames'
  | 'minProperties'
  | 'minItems'
  | 'maxItems';

/** Values of one object that are checked. The objects of a large cluster hold a few hundred. */
export const MAX_VALUES = 10_000;
/** Errors of one object that are kept. */
const MAX_ERRORS = 1000;

/**
 * The errors of a value by a schema, in the order of the value. It is read as the apiserver reads it: a null
 * member of an object counts as absent if the field is known, and an integer has 64 bits. Of a field of a
 * wrong type nothing else is checked. `whole` is false if the value is too large, so that only its first part
 * was checked.
 */
export function validate(
  tree: FieldTree,
  value: Json,
): { readonly errors: readonly FieldError[]; readonly whole: boolean } {
  const errors: FieldError[] = [];
  const path: (string | number)[] = [];
  let left = MAX_VALUES;

  function report(keyword: FieldKeyword, node: FieldNode, ...key: readonly string[]): void {
    if (errors.length < MAX_ERRORS) errors.push({ keyword, path: [...path, ...key], node });
  }

  function check(json: Json, node: FieldNode): void {
    left -= 1;
    if (node.types?.some((type) => isOfType(json, type)) === false) report('type', node);
    else if (node.values?.includes(json) === false) report('enum', node);
    else if (node.expected?.includes(json) === false) report('expected', node);
    else if (typeof json === 'string') {
      if (node.pattern !== undefined && !matchesPattern(node.pattern, json)) report('pattern', node);
    } else if (typeof json === 'number' || typeof json === 'bigint') {
      if (node.format === 'int32' && !isWithin(Number(json), 31)) report('format', node);
      else if (node.minimum !== undefined && json < node.minimum) report('minimum', node);
      else if (node.exclusiveMinimum !== undefined && json <= node.exclusiveMinimum)
        report('exclusiveMinimum', node);
    } else if (isArray(json)) checkList(json, node);
    else if (isObject(json)) checkObject(json, node);
  }

  function checkList(list: readonly Json[], node: FieldNode): void {
    if (list.length < (node.minItems ?? 0)) report('minItems', node);
    if (list.length > (node.maxItems ?? Infinity)) report('maxItems', node);
    const item = stepInto(node, 0);
    for (let index = 0; item !== undefined && index < list.length && left > 0; index += 1)
      checkAt(index, list[index]!, item);
  }

  function checkObject(object: JsonObject, node: FieldNode): void {
    const { required = [], keyPattern, minProperties = 0 } = node;
    for (const key of required) if ((own(object, key) ?? null) === null) report('required', node, key);
    let present = 0;
    for (const key of Object.keys(object)) {
      if (left <= 0) return;
      const member = own(object, key) ?? null;
      const child = stepInto(node, key);
      if (keyPattern !== undefined && (member !== null || child?.types?.includes('null') === true))
        if (!matchesPattern(keyPattern, key)) report('propertyNames', node, key);
      if (member !== null) present += 1;
      else if (child !== undefined || node.closed !== true) continue;
      if (child !== undefined) checkAt(key, member, child);
      else {
        left -= 1;
        if (node.closed === true) report('additionalProperties', node, key);
      }
    }
    const wrong = node.form === undefined ? undefined : OBJECT_CHECKS[node.form]?.(object);
    if (wrong !== undefined) report(wrong.keyword, node, ...wrong.path);
    if (present < minProperties) report('minProperties', node);
  }

  function checkAt(key: string | number, member: Json, node: FieldNode): void {
    path.push(key);
    check(member, node);
    path.pop();
  }

  check(value, rootOf(tree));
  return { errors, whole: left > 0 };
}

/** True if a value and what it holds are more than {@link MAX_VALUES}, so that only a part would be checked. */
export function hasTooManyValues(value: Json | undefined): boolean {
  const waiting: Json[] = value === undefined ? [] : [value];
  let count = 0;
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    count += 1;
    if (count + waiting.length > MAX_VALUES) return true;
    if (typeof each === 'object' && each !== null)
      for (const member of Object.values(each)) waiting.push(member);
  }
  return false;
}

function isOfType(value: Json, type: string): boolean {
  switch (type) {
    case 'integer':
      return typeof value === 'bigint'
        ? BigInt.asIntN(64, value) === value
        : Number.isInteger(value) && isWithin(Number(value), 63);
    case 'number':
      return typeof value === 'bigint' || Number.isFinite(value);
    case 'array':
      return isArray(value);
    case 'object':
      return isObject(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

/** True for a number of so many bits and a sign. */
function isWithin(value: number, bits: number): boolean {
  return value >= -(2 ** bits) && value < 2 ** bits;
}

const PATTERNS = new Map<string, RegExp>();

/** True if a text matches a pattern of the schema, compiled once. */
function matchesPattern(pattern: string, text: string): boolean {
  let compiled = PATTERNS.get(pattern);
  if (compiled === undefined) {
    compiled = new RegExp(pattern, 'u');
    PATTERNS.set(pattern, compiled);
  }
  return compiled.test(text);
}
