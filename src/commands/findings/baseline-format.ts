import { isArray, isObject, type Json, own, typeName } from '../../core/base/json.ts';

/** One finding that a baseline knows. */
export interface BaselineEntry {
  /** What makes it the same finding: rule, objects and field, without line numbers. */
  readonly id: string;
  readonly rule: string;
  /** The object, or the file where no object was read; for people to see. */
  readonly object: string;
  /** The field; for people to see. */
  readonly path: string;
  /** What is wrong, piece by piece: a finding with a piece more is a new one. */
  readonly value: readonly string[];
}

const VERSION = 1;
const FIELDS = ['id', 'rule', 'object', 'path', 'value'];

/** A baseline as text: sorted, a field a line, the same for the same findings. By `schemas/baseline.schema.json`. */
export function formatBaseline(entries: Iterable<BaselineEntry>): string {
  const sorted = [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
  const findings = sorted.map(({ id, rule, object, path, value }) => ({
    rule,
    object,
    path,
    id,
    value: [...new Set(value)].sort(),
  }));
  return `${JSON.stringify({ version: VERSION, findings }, undefined, 2)}\n`;
}

/**
 * The entries of a baseline's text by their id; two of one id, as a merge of branches leaves them, are
 * one. Throws a BaselineError that says what is wrong and where.
 */
export function parseBaseline(text: string): Map<string, BaselineEntry> {
  const root = parseJson(text);
  if (!isObject(root)) throw new BaselineError(`it must be an object, not ${typeName(root)}`);
  const version = own(root, 'version');
  if (version === undefined) throw new BaselineError('it has no "version"');
  if (version !== VERSION)
    throw new BaselineError(
      `its version is ${JSON.stringify(version)}, and this iomesh-guard knows version ${VERSION}`,
    );
  onlyFields(root, ['version', 'findings', '$schema'], 'it');
  const findings = own(root, 'findings');
  if (!isArray(findings)) throw new BaselineError(`"findings" must be a list, not ${typeName(findings)}`);
  const entries = new Map<string, BaselineEntry>();
  for (const [index, json] of findings.entries()) {
    const entry = toEntry(json, `findings[${index}]`);
    const known = entries.get(entry.id);
    entries.set(
      entry.id,
      known === undefined ? entry : { ...entry, value: [...known.value, ...entry.value] },
    );
  }
  return entries;
}

/** What is wrong with the text of a baseline. */
export class BaselineError extends Error {}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new BaselineError(`it is not JSON: ${(error as Error).message}`);
  }
}

function toEntry(json: Json, where: string): BaselineEntry {
  if (!isObject(json)) throw new BaselineError(`${where} must be an object, not ${typeName(json)}`);
  onlyFields(json, FIELDS, where);
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

function onlyFields(json: Json, known: readonly string[], where: string): void {
  const odd = Object.keys(json as object).find((name) => !known.includes(name));
  if (odd !== undefined)
    throw new BaselineError(`${where} has a field ${JSON.stringify(odd)} that no baseline has`);
}
