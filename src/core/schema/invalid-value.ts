import { fieldList, withFields } from '../base/help-text.ts';
import type { Fix } from '../finding.ts';
import { at, isArray, isObject, type Json } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { type Path, parentPath } from '../base/path.ts';
import { suggest } from '../base/suggest.ts';
import { either, joined, quoted } from '../base/text.ts';
import type { SchemaError } from './schema-error.ts';
import { type FieldTree, fieldNames, nodeAt, takes } from './field-tree.ts';
import { fieldText, readAs, typesText } from './field-text.ts';
import type { FieldError } from './validate.ts';

const MAX_TEXT = 1000;

/** A value that the apiserver or the pods reject (IOM005). */
export function invalidValueError(
  resource: Resource,
  tree: FieldTree,
  { keyword, path, node }: FieldError,
): SchemaError {
  switch (keyword) {
    case 'type':
      return typeError(resource, tree, path, node.types ?? []);
    case 'enum':
      return enumError(resource, path, node.values ?? []);
    case 'expected':
      return unexpectedError(resource, path, node.expected ?? []);
    case 'format':
      return numberError(resource, path, 'be between -2147483648 and 2147483647');
    case 'minimum':
      return numberError(resource, path, `be at least ${node.minimum}`);
    case 'exclusiveMinimum':
      return numberError(resource, path, `be more than ${node.exclusiveMinimum}`);
    case 'requirement':
      return node.form === 'configMap' ? twiceError(resource, path) : requirementError(resource, path);
    case 'minItems':
      return {
        code: 'IOM005',
        path,
        message: `${fieldText(path, resource.kind)} is empty, but must have at least ${node.minItems} item`,
        help: 'add an item, or remove the list and what holds it',
      };
    case 'propertyNames':
      return keyError(resource, path);
    default:
      return node.form === undefined ? quantityError(resource, path) : formError(resource, path, node.form);
  }
}

function typeError(resource: Resource, tree: FieldTree, path: Path, types: readonly string[]): SchemaError {
  const value = at(resource.json, path) ?? null;
  const field = fieldText(path, resource.kind);
  const error = { code: 'IOM005', path } as const;
  const message = `${field} must be ${typesText(types)}, but Kubernetes reads ${readAs(value)}`;
  if (types.includes('string') && isObject(value)) {
    const stray = strayedIn(tree, path, value);
    if (stray !== undefined) return { ...error, message, ...stray };
  }
  const written = types.includes('string') ? resource.source?.plainTextOf?.(path, value) : undefined;
  if (written !== undefined) return { ...error, message, ...quotedAsWritten(path, value, written) };
  const fix = fixOf(tree, path, types, value);
  const help = helpOf(types, value) ?? fix?.description;
  return { ...error, message, help, fix };
}

function enumError(resource: Resource, path: Path, allowed: readonly unknown[]): SchemaError {
  const value = at(resource.json, path);
  const text = typeof value === 'string' ? value : '';
  const texts = allowed.filter((each): each is string => typeof each === 'string' && each !== '');
  const meant = suggest(text, texts);
  const choice = either(texts.map(quoted));
  const message = `${fieldText(path, resource.kind)} is ${quoted(text)}, but must be ${choice}`;
  if (meant === undefined) return { code: 'IOM005', path, message, help: `write ${choice}` };
  const description = `write ${quoted(meant)}`;
  const edits = [{ op: 'replace', path, value: meant }] as const;
  return { code: 'IOM005', path, message, help: description, fix: { safety: 'unsafe', description, edits } };
}

/** A value that the apiserver accepts, and the pods or the operator do not. */
function unexpectedError(resource: Resource, path: Path, expected: readonly unknown[]): SchemaError {
  const error = enumError(resource, path, expected);
  const value = at(resource.json, path) ?? null;
  const message = `${fieldText(path, resource.kind)} is ${readAs(value)}; the apiserver accepts it, but only ${either(expected.map((each) => quoted(String(each))))} ${expected.length === 1 ? 'has' : 'have'} a meaning`;
  return { ...error, message, minor: true };
}

function numberError(resource: Resource, path: Path, bound: string): SchemaError {
  const value = at(resource.json, path);
  return {
    code: 'IOM005',
    path,
    message: `${fieldText(path, resource.kind)} is ${String(value)}, but must ${bound}`,
    help: 'write a number within these bounds',
  };
}

/** How a text of each form is written. */
const FORMS: Readonly<Record<string, string>> = {
  name: 'lower-case letters, digits, "-" and ".", with a letter or digit at both ends, at most 253 characters',
  namespace: 'lower-case letters, digits and "-", with a letter or digit at both ends, at most 63 characters',
  label:
    'letters, digits, "-", "_" and ".", with a letter or digit at both ends, at most 63 characters, or nothing',
  base64: 'base64: the output of base64',
  key: 'the key of a label: letters, digits, "-", "_" and ".", possibly after a domain and "/"',
  finalizer:
    'a name after a domain and "/", such as example.com/backup; or kubernetes, orphan, foregroundDeletion',
  time: 'a time such as 2026-01-31T12:00:00Z',
  positive: 'a quantity above 0, such as 20Gi',
};

