import type { ObjectRef } from '../core/base/model.ts';
import { formatPath } from '../core/base/path.ts';
import type { WaivedFinding } from '../core/finding.ts';
import type { LocatedFinding, LocatedPlace } from './located.ts';
import type { FindingsReport } from './report.ts';

/** The findings as JSON, by `schemas/findings.schema.json`. Ends with a newline. */
export function jsonReport({
  findings,
  waived,
  summary,
  problems,
}: Pick<FindingsReport, 'findings' | 'waived' | 'summary' | 'problems'>): string {
  const report = {
    version: 1,
    findings: findings.map(toJson),
    ...(waived.length === 0 ? {} : { waived: waived.map(toWaived) }),
    summary,
    ...(problems.length > 0 && { problems }),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function toWaived(located: LocatedFinding<WaivedFinding>): object {
  const { docs, waiver } = located.finding;
  const { by, reason, until, holder } = waiver;
  return { ...inCommon(located), waiver: { by, reason, until, object: toRef(holder) }, docs };
}

function toJson(located: LocatedFinding): object {
  const { fix, help, docs } = located.finding;
  return {
    ...inCommon(located),
    related: located.related.map(toRelated),
    help,
    fix: fix === undefined ? undefined : { safety: fix.safety, description: fix.description },
    docs,
  };
}

/** What a finding and a waived one begin with. */
function inCommon({ finding, location }: LocatedFinding) {
  const { code, name, severity, message, world, object, path } = finding;
  return { code, name, severity, message, world, object: toRef(object), path: formatPath(path), location };
}

function toRelated({ place, message, location }: LocatedPlace): object {
  return { message, object: toRef(place.resource?.ref), path: formatPath(place.path), location };
}

function toRef(ref: ObjectRef | undefined): object | undefined {
  if (ref === undefined) return undefined;
  const { apiVersion, kind, namespace } = ref;
  return { apiVersion, kind, namespace, name: ref.name };
}
