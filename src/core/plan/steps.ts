import type { Finding } from '../finding.ts';
import { type Change, describe, type Resource } from '../base/model.ts';
import { findingsToWarnOf, judgeChange } from '../judge/judge.ts';
import { World } from '../world.ts';
import type { ShellCommand } from './shell.ts';
import type { PlanFinding, PlanStep, PlanWait } from './types.ts';

/** A step, with the changes that the webhook is asked about. */
interface PlannedStep {
  readonly title: string;
  readonly command?: ShellCommand | undefined;
  readonly wait?: PlanWait | undefined;
  readonly changes?: readonly Change[] | undefined;
}

/** Collects steps. Each is evaluated in the world in which the steps before it are done. */
export class StepWriter {
  readonly steps: PlanStep[] = [];
  #world: World;

  constructor(world: World) {
    this.#world = withObjects(world, world.resources);
  }

  /** The world in which all steps so far are done. */
  get world(): World {
    return this.#world;
  }

  add({ title, command, wait, changes = [] }: PlannedStep): void {
    const denied: Finding[] = [];
    const warned: Finding[] = [];
    for (const change of changes) {
      const result = judgeChange(this.#world, change);
      denied.push(...result.denied);
      warned.push(...findingsToWarnOf(result));
      this.assume([change]);
    }
    this.steps.push({
      title,
      command,
      wait,
      denied: denied.map(planFinding),
      warned: warned.map(planFinding),
    });
  }

  /** True if the webhook denies a change now. */
  denies(change: Change): boolean {
    return judgeChange(this.#world, change).denied.length > 0;
  }

  /** Changes that others make, such as the operator: they are done, and not evaluated. */
  assume(changes: readonly Change[]): void {
    const gone = new Set(changes.flatMap(({ before, after }) => [before?.key, after?.key]));
    const kept = this.#world.resources.filter(({ key }) => !gone.has(key));
    const added = changes.flatMap(({ after }) => after ?? []);
    this.#world = withObjects(this.#world, [...kept, ...added]);
  }
}

/** The sentence about denied steps; empty if there are none. */
export function deniedSentences(steps: readonly PlanStep[]): string[] {
  const numbers = steps.flatMap(({ denied }, index) => (denied.length > 0 ? [index + 1] : []));
  if (numbers.length === 0) return [];
  return [
    `the webhook denies ${numbers.length === 1 ? `step ${numbers[0]}` : `${numbers.length} steps, the first is ${numbers[0]}`}`,
  ];
}

function planFinding({ code, name, message, help, object }: Finding): PlanFinding {
  return { code, name, message, help, object: object && describe(object) };
}

/** The same world with other objects. Errors of files are not those of a step. */
function withObjects(world: World, resources: readonly Resource[]): World {
  const { config, today, unread } = world;
  return World.of({ config, today, unread, resources });
}
