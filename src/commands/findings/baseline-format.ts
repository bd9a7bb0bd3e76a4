import { isArray, isObject, type Json, own, typeName } from '../../core/base/json.ts';

/** One finding of a baseline. */
export interface BaselineEntry {
  /** The identity of the finding: rule, objects and field, without line numbers. */
  readonly id: string;
  readonly rule: string;
  /** The object, or the file if no object was read; for readers of the file only. */
  readonly object: string;
  /** The field; for readers of the file only. */
  readonly path: string;
  /** The evidence. A finding with more evidence than its entry is new. */
  readonly value: readonly string[];
}

const BASELINE_VERSION = 1;
const FIELDS = ['id', 'rule', 'object', 'path', 'value'];

/** A baseline as sorted JSON with one field per line, by `schemas/baseline.schema.json`. */
export function formatBaseline(entries: Iterable<BaselineEntry>): string {
  const sorted = [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
  const findings = sorted.map(({ id, rule, object, path, value }) => ({
    rule,
    object,
    path,
    id,
    value: [...new Set(value)].sort(),
  }));
  return `${JSON.stringify({ version: BASELINE_VERSION, findings }, undefined, 2)}\n`;
}

/**
 * The entries of a baseline by their id. Two entries of one id, as a merge of branches leaves them, are joined. Throws a
 * BaselineError that names the invalid field.
 */
export function parseBaseline(text: string): Map<string, BaselineEntry> {
  const root = parseJson(text);
  if (!isObject(root)) throw new BaselineError(`it must be an object, not ${typeName(root)}`);
  const version = own(root, 'version');
  if (version === undefined) throw new BaselineError('"version" is missing');
  if (version !== BASELINE_VERSION)
    throw new BaselineError(
      `version ${JSON.stringify(version)} is not supported; this iomesh-guard reads version ${BASELINE_VERSION}`,
    );
  checkFields(root, ['version', 'findings', '$schema'], 'the top level');
  const findings = own(root, 'findings');
  if (!isArray(findings)) throw new BaselineError(`"findings" must be a list, not ${typeName(findings)}`);
  const entries = new Map<string, BaselineEntry>();
  for (const [index, json] of findings.entries()) {
    const entry = parseEntry(json, `findings[${index}]`);
    const known = entries.get(entry.id);
    entries.set(
      entry.id,
      known === undefined ? entry : { ...entry, value: [...known.value, ...entry.value] },
    );
  }
  return entries;
}

/** The reason why a text is not a baseline. */
export class BaselineError extends Error {}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new BaselineError(`it is not JSON: ${(error as Error).message}`);
  }
}

function parseEntry(json: Json, where: string): BaselineEntry {
  if (!isObject(json)) throw new BaselineError(`${where} must be an object, not ${typeName(json)}`);
  checkFields(json, FIELDS, where);
  const text = (name: string): string => {
    const value = own(json, name);
    if (typeof value === 'string') return value;
    throw new BaselineError(`${where}.${name} must be a string, not ${typeName(value)}`);
  };
  const value = own(json, 'value');
  if (!isArray(value) || !value.every((piece) => typeof piece === 'string'))
    throw new BaselineError(`${where}.value must be a list of strings`);
  return { id: text('id'), rule: text('rule'), object: text('object'), path: text('path'), value };
}

function checkFields(json: Json, known: readonly string[], where: string): void {
  const unknown = Object.keys(json as object).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new BaselineError(`unknown field ${JSON.stringify(unknown)} in ${where}`);
}
