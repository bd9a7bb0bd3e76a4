import type { FixEdit } from '../../base/edits.ts';
import { atLeast } from '../../base/iomesh-version.ts';
import type { Fix } from '../../finding.ts';
import { at, isObject } from '../../base/json.ts';
import type { Resource } from '../../base/model.ts';
import { formatPath, type Path } from '../../base/path.ts';
import type { Violation, Rule } from '../../rule.ts';
import { type IntendedField, isFree } from '../../schema/intended-field.ts';
import { ROOT } from '../../helm/chart.ts';
import { type IgnoredKey, valueErrors } from '../../helm/value-errors.ts';
import { either, quoted } from '../../base/text.ts';
import type { World } from '../../world.ts';

/** IOM801: Helm values that the chart never reads. */
export const valuesIgnored: Rule = {
  code: 'IOM801',
  name: 'values-ignored',
  severity: { lint: 'error', admission: 'none' },
  // Of charts from 1.1 on, not every key is known; nor is the use of a key that resembles none.
  minor: { lint: 'warning', admission: 'none' },
  fix: 'unsafe',
  kinds: [],
  checkWorld(world, report) {
    for (const [index, values] of world.helmValues.entries())
      for (const key of valueErrors(values, world.iomeshVersion).ignored)
        report(violationOf(values, key, index, isCertain(key, world)));
  },
};

/** True if the chart is known to ignore the key: which chart is installed, and all that it reads. */
function isCertain({ doubtful, since }: IgnoredKey, { config, iomeshVersion }: World): boolean {
  if (doubtful || atLeast(iomeshVersion, '1.1')) return false;
  return since === undefined || config.iomeshVersion !== 'auto';
}

function violationOf(values: Resource, key: IgnoredKey, index: number, certain: boolean): Violation {
  const { path, intended, field, since } = key;
  const ignored = `Helm ignores ${quoted(formatPath(path))}`;
  const base = {
    path,
    part: 'key',
    subject: values,
    identity: `${values.key}|${index}|${formatPath(path)}`,
    label: 'ignored',
    evidence: [],
    minor: !certain,
  } as const;
  if (intended !== undefined) return { ...base, ...intendedText(values, ignored, path, intended) };
  if (since !== undefined)
    return {
      ...base,
      message: `${ignored}; the chart reads it from IOMesh ${since} on`,
      help: `remove it, or set iomeshVersion: "${since}" in the configuration if IOMesh ${since} is installed`,
      fix: { safety: 'shown', description: 'remove it' },
    };
  return {
    ...base,
    message: `${ignored}; no template of the 1.0 chart reads it`,
    help:
      field === undefined
        ? 'remove it, or correct its name'
        : `remove it; no value of the chart sets ${formatPath(field.path)} of the ${field.kind}`,
    fix: { safety: 'shown', description: 'remove it' },
  };
}

type ViolationText = Pick<Violation, 'message' | 'help' | 'fix'>;

function intendedText(values: Resource, ignored: string, path: Path, intended: IntendedField): ViolationText {
  const target = formatPath(intended.path);
  const places = [intended.path, ...intended.others].slice(0, 4).map(formatPath);
  if (intended.others.length > 0)
    return {
      message: `${ignored}; the chart reads it only in ${either(places)}`,
      help: 'move it to each of these places that needs it',
      fix: { safety: 'shown', description: 'move it to each of these places that needs it' },
    };
  const description =
    intended.by === 'place' ? `move it to ${target}` : `rename it to ${quoted(intended.name)}`;
  const moved = path.length === 1 && formatPath([ROOT, ...path]) === target;
  return {
    message: `${ignored}; the chart reads ${quoted(target)}${moved ? ' since 0.11 (up to 0.10, the key of the root was right)' : ''}`,
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
