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

/** The result of {@link validate}. */
export interface Validation {
  readonly errors: readonly FieldError[];
  /** False if the value is too large, so that only its first part was checked. */
  readonly whole: boolean;
  /** True if a text that was checked has a `<`. */
  readonly hasBracket: boolean;
}

/**
 * The errors of a value by a schema, in the order of the value. It is read as the apiserver reads it: a null
 * member of an object counts as absent if the field is known, and an integer has 64 bits. Of a field of a
 * wrong type nothing else is checked.
 */
export function validate(tree: FieldTree, value: Json): Validation {
  const run: ValidationRun = { errors: [], path: [], left: MAX_VALUES, hasBracket: false };
  checkValue(run, value, checkedNode(rootOf(tree)));
  return { errors: run.errors, whole: run.left > 0, hasBracket: run.hasBracket };
}

interface ValidationRun {
  readonly errors: FieldError[];
  /** The current place: one list for the whole run, because errors are rare. */
  readonly path: (string | number)[];
  /** How many values may still be checked. */
  left: number;
  hasBracket: boolean;
}

/**
 * A node in the form that the check of a value uses: all nodes have one shape, types are bits, and the nodes
 * below are found once. With the nodes as they are, the schemas take 90 ms instead of 42 in a CPU profile of
 * `lint` on 2 000 documents (bench/lint.mjs).
 */
interface CheckedNode {
  readonly node: FieldNode;
  readonly types: number;
  readonly values: readonly unknown[] | undefined;
  readonly expected: readonly unknown[] | undefined;
  readonly pattern: string | undefined;
  readonly required: readonly string[];
  readonly keyPattern: string | undefined;
  readonly isClosed: boolean;
  /** The known fields that were met. */
  readonly fields: Map<string, CheckedNode>;
  item: CheckedNode | undefined;
}

const TYPES = { string: 1, boolean: 2, integer: 4, number: 8, array: 16, object: 32, null: 64 } as const;
const ANY_TYPE = -1;

const CHECKED = new Map<FieldNode, CheckedNode>();

function checkedNode(node: FieldNode): CheckedNode {
  let checked = CHECKED.get(node);
  if (checked === undefined) {
    const { types, values, expected, pattern, required = [], keyPattern } = node;
    checked = {
      node,
      types: types?.reduce((bits, type) => bits | TYPES[type as keyof typeof TYPES], 0) ?? ANY_TYPE,
      values,
      expected,
      pattern,
      required,
      keyPattern,
      isClosed: node.closed === true,
      fields: new Map(),
      item: undefined,
    };
    CHECKED.set(node, checked);
  }
  return checked;
}

function memberOf(of: CheckedNode, key: string): CheckedNode | undefined {
  const known = of.fields.get(key);
  if (known !== undefined) return known;
  const node = stepInto(of.node, key);
  if (node === undefined) return undefined;
  const member = checkedNode(node);
  // A free map may have any number of keys.
  if (own(of.node.fields as Json | undefined, key) !== undefined) of.fields.set(key, member);
  return member;
}

function itemOf(of: CheckedNode): CheckedNode | undefined {
  if (of.item !== undefined) return of.item;
  const node = stepInto(of.node, 0);
  if (node !== undefined) of.item = checkedNode(node);
  return of.item;
}

function report(
  { errors, path }: ValidationRun,
  keyword: FieldKeyword,
  { node }: CheckedNode,
  ...key: readonly string[]
): void {
  if (errors.length < MAX_ERRORS) errors.push({ keyword, path: [...path, ...key], node });
}

function checkValue(run: ValidationRun, json: Json, of: CheckedNode): void {
  run.left -= 1;
  if (of.types !== ANY_TYPE && (of.types & typesOf(json)) === 0) report(run, 'type', of);
  else if (of.values?.includes(json) === false) report(run, 'enum', of);
  else if (of.expected?.includes(json) === false) report(run, 'expected', of);
  else if (typeof json === 'string') {
    if (json.includes('<')) run.hasBracket = true;
    if (of.pattern !== undefined && !matchesPattern(of.pattern, json)) report(run, 'pattern', of);
  } else if (typeof json === 'number' || typeof json === 'bigint') checkNumber(run, json, of);
  else if (isArray(json)) checkList(run, json, of);
  else if (isObject(json)) checkObject(run, json, of);
}

function checkNumber(run: ValidationRun, json: number | bigint, of: CheckedNode): void {
  const { format, minimum, exclusiveMinimum } = of.node;
  if (format === 'int32' && !isWithin(Number(json), 31)) report(run, 'format', of);
  else if (minimum !== undefined && json < minimum) report(run, 'minimum', of);
  else if (exclusiveMinimum !== undefined && json <= exclusiveMinimum) report(run, 'exclusiveMinimum', of);
}

function checkList(run: ValidationRun, list: readonly Json[], of: CheckedNode): void {
  if (list.length < (of.node.minItems ?? 0)) report(run, 'minItems', of);
  if (list.length > (of.node.maxItems ?? Infinity)) report(run, 'maxItems', of);
  const item = itemOf(of);
  for (let index = 0; item !== undefined && index < list.length && run.left > 0; index += 1)
    checkAt(run, index, list[index]!, item);
}

function checkObject(run: ValidationRun, object: JsonObject, of: CheckedNode): void {
  const { required, keyPattern, isClosed, node } = of;
  for (const key of required) if ((own(object, key) ?? null) === null) report(run, 'required', of, key);
  let present = 0;
  for (const key of Object.keys(object)) {
    if (run.left <= 0) return;
    const json = object[key] ?? null;
    const member = memberOf(of, key);
    if (keyPattern !== undefined && (json !== null || member?.node.types?.includes('null') === true))
      if (!matchesPattern(keyPattern, key)) report(run, 'propertyNames', of, key);
    if (json !== null) present += 1;
    else if (member !== undefined || !isClosed) continue;
    if (member !== undefined) checkAt(run, key, json, member);
    else {
      run.left -= 1;
      if (isClosed) report(run, 'additionalProperties', of, key);
    }
  }
  const wrong = node.form === undefined ? undefined : OBJECT_CHECKS[node.form]?.(object);
  if (wrong !== undefined) report(run, wrong.keyword, of, ...wrong.path);
  if (present < (node.minProperties ?? 0)) report(run, 'minProperties', of);
}

function checkAt(run: ValidationRun, key: string | number, json: Json, of: CheckedNode): void {
  run.path.push(key);
  checkValue(run, json, of);
  run.path.pop();
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

/** The types of JSON Schema that a value has, as bits. */
function typesOf(value: Json): number {
  switch (typeof value) {
    case 'string':
      return TYPES.string;
    case 'boolean':
      return TYPES.boolean;
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? TYPES.integer | TYPES.number : TYPES.number;
    case 'number':
      if (Number.isInteger(value) && isWithin(value, 63)) return TYPES.integer | TYPES.number;
      return Number.isFinite(value) ? TYPES.number : 0;
    default:
      return value === null ? TYPES.null : isArray(value) ? TYPES.array : TYPES.object;
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
