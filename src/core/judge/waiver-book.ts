import { waivedRule } from './waivable.ts';
import { lintSeverity } from './severity.ts';
import { KINDS, type Resource } from '../base/model.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { isValidWaiver, type Waiver, waiversOf } from '../base/waivers.ts';
import type { World } from '../world.ts';

/** Matches findings with the waivers of their objects, and remembers which waivers were used. */
export class WaiverBook {
  readonly #today: string;
  readonly #waivers = new Map<Resource, readonly Waiver[]>();
  readonly #used = new Set<Waiver>();

  constructor(today: string) {
    this.#today = today;
  }

  /** True if one of the objects of a finding waives its rule. */
  waives(finding: Finding): boolean {
    // Rules about waivers cannot be waived.
    if (finding.code.startsWith('IOM9')) return false;
    let waives = false;
    for (const object of finding.objects) {
      for (const waiver of this.#of(object)) {
        if (waivedRule(waiver)?.code !== finding.code || !isValidWaiver(waiver, this.#today)) continue;
        this.#used.add(waiver);
        waives = true;
      }
    }
    return waives;
  }

  /** The valid waivers of evaluated rules that match no finding. */
  *unused(world: World, evaluated: readonly Rule[]): Iterable<readonly [Resource, Waiver]> {
    for (const kind of KINDS) {
      for (const resource of world.all(kind)) {
        for (const waiver of this.#of(resource)) {
          const named = waivedRule(waiver)?.code;
          const rule = evaluated.find(({ code }) => code === named);
          if (this.#used.has(waiver) || rule === undefined || !isValidWaiver(waiver, this.#today)) continue;
          if (rule.check !== undefined && lintSeverity(rule, false, world.config) !== 'none')
            yield [resource, waiver];
        }
      }
    }
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
