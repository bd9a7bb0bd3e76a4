import type { LocatedFinding } from './located.ts';

/** Longest stretch of text that takes part in a name. */
const MAX_TEXT = 200;

/**
 * A name for each finding that outlives edits around it: rule, objects and field, and no line number.
 * No two findings of a run have the same one. Where there is no object, as of text that could not be
 * read, the file and the text itself stand in; of several alike, each carries its number.
 */
export function findingNames(findings: readonly LocatedFinding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((each) => {
    const name = nameOf(each);
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return number === 1 ? name : `${name}|#${number}`;
  });
}

function nameOf({ finding, span, location }: LocatedFinding): string {
  const { code, resource, identity } = finding;
  if (resource === undefined) {
    const text =
      span === undefined ? '' : span.file.text.slice(span.start, Math.min(span.end, span.start + MAX_TEXT));
    return [code, location?.file ?? '', text.replaceAll(/\s+/g, ' ').trim()].join('|');
  }
  // The identity of a repeated object counts the repetitions of all objects.
  return code === 'IOM008' ? `${code}|${resource.key}` : identity;
}
