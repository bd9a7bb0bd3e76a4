import type { FixEdit } from '../../base/edits.ts';
import type { Fix } from '../../finding.ts';
import { at, isObject } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import { isFree } from '../../schema/intended-field.ts';
import { type IgnoredKey, valueErrors } from '../../helm/value-errors.ts';
import { either, quoted } from '../../base/text.ts';

/** IOM801: Helm values that the chart never reads. */
export const valuesIgnored: Rule = {
  code: 'IOM801',
  name: 'values-ignored',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: [],
  checkWorld(world, report) {
    for (const [index, values] of world.helmValues.entries())
      for (const key of valueErrors(values).ignored) report(violationOf(values, key, index));
  },
};

function violationOf(values: Resource, { path, intended }: IgnoredKey, index: number): Violation {
  const target = formatPath(intended.path);
  const places = [intended.path, ...intended.others].slice(0, 4).map(formatPath);
  const renamed = intended.by !== 'place';
  const ignored = `Helm ignores ${quoted(formatPath(path))}`;
  const base = {
    path,
    part: 'key',
    subject: values,
    identity: `${values.key}|${index}|${formatPath(path)}`,
    label: 'ignored',
    evidence: [],
  } as const;
  if (intended.others.length > 0)
    return {
      ...base,
      message: `${ignored}; the chart reads it only in ${either(places)}`,
      help: 'move it to each of these places that needs it',
      fix: { safety: 'shown', description: 'move it to each of these places that needs it' },
    };
  const description = renamed ? `rename it to ${quoted(intended.name)}` : `move it to ${target}`;
  return {
    ...base,
    message: `${ignored}; the chart reads ${quoted(target)}`,
    help: isFree(values.json, intended.path) ? description : `${description}, which is already set`,
    fix: fixFor(values, path, intended.path, description),
  };
}

function fixFor(values: Resource, from: Path, to: Path, description: string): Fix {
  const edits = editsFor(values, from, to);
  return edits === undefined ? { safety: 'shown', description } : { safety: 'unsafe', description, edits };
}

/** One move, or if the target section exists, a move of each key that it does not have. */
function editsFor({ json }: Resource, from: Path, to: Path): readonly FixEdit[] | undefined {
  if (isFree(json, to)) return [{ op: 'move', from, path: to }];
  const [section, target] = [at(json, from), at(json, to)];
  if (!isObject(section) || !isObject(target)) return undefined;
  const keys = Object.keys(section);
  if (keys.length === 0 || keys.some((key) => !isFree(json, [...to, key]))) return undefined;
  return [
    ...keys.map((key): FixEdit => ({ op: 'move', from: [...from, key], path: [...to, key] })),
    { op: 'remove', path: from },
  ];
}
