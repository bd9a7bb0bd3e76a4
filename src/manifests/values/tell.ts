import type { Finding } from '../../core/finding.ts';
import { formatPath, isPrefix, type Path } from '../../core/path.ts';
import { CHART_VALUES } from '../../core/values/chart.ts';
import type { ManifestSource } from '../world.ts';

/** Findings on objects that values render to, with the value that their field comes from in the help. */
export function withValueNames(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => {
    const source = finding.resource?.source as Partial<ManifestSource> | undefined;
    if (source?.writtenAt === undefined || finding.path[0] !== 'spec' || finding.path.length < 2)
      return finding;
    const name = formatPath(ownValue(source.writtenAt(finding.path).path));
    return {
      ...finding,
      help: `${finding.help === undefined ? '' : `${finding.help}; `}in the values it is ${name}`,
    };
  });
}

/** The chart's own value that a place lies in. */
function ownValue(path: Path): Path {
  return CHART_VALUES.find((each) => isPrefix(each.path, path))?.path ?? path;
}
