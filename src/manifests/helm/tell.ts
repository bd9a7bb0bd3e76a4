import type { Finding, Fix } from '../../core/finding.ts';
import { formatPath } from '../../core/base/path.ts';
import { type ChartKind, isSet, valuesPath } from '../../core/helm/chart.ts';
import type { ManifestSource } from '../world.ts';

/** A field of an object, as help writes it. */
const FIELD = /\bspec(?:\.[A-Za-z][A-Za-z0-9]*)+/g;

/** Findings, of which those on objects that values render to say by the names of the values what to do. */
export function withValueNames(findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => {
    const { help, fix, resource } = finding;
    if ((resource?.source as Partial<ManifestSource> | undefined)?.writtenAt === undefined) return finding;
    const kind = resource?.kind as ChartKind;
    return {
      ...finding,
      ...(help === undefined ? {} : { help: named(help, kind) }),
      ...(fix === undefined
        ? {}
        : { fix: { ...fix, description: named(fix.description, kind) } satisfies Fix }),
    };
  });
}

function named(text: string, kind: ChartKind): string {
  return text.replace(FIELD, (field) => {
    const path = field.split('.');
    return isSet(kind, path) ? formatPath(valuesPath(kind, path)) : field;
  });
}
