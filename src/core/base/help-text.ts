import { formatPath, type Path } from './path.ts';

/**
 * A field in a help text: its path in the object, and what is printed unless the user writes it under another
 * name.
 */
export interface FieldName {
  readonly path: Path;
  readonly text: string;
}

/** A help text that names fields of the object of its finding. */
export interface TextWithFields {
  readonly parts: readonly (string | FieldName)[];
}

/**
 * What to do about a finding. Only a text that names fields needs parts: Helm values have other names for
 * them.
 */
export type HelpText = string | TextWithFields;

/** A field that is printed in another form than that of {@link formatPath}. */
export function fieldName(path: Path, text: string): FieldName {
  return { path, text };
}

/** A help text with fields: `` withFields`set ${path} to ${quoted(value)}` ``. A path in it is a field. */
export function withFields(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Path | FieldName | TextWithFields)[]
): TextWithFields {
  const parts = values.flatMap((value, index): TextWithFields['parts'] => {
    const after = strings[index + 1] ?? '';
    if (typeof value === 'string' || typeof value === 'number') return [String(value), after];
    if ('parts' in value) return [...value.parts, after];
    return ['text' in value ? value : fieldName(value, formatPath(value)), after];
  });
  return { parts: [strings[0] ?? '', ...parts] };
}

/** Fields as `a`, `a and b` or `a, b and c`. */
export function fieldList(paths: readonly Path[], beforeLast = ' and '): TextWithFields {
  const parts = paths.flatMap((path, index) => {
    const separator = index === 0 ? '' : index === paths.length - 1 ? beforeLast : ', ';
    return [separator, fieldName(path, formatPath(path))];
  });
  return { parts };
}

/** The text as it is printed. `nameOf` gives the name that the user writes, if it is another one. */
export function renderHelp(text: HelpText, nameOf?: (field: Path) => string | undefined): string {
  if (typeof text === 'string') return text;
  return text.parts
    .map((part) => (typeof part === 'string' ? part : (nameOf?.(part.path) ?? part.text)))
    .join('');
}
