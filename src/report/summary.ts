/** The counts of a run. */
export interface Summary {
  readonly files: number;
  readonly documents: number;
  readonly objects: number;
  readonly errors: number;
  readonly warnings: number;
  readonly waived: number;
  /** Findings that are in the baseline; undefined without one. */
  readonly known?: number | undefined;
  readonly durationMs: number;
  /** Kubernetes objects of kinds that no rule checks, and documents that are not Kubernetes objects. */
  readonly foreign: number;
  readonly notKubernetes: number;
  /** Files without any sign of a kind that the rules check. They are not parsed. Absent for a live cluster. */
  readonly otherFiles?: number | undefined;
}

/** `3 findings`, `1 finding`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The last line of a text report. `isComplete` is false if some input could not be read or checked. */
export function summaryLine(summary: Summary, isComplete: boolean): string {
  const { waived } = summary;
  const found = foundText(summary, isComplete);
  const details = [
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(summary.known === undefined ? [] : [`${summary.known} in the baseline`]),
    ...(summary.foreign > 0 ? [`${count(summary.foreign, 'object')} of other kinds skipped`] : []),
    ...(summary.notKubernetes > 0
      ? [`${count(summary.notKubernetes, 'document')} without a Kubernetes object skipped`]
      : []),
    ...((summary.otherFiles ?? 0) > 0 ? [`${count(summary.otherFiles ?? 0, 'other file')} skipped`] : []),
  ];
  // A live cluster has no files.
  const objects = count(summary.objects, 'object');
  const input =
    summary.files === 0
      ? objects
      : `${count(summary.files, 'file')} (${count(summary.documents, 'document')}, ${objects})`;
  return `${found}${found === NOTHING && summary.files === 0 ? '' : ` in ${input}`}${details.length > 0 ? `; ${details.join('; ')}` : ''}`;
}

const NOTHING = 'no IOMesh objects found';

function foundText({ errors, warnings, objects, known }: Summary, isComplete: boolean): string {
  const counts = `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  if (!isComplete) return `incomplete: ${counts}`;
  if (errors + warnings > 0) return counts;
  return objects === 0 ? NOTHING : `no ${known === undefined ? '' : 'new '}findings`;
}
