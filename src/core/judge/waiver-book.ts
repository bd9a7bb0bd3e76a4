import { waivedRule } from './waivable.ts';
import { lintSeverity } from './severity.ts';
import { KINDS, type Resource } from '../base/model.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { holds, type Waiver, waiversOf } from '../base/waivers.ts';
import type { World } from '../world.ts';

/** Which findings the objects' own annotations waive, and which waivers were of use. */
export class WaiverBook {
  readonly #today: string;
  readonly #waivers = new Map<Resource, readonly Waiver[]>();
  readonly #used = new Set<Waiver>();

  constructor(today: string) {
    this.#today = today;
  }

  /** True where one of the objects that have a part in a finding waives its rule. */
  waives(finding: Finding): boolean {
    // The rules about waivers are beyond waiving.
    if (finding.code.startsWith('IOM9')) return false;
    let waives = false;
    for (const party of finding.objects) {
      for (const waiver of this.#of(party)) {
        if (waivedRule(waiver)?.code !== finding.code || !holds(waiver, this.#today)) continue;
        this.#used.add(waiver);
        waives = true;
      }
    }
    return waives;
  }

  /** The valid waivers of rules that were asked and found nothing to waive. */
  *unused(world: World, asked: readonly Rule[]): Iterable<readonly [Resource, Waiver]> {
    for (const kind of KINDS) {
      for (const resource of world.all(kind)) {
        for (const waiver of this.#of(resource)) {
          const named = waivedRule(waiver)?.code;
          const rule = asked.find(({ code }) => code === named);
          if (this.#used.has(waiver) || rule === undefined || !holds(waiver, this.#today)) continue;
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