function formError(resource: Resource, path: Path, form: string): SchemaError {
  const value = at(resource.json, path);
  return {
    code: 'IOM005',
    path,
    message: `${fieldText(path, resource.kind)} is ${readAs(value)}, which Kubernetes does not accept`,
    help: `write ${FORMS[form] ?? form}`,
  };
}

function twiceError(resource: Resource, path: Path): SchemaError {
  const message = `${fieldText(path, resource.kind)} is a key of data as well`;
  return { code: 'IOM005', path, part: 'key', message, help: 'remove one of the two, or rename it' };
}

function requirementError(resource: Resource, path: Path): SchemaError {
  const operator = at(resource.json, [...parentPath(path), 'operator']);
  const needs = operator === 'In' || operator === 'NotIn';
  return {
    code: 'IOM005',
    path,
    message: `${fieldText(path, resource.kind)} does not fit operator ${quoted(String(operator))}, which ${needs ? 'needs at least one value' : 'takes no values'}`,
    help: needs ? 'list at least one value' : 'remove the values',
  };
}

function keyError(resource: Resource, path: Path): SchemaError {
  const parent = fieldText(parentPath(path), resource.kind);
  return {
    code: 'IOM005',
    path,
    part: 'key',
    message: `${quoted(String(path.at(-1)))} cannot be a key of ${parent}`,
    help: 'use letters, digits, "-", "_" and ".", with a letter or digit at both ends; a label may have a domain and "/" before it',
  };
}

function quantityError(resource: Resource, path: Path): SchemaError {
  const value = at(resource.json, path);
  const text = typeof value === 'string' ? quoted(value) : readAs(value);
  return {
    code: 'IOM005',
    path,
    message: `${fieldText(path, resource.kind)} is ${text}, which is not a quantity`,
    help: 'write a number, with a unit directly after it if needed: 20Gi, 500Mi, 2, 500m',
  };
}

/** Help for an object in place of a string, if its keys belong one level up: `repository: {tag: v1}`. */
function strayedIn(
  tree: FieldTree,
  path: Path,
  value: Json,
): Pick<SchemaError, 'help' | 'intended'> | undefined {
  const parent = parentPath(path);
  const holder = nodeAt(tree, parent);
  if (holder === undefined || !isObject(value)) return undefined;
  const strayed = fieldNames(holder).filter((name) => name !== path.at(-1) && Object.hasOwn(value, name));
  if (strayed.length === 0) return undefined;
  const targets = strayed.map((name) => [...parent, name]);
  return {
    intended: parent,
    help: withFields`move ${joined(strayed.map(quoted))} one level up, to ${fieldList(targets)}`,
  };
}

/**
 * The fix if the text is known: it is quoted as it is, so `1.0`, `010`, `1e3` and `yes` keep their meaning.
 */
function quotedAsWritten(path: Path, value: Json, text: string): Pick<SchemaError, 'help' | 'fix'> {
  const description = `quote it: ${quoted(text)}`;
  const isWord = typeof value === 'boolean' && text !== String(value);
  const help = isWord
    ? `${description}, or the value that is meant (plain ${text} is a boolean to Kubernetes)`
    : description;
  return { help, fix: { safety: 'safe', description, edits: [{ op: 'replace', path, value: text }] } };
}

function helpOf(types: readonly string[], value: Json): string | undefined {
  if (!types.includes('string')) return undefined;
  if (typeof value === 'boolean')
    return `quote it as it is meant: "${value}", or the word that is written (plain yes, no, on, off, y and n are booleans to Kubernetes)`;
  if (typeof value === 'number' || typeof value === 'bigint') return `quote it: "${String(value)}"`;
  return undefined;
}

function fixOf(tree: FieldTree, path: Path, types: readonly string[], value: Json): Fix | undefined {
  if (types.includes('string')) return asText(path, value);
  if (typeof value === 'string' && value.length <= MAX_TEXT) {
    if (types.includes('integer') && /^-?(0|[1-9][0-9]{0,14})$/.test(value))
      return replaced(path, Number(value), `write ${value} without quotes`);
    if (types.includes('boolean') && /^(true|false)$/i.test(value))
      return replaced(path, value.toLowerCase() === 'true', `write ${value.toLowerCase()} without quotes`);
  }
  if (types.includes('array') && value !== null && !isArray(value)) {
    const item = nodeAt(tree, [...path, 0]);
    if (item !== undefined && takes(item, value))
      return replaced(path, [value], 'make it a list of one item');
  }
  return undefined;
}

/**
 * A string in place of a number or boolean. It is safe if the number has only one usual text, but the file
 * may contain another one: see {@link quotedAsWritten}.
 */
function asText(path: Path, value: Json): Fix | undefined {
  if (typeof value !== 'boolean' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const text = String(value);
  const plain = typeof value !== 'boolean' && /^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/.test(text);
  const description = `quote it: "${text}"`;
  return { safety: plain ? 'safe' : 'unsafe', description, edits: [{ op: 'replace', path, value: text }] };
}

function replaced(path: Path, value: Json, description: string): Fix {
  return { safety: 'unsafe', description, edits: [{ op: 'replace', path, value }] };
}
