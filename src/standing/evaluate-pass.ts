import type { Requests } from '../cluster/api.ts';
import { listUnwatched } from '../cluster/unwatched.ts';
import { asString, at } from '../core/base/json.ts';
import { judge } from '../core/judge/judge.ts';
import { type FindingJson, findingJson } from '../report/json.ts';
import { locateFindings } from '../report/located.ts';
import { type AuditInput, auditedWorld } from './audited-world.ts';

/** A finding of the cluster as it is, in data that can be sent to another thread. */
export interface FindingRecord {
  /** Names the finding in every pass: severity, rule, object, field and other object. */
  readonly key: string;
  /** The finding as `audit --format json` prints it. */
  readonly json: FindingJson;
  /** `metadata.uid` of the object. */
  readonly uid: string | undefined;
}

/** The result of one pass. */
export interface PassResult {
  /** In the order of `audit`. */
  readonly records: readonly FindingRecord[];
  /** The number of objects of each kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Why kinds were not read. The rules that need them find nothing. */
  readonly unread: readonly string[];
}

/** Evaluates objects as `audit` does. Claims and volumes, which `serve` does not watch, are listed from the apiserver. */
export async function evaluatePass(
  api: Requests,
  input: AuditInput,
  signal: AbortSignal,
): Promise<PassResult> {
  const unwatched = await listUnwatched(api, signal);
  const resources = [...input.resources, ...unwatched.resources];
  const { findings } = judge(auditedWorld({ ...input, resources }));
  const counts: Record<string, number> = {};
  for (const { kind } of resources) counts[kind] = (counts[kind] ?? 0) + 1;
  return {
    records: locateFindings(findings).map((located): FindingRecord => {
      const { severity, identity, resource } = located.finding;
      return {
        key: `${severity}|${identity}`,
        json: findingJson(located),
        uid: asString(at(resource?.json, ['metadata', 'uid'])),
      };
    }),
    counts,
    unread: unwatched.unread.map(({ kind, reason }) => `${kind.plural}: ${reason}`),
  };
}
