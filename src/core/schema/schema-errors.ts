import { Derived } from '../base/derived.ts';
import type { IomeshVersion } from '../base/iomesh-version.ts';
import { own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { formatPath, isPrefix, isRelated, type Path } from '../base/path.ts';
import { type FieldTree, treeOf } from './field-tree.ts';
import { invalidValueError } from './invalid-value.ts';
import { missingFieldError, nullParentError, nullParents } from './missing-field.ts';
import { placeholders } from './placeholder.ts';
import type { SchemaError } from './schema-error.ts';
import { unknownFieldError } from './unknown-field.ts';
import { type FieldError, MAX_VALUES, validate } from './validate.ts';

export type { SchemaError } from './schema-error.ts';

/** Errors of one rule in one object that are listed. */
const MAX_ERRORS = 40;

/** What IOM005 reports. */
const OF_VALUES: ReadonlySet<FieldError['keyword']> = new Set([
  'type',
  'enum',
  'pattern',
  'propertyNames',
  'format',
  'minimum',
  'expected',
  'requirement',
  'minItems',
  'exclusiveMinimum',
]);

const CACHE = new Derived<Resource, { version: string; errors: readonly SchemaError[] }>();

/**
 * The errors of an object by the schema of an IOMesh version: unknown fields, values of a wrong type,
 * required fields that are absent, and placeholders. They depend on the object only: defaults may still fill
 * an absent field. Never throws, whatever the object holds. Of very many errors the first are listed, and how
 * many more there are.
 */
export function schemaErrors(resource: Resource, version: IomeshVersion): readonly SchemaError[] {
  const cached = CACHE.get(resource);
  if (cached?.version === version) return cached.errors;
  const tree = treeOf(resource.kind, version);
  const errors = tree === undefined ? [] : withoutUnread(resource, examine(resource, tree, version));
  CACHE.set(resource, { version, errors });
  return errors;
}

/** The errors without those in fields that the reader could not read. */
function withoutUnread(resource: Resource, errors: readonly SchemaError[]): readonly SchemaError[] {
  const { unknown } = resource;
  if (unknown === undefined) return errors;
  return errors.filter(({ path }) => !unknown.some((each) => isPrefix(each, path)));
}

function examine(resource: Resource, tree: FieldTree, version: IomeshVersion): readonly SchemaError[] {
  const { errors, whole, hasBracket } = validate(tree, resource.json);
  // Without an error, every text in which a placeholder is looked for was seen.
  const mayHave = errors.length > 0 || !whole || hasBracket;
  const found = mayHave ? placeholders(resource, tree) : [];
  if (errors.length === 0 && found.length === 0 && whole) return [];

  const unknown = pathsOf(errors, 'additionalProperties');
  const parents = nullParents(resource, tree, unknown);
  const explained = new Set(parents.flatMap(({ path, children }) => [path, ...children].map(formatPath)));
  const isOpen = isOpenIn(resource, version);
  const places = new Set(found.map(({ path }) => formatPath(path)));
  // IOM007 says what to write.
  const isPlaceholder = (keyword: FieldError['keyword'], path: Path) =>
    keyword === 'pattern' && places.has(formatPath(path));

  const unknownErrors = listed(
    'IOM004',
    unknown.filter((path) => !explained.has(formatPath(path))),
    (path) => {
      const error = unknownFieldError(resource, tree, path, version);
      return isOpen && path[0] !== 'metadata' ? { ...error, minor: true } : error;
    },
  );
  const missing = pathsOf(errors, 'required')
    .filter((path) => !explained.has(formatPath(path)) && !isGenerated(resource, path))
    // A field that is in another place, or under another name, is not missing.
    .filter(
      (path) =>
        !unknownErrors.some(
          ({ intended, minor }) => minor !== true && intended !== undefined && isRelated(intended, path),
        ),
    );
  const all = [
    ...unknownErrors,
    ...listed(
      'IOM005',
      errors.filter(({ keyword, path }) => OF_VALUES.has(keyword) && !isPlaceholder(keyword, path)),
      (error) => invalidValueError(resource, tree, error),
    ),
    ...listed('IOM006', [...parents, ...missing], (each) =>
      'children' in each ? nullParentError(resource, each) : missingFieldError(resource, each, tree),
    ),
    ...listed('IOM007', found, (each) => each),
  ];
  return whole ? all : [...all, tooLarge(resource)];
}

/** True if the fields of a custom resource are not all known: the definitions of IOMesh 1.2 are not public. */
function isOpenIn({ kind }: Resource, version: IomeshVersion): boolean {
  return version === '1.2' && (kind === 'IOMeshCluster' || kind === 'ZookeeperCluster');
}

function pathsOf(errors: readonly FieldError[], keyword: FieldError['keyword']): readonly Path[] {
  return errors.filter((error) => error.keyword === keyword).map(({ path }) => path);
}

/** True for the name of an object with `generateName`: the apiserver generates it. */
function isGenerated(resource: Resource, path: Path): boolean {
  const prefix = own(own(resource.json, 'metadata'), 'generateName');
  return formatPath(path) === 'metadata.name' && typeof prefix === 'string' && prefix !== '';
}

/** The errors of a list, up to {@link MAX_ERRORS}; one more says how many are left out. */
function listed<T>(
  code: SchemaError['code'],
  list: readonly T[],
  errorOf: (each: T) => SchemaError,
): SchemaError[] {
  const errors = list.slice(0, MAX_ERRORS).map(errorOf);
  const more = list.length - errors.length;
  if (more === 0) return errors;
  const message = `${more} more errors of this kind in the object are not listed`;
  return [...errors, { code, path: [], message, help: 'fix the listed ones and run again' }];
}

function tooLarge(resource: Resource): SchemaError {
  return {
    code: 'IOM005',
    path: [],
    message: `the ${resource.kind} has more than ${MAX_VALUES} values; only the first ${MAX_VALUES} were checked`,
    help: 'make the object smaller; no object of this kind needs so many values',
  };
}
