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
  const { finding, location } = located;
  const { by, reason, until, holder } = finding.waiver;
  return {
    code: finding.code,
    name: finding.name,
    severity: finding.severity,
    message: finding.message,
    object: toRef(finding.object),
    path: formatPath(finding.path),
    location,
    waiver: { by, reason, until, object: toRef(holder) },
    docs: finding.docs,
  };
}

function toJson({ finding, location, related }: LocatedFinding): object {
  const { fix } = finding;
  return {
    code: finding.code,
    name: finding.name,
    severity: finding.severity,
    message: finding.message,
    object: toRef(finding.object),
    path: formatPath(finding.path),
    location,
    related: related.map(toRelated),
    help: finding.help,
    fix: fix === undefined ? undefined : { safety: fix.safety, description: fix.description },
    docs: finding.docs,
  };
}

function toRelated({ place, message, location }: LocatedPlace): object {
  return { message, object: toRef(place.resource?.ref), path: formatPath(place.path), location };
}

function toRef(ref: ObjectRef | undefined): object | undefined {
  if (ref === undefined) return undefined;
  const { apiVersion, kind, namespace } = ref;
  return { apiVersion, kind, namespace, name: ref.name };
}
