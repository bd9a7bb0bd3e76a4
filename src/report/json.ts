import type { Severity } from '../core/base/config.ts';
import type { ObjectRef } from '../core/base/model.ts';
import { formatPath } from '../core/base/path.ts';
import type { WaivedFinding } from '../core/finding.ts';
import type { LocatedFinding, LocatedPlace, Location } from './located.ts';
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
    findings: findings.map(findingJson),
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

/** A finding as the JSON report has it. */
export interface FindingJson {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly object: ObjectRef | undefined;
  readonly path: string;
  readonly location: Location | undefined;
  readonly related: readonly object[];
  readonly help: string | undefined;
  readonly fix: object | undefined;
  readonly docs: string;
}

/** One finding of the JSON report. */
export function findingJson(located: LocatedFinding): FindingJson {
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

function toRef(ref: ObjectRef | undefined): ObjectRef | undefined {
  if (ref === undefined) return undefined;
  const { apiVersion, kind, namespace } = ref;
  return { apiVersion, kind, namespace, name: ref.name };
}
