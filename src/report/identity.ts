import { createHash } from 'node:crypto';
import type { FromRoot, LocatedFinding } from './located.ts';

/** The longest text in a name. */
const MAX_TEXT = 200;

/** A fingerprint for each finding, unique in a run and stable when lines move: 64 hexadecimal digits. */
export function fingerprints(findings: readonly LocatedFinding[], fromRoot: FromRoot): string[] {
  return findingNames(findings, (file) => fromRoot(file).path).map((name) =>
    createHash('sha256').update(name).digest('hex'),
  );
}

/**
 * A name for each finding, unique in a run and stable when text around it changes: rule, objects and field, without a
 * line number. A finding without an object, such as a syntax error, has the file, as `nameFile` names it, and the text instead. Names that
 * repeat get a number.
 */
export function findingNames(
  findings: readonly LocatedFinding[],
  nameFile: (file: string) => string,
): string[] {
  const seen = new Map<string, number>();
  return findings.map((each) => {
    const { world } = each.finding;
    const own = nameOf(each, nameFile);
    const name = world === undefined ? own : `${worldPrefix(world)}${own}`;
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return number === 1 ? name : `${name}|#${number}`;
  });
}

/** What the names of the findings of a world begin with. */
export function worldPrefix(world: string): string {
  return `world ${world}|`;
}

function nameOf({ finding, span, location }: LocatedFinding, nameFile: (file: string) => string): string {
  const { code, resource, identity } = finding;
  if (resource === undefined) {
    const text =
      span === undefined ? '' : span.file.text.slice(span.start, Math.min(span.end, span.start + MAX_TEXT));
    const file = location === undefined ? '' : nameFile(location.file);
    return [code, file, text.replaceAll(/\s+/g, ' ').trim()].join('|');
  }
  // The identity of a repeated object counts the repetitions of all objects.
  return code === 'IOM008' ? `${code}|${resource.key}` : identity;
}
