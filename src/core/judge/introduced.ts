/** The findings that a change of many objects introduces: `lint --context`, and `new pool`. */
import { evidenceKeys, isIntroduced } from './collector.ts';
import { type Finding, relatedObject } from '../finding.ts';
import { judge, type JudgeResult } from './judge.ts';
import { describe, type ObjectRef, type Resource, resourceKey } from '../base/model.ts';
import { findRule } from './catalogue.ts';
import type { World } from '../world.ts';

/** How often a world may be evaluated to find the object that introduced a finding. */
const MAX_TRIALS = 200;

/**
 * The findings of `after` for which the changed objects are responsible: those on a changed object or on the
 * text of a file, and those on other objects that did not exist in `before`. The latter name a changed object
 * that introduced them.
 */
export function judgeIntroduced(
  before: World,
  after: World,
  isChanged: (resource: Resource) => boolean,
): JudgeResult {
  const changed = after.resources.filter(isChanged);
  const keys = new Set(changed.map(({ key }) => key));
  const { findings, waived } = judge(after, undefined, (ref) => keys.has(keyOf(ref)));
  const isOwn = ({ span, resource }: Finding) =>
    span !== undefined || (resource !== undefined && isChanged(resource));
  // Most changes introduce nothing on other objects; then the world before is not needed.
  if (findings.every(isOwn) && waived.every(isOwn)) return { findings, waived };
  const earlier = new Set(judge(before).findings.flatMap(evidenceKeys));
  const isResponsible = (finding: Finding) => isOwn(finding) || isIntroduced(finding, earlier);
  const trials = new Trials(before, after, changed);
  return {
    findings: findings
      .filter(isResponsible)
      .map((finding) => (isOwn(finding) ? finding : trials.withCause(finding, isChanged))),
    waived: waived.filter(isResponsible),
  };
}

function keyOf({ kind, namespace, name }: ObjectRef): string {
  return resourceKey(kind as Resource['kind'], namespace, name);
}

/** Finds by trial which of the changed objects introduced a finding: by itself, or together with others. */
class Trials {
  readonly #before: World;
  readonly #after: World;
  readonly #changed: readonly Resource[];
  #left = MAX_TRIALS;

  constructor(before: World, after: World, changed: readonly Resource[]) {
    this.#before = before;
    this.#after = after;
    this.#changed = changed.filter(({ ref }) => ref.name !== '');
  }

  /** The finding, with an object that introduced it among its related places. */
  withCause(finding: Finding, isChanged: (resource: Resource) => boolean): Finding {
    if (finding.related.some(({ resource }) => resource !== undefined && isChanged(resource))) return finding;
    const cause = finding.objects.find(isChanged) ?? this.#causeOf(finding);
    if (cause === undefined) return finding;
    const place = relatedObject(cause, `introduced by ${describe(cause.ref)}`);
    return { ...finding, related: [...finding.related, place] };
  }

  #causeOf(finding: Finding): Resource | undefined {
    const alone = this.#changed.find((after) => {
      const before = this.#before.getByKey(after.key);
      return this.#hasFinding(this.#before.with({ before, after }), finding) === true;
    });
    if (alone !== undefined) return alone;
    return this.#changed.find((each) => {
      const undo = { before: each, after: this.#before.getByKey(each.key) };
      return this.#hasFinding(this.#after.with(undo), finding) === false;
    });
  }

  /** Whether a world has the finding; undefined after too many trials. */
  #hasFinding(world: World, { code, identity }: Finding): boolean | undefined {
    const rule = findRule(code);
    if (rule === undefined || this.#left === 0) return undefined;
    this.#left -= 1;
    return judge(world, [rule]).findings.some((each) => each.identity === identity);
  }
}
