/** What a change of many objects brings: `lint` with a live cluster as its world. */
import { pieceKey } from './collector.ts';
import { type Finding, relatedObject, type RelatedPlace } from '../finding.ts';
import { type Judgement, judge } from './judge.ts';
import { describe, type ObjectRef, type Resource, resourceKey } from '../base/model.ts';
import { findRule } from './catalogue.ts';
import type { World } from '../world.ts';

/** How often a world may be judged to find out which object brought a finding. */
const MAX_TRIALS = 200;

/**
 * The findings of `after` that the objects told by `isChanged` answer for: those that are about one of them, or about
 * a text; and on other objects those that were not there `before`. A finding on another object names one
 * that brought it.
 */
export function judgeBrought(
  before: World,
  after: World,
  isChanged: (resource: Resource) => boolean,
): Judgement {
  const changed = after.resources.filter(isChanged);
  const keys = new Set(changed.map(({ key }) => key));
  const has = (ref: ObjectRef) => keys.has(keyOf(ref));
  const { findings, waived } = judge(after, undefined, has);
  const isAbout = ({ span, resource }: Finding) =>
    span !== undefined || (resource !== undefined && isChanged(resource));
  // Most changes bring nothing on others: then nobody need know what stood there before.
  if (findings.every(isAbout) && waived.every(isAbout)) return { findings, waived };
  const past = new Set<string>();
  for (const finding of judge(before).findings)
    for (const piece of finding.evidence) past.add(pieceKey(finding, piece));
  const isBrought = (finding: Finding) =>
    isAbout(finding) || finding.evidence.some((piece) => !past.has(pieceKey(finding, piece)));
  const trials = new Trials(before, after, changed);
  return {
    findings: findings
      .filter(isBrought)
      .map((finding) => (isAbout(finding) ? finding : trials.withCause(finding, isChanged))),
    waived: waived.filter(isBrought),
  };
}

function keyOf({ kind, namespace, name }: ObjectRef): string {
  return resourceKey(kind as Resource['kind'], namespace, name);
}

/** Finds out by trial which of many objects brings a finding: alone, or because without it there is none. */
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

  /** The finding, with an object that brought it among its other places. */
  withCause(finding: Finding, isChanged: (resource: Resource) => boolean): Finding {
    if (finding.related.some(({ resource }) => resource !== undefined && isChanged(resource))) return finding;
    const cause = finding.objects.find(isChanged) ?? this.#causeOf(finding);
    if (cause === undefined) return finding;
    const place: RelatedPlace = relatedObject(cause, `brought by ${describe(cause.ref)}`);
    return { ...finding, related: [...finding.related, place] };
  }

  #causeOf(finding: Finding): Resource | undefined {
    const alone = this.#changed.find((each) => {
      const stands = this.#before.getByKey(each.key);
      const change = stands === undefined ? { after: each } : { before: stands, after: each };
      return this.#finds(this.#before.with(change), finding) === true;
    });
    if (alone !== undefined) return alone;
    return this.#changed.find((each) => {
      const stood = this.#before.getByKey(each.key);
      const change = stood === undefined ? { before: each } : { before: each, after: stood };
      return this.#finds(this.#after.with(change), finding) === false;
    });
  }

  /** Whether a world has the finding; undefined where too much was tried already. */
  #finds(world: World, { code, identity }: Finding): boolean | undefined {
    const rule = findRule(code);
    if (rule === undefined || this.#left === 0) return undefined;
    this.#left -= 1;
    return judge(world, [rule]).findings.some((each) => each.identity === identity);
  }
}
