import type { IomeshVersion } from '../../core/base/iomesh-version.ts';
import { type ShellCluster, type ShellCommand, shellLine } from '../../core/plan/shell.ts';
import type { OperationPlan, PlanFinding, PlanStep } from '../../core/plan/types.ts';

/** The plan as JSON, by `schemas/plan.schema.json`. Ends with a newline. */
export function planJson(plan: OperationPlan, iomeshVersion: IomeshVersion, cluster: ShellCluster): string {
  const line = (command: ShellCommand | undefined) =>
    command === undefined ? null : shellLine(command, cluster);
  const value = {
    version: 1,
    operation: plan.operation,
    cluster: plan.cluster ?? null,
    iomeshVersion,
    target: plan.target,
    lost: plan.lost ?? null,
    steps: plan.steps.map(({ title, command, wait, denied, warned }: PlanStep) => ({
      title,
      command: line(command),
      wait: wait === undefined ? null : { until: wait.until, check: line(wait.check) },
      denied: denied.map(findingJson),
      warned: warned.map(findingJson),
    })),
    unknown: plan.unknown,
    stops: plan.stops,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function findingJson({ code, name, message, help, object }: PlanFinding): object {
  return { code, name, object: object ?? null, message, help: help ?? null };
}
