import { isArray, type Json, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import { asRead } from './as-read.ts';
import type { Validator } from './compiled.js';

/** One thing a schema does not take, at a path of the object. */
export interface ShapeError {
  readonly path: Path;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a schema has against a value, in its own words; `whole` is false where the value was too large to look at all of it. */
export function shapeErrors(
  validate: Validator,
  value: Json,
): { readonly errors: readonly ShapeError[]; readonly whole: boolean } {
  const read = asRead(value);
  if (validate(read.value)) return { errors: [], whole: read.whole };
  const errors = (validate.errors ?? []).map(({ instancePath, keyword, params }) => ({
    path: pathOf(instancePath, value),
    keyword,
    params,
  }));
  return { errors, whole: read.whole };
}

/** The path a JSON pointer means in a value: a number is an index only in a list. */
function pathOf(pointer: string, value: Json): Path {
  let current: Json | undefined = value;
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const text = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = isArray(current) ? Number(text) : text;
      current = own(current, step);
      return step;
    });
}
