import { at, type JsonObject, own } from '../core/json.ts';
import { kindOf, toResource } from '../core/model.ts';
import type { Change } from '../core/rule.ts';
import type { World } from '../core/world.ts';
import type { AdmissionRequest } from './review.ts';

/**
 * The change behind a request on the scale subresource, which carries only `spec.replicas`: the stored
 * object with that number in it. Undefined where the object is not in the world. The one kind of ours
 * whose replicas stand at `spec.replicas` is the ZookeeperCluster.
 */
export function scaleChange(request: AdmissionRequest, world: World): Change | undefined {
  const replicas = at(request.object, ['spec', 'replicas']);
  if (typeof replicas !== 'number') return undefined;
  const name = request.name === '' ? at(request.object, ['metadata', 'name']) : request.name;
  if (typeof name !== 'string' || kindOf('zookeeper.pravega.io/v1beta1', 'ZookeeperCluster') === undefined)
    return undefined;
  const before = world.get('ZookeeperCluster', request.namespace, name);
  if (before === undefined) return undefined;
  const spec = own(before.json, 'spec');
  const json: JsonObject = { ...before.json, spec: { ...(spec as JsonObject), replicas } };
  const after = toResource(json);
  return after === undefined ? undefined : { before, after };
}
