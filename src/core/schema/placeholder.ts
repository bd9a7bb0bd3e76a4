import { at, isArray, isObject, type Json, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { quoted } from '../base/text.ts';
import type { SchemaError } from './schema-error.ts';
import { type FieldNode, type FieldTree, fieldNames, nodeAt, stepInto } from './field-tree.ts';
import { fieldText } from './field-text.ts';
import { MAX_VALUES } from './validate.ts';

const BRACKETED = /<[^<>]{1,100}>/g;
const MAX_TEXT = 4096;
/** Metadata that a person fills in. Annotations may hold any text. */
const METADATA = ['name', 'generateName', 'namespace', 'labels'] as const;
const NOT_SEARCHED: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status', 'binaryData']);

/** Every `<…>` in a value of a field that the schema knows (IOM007). */
export function placeholders(resource: Resource, tree: FieldTree): readonly SchemaError[] {
  const errors: SchemaError[] = [];
  const budget = { left: MAX_VALUES };
  const visit = (value: Json | undefined, path: Path): void => {
    const node = nodeAt(tree, path);
    if (node !== undefined && value !== undefined)
      search(value, [...path], node, budget, (found, text) => {
        errors.push(placeholderError(resource, found, text));
      });
  };
  const metadata = own(resource.json, 'metadata');
  for (const name of METADATA) visit(own(metadata, name), ['metadata', name]);
  if (resource.kind === 'ConfigMap') {
    // The keys that the schema does not name may hold files of any kind.
    const data = nodeAt(tree, ['data']);
    for (const name of data === undefined ? [] : fieldNames(data))
      visit(at(resource.json, ['data', name]), ['data', name]);
    return errors;
  }
  for (const name of Object.keys(resource.json)) {
    if (!NOT_SEARCHED.has(name)) visit(own(resource.json, name), [name]);
  }
  return errors;
}

/** The first placeholder in a text: something with a letter or digit in angle brackets. */
export function placeholderIn(text: string): string | undefined {
  return text
    .slice(0, MAX_TEXT)
    .match(BRACKETED)
    ?.find((each) => /[\p{L}\p{N}]/u.test(each));
}

/** `path` is the current place, one list for the whole search because placeholders are rare. */
function search(
  value: Json,
  path: (string | number)[],
  node: FieldNode,
  budget: { left: number },
  found: (path: Path, text: string) => void,
): void {
  budget.left -= 1;
  if (budget.left < 0) return;
  if (typeof value === 'string') {
    const text = value.includes('<') ? placeholderIn(value) : undefined;
    if (text !== undefined) found([...path], text);
    return;
  }
  if (!isArray(value) && !isObject(value)) return;
  const keys = isArray(value) ? undefined : Object.keys(value);
  const count = keys === undefined ? (value as readonly Json[]).length : keys.length;
  for (let index = 0; index < count; index += 1) {
    if (budget.left < 0) return;
    const key = keys === undefined ? index : keys[index]!;
    const next = stepInto(node, key);
    const each = own(value, key);
    if (next === undefined || each === undefined) continue;
    path.push(key);
    search(each, path, next, budget, found);
    path.pop();
  }
}

function placeholderError(resource: Resource, path: Path, text: string): SchemaError {
  return {
    code: 'IOM007',
    path,
    message: `${fieldText(path, resource.kind)} still contains the placeholder ${quoted(text)}`,
    help: `replace ${quoted(text)} with the real value`,
  };
}
