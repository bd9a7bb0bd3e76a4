import { own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { formatPath, isPrefix, isRelated, type Path } from '../base/path.ts';
import { MAX_VALUES } from './as-read.ts';
import { type ShapeError, shapeErrors } from './errors.ts';
import type { SchemaError } from './schema-error.ts';
import { missingFieldError, nullParentError, nullParents } from './missing-field.ts';
import { placeholders } from './placeholder.ts';
import { type Shape, shapeOf } from './shape.ts';
import { unknownFieldError } from './unknown-field.ts';
import { wrongQuantityError, wrongTypeError, wrongValueError } from './wrong-type.ts';

export type { SchemaError } from './schema-error.ts';

/** Of each rule, no more faults of one object are told than these. */
const MAX_FAULTS = 40;

const CACHE = new WeakMap<Resource, { version: string; faults: readonly SchemaError[] }>();

/**
 * What is wrong with the shape of an object, by the schema of that IOMesh version: fields it does not
 * know, values of a wrong type, required fields that are absent, placeholders. It looks at nothing but
 * the object, so it does not know which absent fields are filled by default. Never throws, whatever the
 * object holds; of very many faults it tells the first and says so.
 */
export function schemaErrors(resource: Resource, version: '1.0' | '1.2'): readonly SchemaError[] {
  const cached = CACHE.get(resource);
  if (cached?.version === version) return cached.faults;
  const shape = shapeOf(resource.kind, version);
  const faults = shape === undefined ? [] : known(resource, examine(resource, shape, version));
  CACHE.set(resource, { version, faults });
  return faults;
}

function known(resource: Resource, faults: readonly SchemaError[]): readonly SchemaError[] {
  const { unknown } = resource;
  if (unknown === undefined) return faults;
  return faults.filter(({ path }) => !unknown.some((each) => isPrefix(each, path)));
}

function examine(resource: Resource, shape: Shape, version: '1.0' | '1.2'): readonly SchemaError[] {
  const { errors, whole } = shapeErrors(shape.validate, resource.json);
  const found = placeholders(resource, shape.tree);
  if (errors.length === 0 && found.length === 0 && whole) return [];

  const unknown = errors.filter((error) => error.keyword === 'additionalProperties');
  const parents = nullParents(resource, shape.tree, unknown);
  const explained = new Set(parents.flatMap(({ path, children }) => [path, ...children].map(formatPath)));
  const newer = version === '1.0' ? shapeOf(resource.kind, '1.2')?.tree : undefined;

  const strange = capped(
    'IOM004',
    unknown
      .map((error): [Path, string] => [error.path, String(error.params['additionalProperty'])])
      .filter(([parent, key]) => !explained.has(formatPath([...parent, key])))
      .map(
        ([parent, key]) =>
          () =>
            unknownFieldError(resource, shape.tree, parent, key, newer),
      ),
  );
  const missing = errors
    .filter((error) => error.keyword === 'required')
    .map((error): Path => [...error.path, String(error.params['missingProperty'])])
    .filter((path) => !explained.has(formatPath(path)) && !isGenerated(resource, path))
    // A field that stands elsewhere, or under another name, is not missing.
    .filter((path) => !strange.some(({ means }) => means !== undefined && isRelated(means, path)));
  const faults = [
    ...strange,
    ...capped(
      'IOM005',
      errors.flatMap((error) => wrong(resource, shape, error)),
    ),
    ...capped('IOM006', [
      ...parents.map((parent) => () => nullParentError(resource, parent)),
      ...missing.map((path) => () => missingFieldError(resource, path)),
    ]),
    ...capped(
      'IOM007',
      found.map((each) => () => each),
    ),
  ];
  return whole ? faults : [...faults, tooLarge(resource)];
}

function wrong(
  resource: Resource,
  { tree }: Shape,
  { path, keyword, params }: ShapeError,
): (() => SchemaError)[] {
  if (keyword === 'type')
    return [() => wrongTypeError(resource, tree, path, [params['type']].flat().map(String))];
  if (keyword === 'enum') return [() => wrongValueError(resource, path, [params['allowedValues']].flat())];
  if (keyword === 'pattern') return [() => wrongQuantityError(resource, path)];
  return [];
}

/** The apiserver makes the name of an object with `generateName`. */
function isGenerated(resource: Resource, path: Path): boolean {
  const prefix = own(own(resource.json, 'metadata'), 'generateName');
  return formatPath(path) === 'metadata.name' && typeof prefix === 'string' && prefix !== '';
}

function capped(code: SchemaError['code'], list: readonly (() => SchemaError)[]): SchemaError[] {
  const told = list.slice(0, MAX_FAULTS).map((tell) => tell());
  const more = list.length - told.length;
  if (more === 0) return told;
  const message = `${more} more faults of this kind in the object are not told one by one`;
  return [...told, { code, path: [], message, help: 'mend those that are told, and look again' }];
}

function tooLarge(resource: Resource): SchemaError {
  return {
    code: 'IOM005',
    path: [],
    message: `the ${resource.kind} holds more than ${MAX_VALUES} values; only the first are looked at`,
    help: 'make the object smaller: no object of this kind needs so many',
  };
}
