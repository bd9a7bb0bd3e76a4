/** A reference to an object that does not exist: the shared part of IOM503 and IOM504. */
import { parameterFix } from './class-parameter.ts';
import { clusterText } from '../iomesh/cluster.ts';
import { CONNECTION_KEYS } from '../iomesh/connection.ts';
import type { Resource } from '../base/model.ts';
import { leavingTarget } from '../iomesh/leaving.ts';
import type { Violation } from '../rule.ts';
import {
  isIomeshClass,
  parseReference,
  type ReferenceParameter,
  readReference,
  referenceParameters,
} from '../iomesh/storage-class.ts';
import { formatPath } from '../base/path.ts';
import { joined, quoted, quotedInFull } from '../base/text.ts';
import type { World } from '../world.ts';
import { RECREATE } from '../iomesh/class-parameters.ts';
import { clusterBehind, guessReference, REFERENCE_KINDS } from '../iomesh/references.ts';

/**
 * The violation of a class whose reference is well-formed but names an object that does not exist, or that is
 * being deleted.
 */
export function danglingReference(
  subject: Resource,
  world: World,
  name: ReferenceParameter,
): Violation | undefined {
  if (!isIomeshClass(subject, world.config) || !referenceParameters(world.iomeshVersion).includes(name))
    return undefined;
  const reference = readReference(world, subject, name);
  if (reference.state !== 'present') return undefined;
  const kind = REFERENCE_KINDS[name];
  const path = ['parameters', name];
  if (leavingTarget(world, subject, kind, reference.id) !== undefined)
    return {
      path,
      message: `${name} names ${kind} ${quoted(reference.text)}, which is being deleted`,
      help: `when the ${kind} is gone, create it again, or set ${formatPath(path)} to another one; ${RECREATE}`,
    };
  if (world.presence(kind, reference.id.namespace, reference.id.name) !== 'no') return undefined;
  const meant = guessReference(world, name, reference.text);
  const message = `${name} names ${kind} ${quoted(reference.text)}, which does not exist`;
  if (meant === undefined)
    return {
      path,
      message,
      help: `create the ${kind}${kind === 'ConfigMap' ? ` with ${joined(CONNECTION_KEYS)}` : ''}, or set ${formatPath(path)} to an existing one; ${RECREATE}`,
    };
  return {
    path,
    message: `${message}; did you mean ${quoted(meant)}?`,
    help: `set ${formatPath(path)} to ${quotedInFull(meant)}; ${RECREATE}`,
    fix: contradicts(subject, world, name, meant)
      ? {
          safety: 'shown',
          description: `set it to ${quotedInFull(meant)}, and set ${otherReference(name)} to the same cluster`,
        }
      : parameterFix(name, meant),
  };
}

/** True if the proposed object belongs to another cluster than the class's other reference. */
function contradicts(subject: Resource, world: World, name: ReferenceParameter, meant: string): boolean {
  const other = readReference(world, subject, otherReference(name));
  if (other.state !== 'present') return false;
  const [connection, cluster] =
    name === 'iomeshCluster' ? [other.id, meant] : [parseReference(meant), clusterText(other.id)];
  const behind = connection === undefined ? undefined : clusterBehind(world, connection);
  return behind !== undefined && behind !== cluster;
}

function otherReference(name: ReferenceParameter): ReferenceParameter {
  return name === 'iomeshCluster' ? 'clusterConnection' : 'iomeshCluster';
}
