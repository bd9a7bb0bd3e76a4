/** No object is reported more than this many errors of. */
const MAX_ERRORS = 1000;

/**
 * The generated code with every report of an error through one function, which stops gathering at
 * MAX_ERRORS: a hostile object would make hundreds of thousands. It is a third of the size as well.
 */
export function bounded(generated) {
  const report =
    /const err(\d+) = \{instancePath(?::([^;]*?))?,schemaPath:"(?:[^"\\]|\\.)*",keyword:"(\w+)",params:(\{[^;]*?\})(?:,propertyName:\w+)?\};\s*if\(vErrors === null\)\{\s*vErrors = \[err\1\];\s*\}\s*else \{\s*vErrors\.push\(err\1\);\s*\}/g;
  const result = generated
    .replace(
      report,
      (_all, _number, path, keyword, params) =>
        `vErrors = gather(vErrors, ${path ?? 'instancePath'}, "${keyword}", ${params});`,
    )
    .replaceAll(/vErrors\.concat\(/g, 'join(vErrors, ')
    // What only keywords of one's own would look at.
    .replaceAll(/,parentData(?::\w+)?,parentDataProperty(?::(?:"(?:[^"\\]|\\.)*"|\w+))?,rootData\}/g, '}')
    .replaceAll(/\{instancePath="", parentData, parentDataProperty, rootData=data\}/g, '{instancePath=""}');
  if (/\berr\d+\b|vErrors\.push|\.concat\(|parentData|rootData/.test(result))
    throw new Error('compile-schemas: ajv generates code of another shape now');
  return `${result}
const MAX_ERRORS = ${MAX_ERRORS};
function gather(errors, instancePath, keyword, params) {
  const error = { instancePath, keyword, params };
  if (errors === null) return [error];
  if (errors.length < MAX_ERRORS) errors.push(error);
  return errors;
}
function join(errors, more) {
  for (const error of more) {
    if (errors.length >= MAX_ERRORS) break;
    errors.push(error);
  }
  return errors;
}`;
}
