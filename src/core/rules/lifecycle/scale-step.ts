import type { IomeshVersion } from '../../base/iomesh-version.ts';
import { displayName, isBeingDeleted } from '../../base/model.ts';
import { type HelpText, withFields } from '../../base/help-text.ts';
import type { Path } from '../../base/path.ts';
import type { Rule } from '../../rule.ts';
import {
  effectiveReplicas,
  isRemovable,
  replicaFields,
  runningReplicas,
  type ReplicatedComponent,
  UNREGISTER_CHUNK,
  worsensReplicaCount,
} from '../../iomesh/replicas.ts';
import { isOfIomesh } from '../../iomesh/cluster.ts';

/** IOM604: a running cluster is scaled in a way that the vendor excludes, or by more than one at a time. */
export const scaleStep: Rule = {
  code: 'IOM604',
  name: 'scale-step',
  severity: { lint: 'none', admission: 'deny' },
  minor: { lint: 'none', admission: 'warn' },
  waivedBy: 'owner',
  kinds: ['IOMeshCluster', 'ZookeeperCluster'],
  checkChange({ before, after }, was, is, report) {
    if (before === undefined || after === undefined || isBeingDeleted(after)) return;
    if (!isOfIomesh(is, after)) return;
    for (const [component, path] of replicaFields(after)) {
      const from = effectiveReplicas(was, before, component, path);
      const to = effectiveReplicas(is, after, component, path);
      if (from === undefined || to === undefined || from === to) continue;
      // IOM603 denies this number, whatever the step.
      if (worsensReplicaCount(component, from, to)) continue;
      const running = runningReplicas(before, component) ?? from;
      const step = stepOf({ component, path, from, to, running, version: is.iomeshVersion });
      if (step === undefined) continue;
      report({
        path,
        message: `${component} of ${displayName(after.ref)} changes from ${from} to ${to} replicas${step.reason}`,
        label: `was ${from}`,
        help: step.help,
        minor: !step.denied,
      });
    }
  },
};

interface Scaling {
  readonly component: ReplicatedComponent;
  readonly path: Path;
  readonly from: number;
  readonly to: number;
  /** Replicas that run before the change: more than `from` while others are removed. */
  readonly running: number;
  readonly version: IomeshVersion;
}

interface Step {
  /** Follows "changes from 3 to 6 replicas". Says what to do first: a warning at admission has no help. */
  readonly reason: string;
  readonly help: HelpText;
  readonly denied: boolean;
}

function stepOf(scaling: Scaling): Step | undefined {
  return scaling.to > scaling.from ? stepUp(scaling) : stepDown(scaling);
}

/** ZooKeeper grows by two, because an even number is an error. */
function stepUp({ component, path, from, to }: Scaling): Step | undefined {
  if (to - from < 2 || component === 'zookeeper') return undefined;
  const next = from + 1;
  return {
    reason: ' in one step',
    help: withFields`set ${path} to ${next}, wait until all ${next} are ready, and continue one by one to ${to}`,
    denied: false,
  };
}

function stepDown({ component, path, from, to, running, version }: Scaling): Step | undefined {
  if (!isRemovable(component, version))
    return {
      reason:
        component === 'zookeeper'
          ? ', but ZooKeeper pods cannot be removed'
          : ', but meta pods cannot be removed before IOMesh 1.2',
      help: withFields`set ${path} back to ${from}; if the removed pods have never run, waive IOM604`,
      denied: true,
    };
  if (running > from)
    return {
      reason: `, but the status still shows ${running} running: an earlier removal is not done`,
      help: withFields`set ${path} back to ${from} and wait until the status shows ${from}; then remove the next one`,
      denied: component === 'chunk',
    };
  const one = from - to === 1;
  if (component === 'chunk')
    return {
      reason: one
        ? ', which deletes the last chunk: unregister it first (chunk unregister)'
        : ', but only one chunk can be removed at a time, after chunk unregister',
      help: one
        ? withFields`first run ${UNREGISTER_CHUNK} and wait until it is done; until then set ${path} back to ${from}`
        : withFields`set ${path} back to ${from}; run ${UNREGISTER_CHUNK}, wait until it is done, set ${path} to ${from - 1}, and repeat for each chunk`,
      denied: !one,
    };
  return one
    ? undefined
    : {
        reason: ' in one step',
        help: withFields`set ${path} to ${from - 1}, wait until the cluster is healthy, and continue one by one to ${to}`,
        denied: false,
      };
}
