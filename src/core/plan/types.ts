/** The plan of an operation: ordered steps, and what is lost, unknown or denied. */
import type { ShellCommand } from './shell.ts';

export type PlanOperation = 'remove' | 'upgrade' | 'scale';

/** A finding of the webhook for a step. */
export interface PlanFinding {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly help: string | undefined;
  /** `Kind namespace/name` of the object that the finding is on. */
  readonly object: string | undefined;
}

/** What must be true before the next step, and the command that shows it. */
export interface PlanWait {
  /** Follows "wait until". */
  readonly until: string;
  readonly check: ShellCommand | undefined;
}

/** One step. Without a command, it is done by a person or by the operator. */
export interface PlanStep {
  /** Starts with a verb: `delete IOMeshCluster a/b`. */
  readonly title: string;
  readonly command: ShellCommand | undefined;
  readonly wait: PlanWait | undefined;
  /** Why the webhook denies the step, if the steps before it are done. */
  readonly denied: readonly PlanFinding[];
  /** The warnings that kubectl prints for the step. */
  readonly warned: readonly PlanFinding[];
}

/** The volumes whose data is lost. */
export interface PlanLoss {
  readonly count: number;
  readonly bound: number;
  /** The names of the first ones. */
  readonly names: readonly string[];
}

export interface OperationPlan {
  readonly operation: PlanOperation;
  /** `namespace/name` of the cluster; undefined if the plan is about all clusters. */
  readonly cluster: string | undefined;
  /** What the plan reaches, with the source of each value: a sentence each. */
  readonly target: readonly string[];
  readonly steps: readonly PlanStep[];
  /** Undefined if it is unknown; `unknown` says why. */
  readonly lost: PlanLoss | undefined;
  /** What the input does not show: a sentence each. */
  readonly unknown: readonly string[];
  /** Why the plan must not be carried out as it is: a sentence each. Denied steps are counted in one of them. */
  readonly stops: readonly string[];
}

/** A plan that is not possible, with the next step. */
export interface PlanRefusal {
  readonly message: string;
  readonly hint: string;
}

/** True if the reason is given in place of a plan. */
export function isPlanRefusal(plan: OperationPlan | PlanRefusal): plan is PlanRefusal {
  return 'message' in plan;
}
