import { waivedRule } from './waivable.ts';
import { lintSeverity } from './severity.ts';
import { type Change, changedObject, KINDS, type Resource } from '../base/model.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import {
  type AppliedWaiver,
  exceptionsFor,
  isExpired,
  isValidWaiver,
  WAIVE_ANNOTATION,
  type Waiver,
  waiversOf,
} from '../base/waivers.ts';
import type { World } from '../world.ts';

/** The help for a finding that an annotation waives in files, but not in a cluster. */
const ASK_ADMINISTRATOR = `the annotation ${WAIVE_ANNOTATION} does not waive this rule in a cluster; an administrator can add it to waivers.exceptions of the configuration`;
const NO_ANNOTATIONS = `the annotation ${WAIVE_ANNOTATION} waives nothing, because waivers.annotations of the configuration is none`;

/**
 * Matches findings with the exceptions of the configuration and with the waivers of their objects, and
 * remembers which waivers were used.
 */
export class WaiverBook {
  readonly #world: World;
  readonly #change: Change;
  readonly #waivers = new Map<Resource, readonly Waiver[]>();
  readonly #used = new Set<Waiver>();

  constructor(world: World, change: Change = {}) {
    this.#world = world;
    this.#change = change;
  }

  /** The waiver that accepts a finding of a rule; undefined if there is none. */
  waiverOf(finding: Finding, rule: Rule): AppliedWaiver | undefined {
    // Rules about waivers cannot be waived.
    if (finding.code.startsWith('IOM9')) return undefined;
    const annotations = this.#annotations(finding);
    for (const { waiver } of annotations) this.#used.add(waiver);
    const exception = this.#exceptions(finding).find((each) => !isExpired(each, this.#world.today));
    if (exception !== undefined)
      return { by: 'configuration', reason: exception.reason, until: exception.until };
    const applied = annotations.find(({ holder }) => this.#applies(finding, rule, holder));
    if (applied === undefined) return undefined;
    const { holder, waiver } = applied;
    return {
      by:
        waiver.comment !== undefined
          ? 'comment'
          : this.#arrived(finding, holder)
            ? 'new-annotation'
            : 'annotation',
      reason: waiver.reason,
      until: waiver.until,
      holder: holder.ref,
    };
  }

  /** The help of a finding, with the reason why a waiver of it does not apply. */
  helpOf(finding: Finding): string | undefined {
    const expired = this.#exceptions(finding).find((each) => isExpired(each, this.#world.today));
    const isAnnotated = this.#annotations(finding).length > 0;
    const { annotations } = this.#world.config.waivers;
    const notes = [
      ...(finding.help === undefined ? [] : [finding.help]),
      ...(expired === undefined ? [] : [`the exception in the configuration expired on ${expired.until}`]),
      ...(isAnnotated ? [annotations === 'none' ? NO_ANNOTATIONS : ASK_ADMINISTRATOR] : []),
    ];
    return notes.length === 0 ? undefined : notes.join('; ');
  }

  /** The valid waivers of evaluated rules that match no finding, or that have no effect. */
  *unused(world: World, evaluated: readonly Rule[]): Iterable<readonly [Resource, Waiver]> {
    const haveNoEffect = world.config.waivers.annotations === 'none';
    const seen = new Set<Waiver>();
    for (const kind of KINDS) {
      for (const resource of world.all(kind)) {
        for (const waiver of this.#of(resource)) {
          const named = waivedRule(waiver)?.code;
          const rule = evaluated.find(({ code }) => code === named);
          if (rule === undefined || !this.#isValid(waiver)) continue;
          if (seen.has(waiver) || (this.#used.has(waiver) && !haveNoEffect)) continue;
          seen.add(waiver);
          if (rule.check !== undefined && lintSeverity(rule, false, world.config) !== 'none')
            yield [resource, waiver];
        }
      }
    }
  }

  #exceptions({ code, objects }: Finding) {
    return objects.flatMap(({ key }) => exceptionsFor(this.#world.config, code, key));
  }

  /** The valid annotations for a finding. */
  #annotations(finding: Finding) {
    return finding.objects.flatMap((holder) =>
      this.#of(holder)
        .filter((waiver) => waivedRule(waiver)?.code === finding.code && this.#isValid(waiver))
        .map((waiver) => ({ holder, waiver })),
    );
  }

  /** Whether an annotation may waive a finding. A file is reviewed; in a cluster, anyone may annotate an object. */
  #applies({ objects }: Finding, { waivedBy }: Rule, holder: Resource): boolean {
    const { mode, config } = this.#world;
    const { annotations } = config.waivers;
    if (annotations !== 'own') return annotations === 'all';
    if (mode === 'lint' && holder.source !== undefined) return true;
    return waivedBy === 'owner' && objects.every(({ key }) => key === holder.key);
  }

  /** True if the change adds the annotation. */
  #arrived({ code }: Finding, holder: Resource): boolean {
    if (changedObject(this.#change)?.key !== holder.key) return false;
    const { before } = this.#change;
    return (
      before === undefined ||
      !this.#of(before).some((waiver) => waivedRule(waiver)?.code === code && this.#isValid(waiver))
    );
  }

  #isValid(waiver: Waiver): boolean {
    return isValidWaiver(waiver, this.#world.today, this.#world.config.waivers);
  }

  #of(resource: Resource): readonly Waiver[] {
    let waivers = this.#waivers.get(resource);
    if (waivers === undefined) {
      waivers = waiversOf(resource);
      this.#waivers.set(resource, waivers);
    }
    return waivers;
  }
}
