import { relatedField } from '../../finding.ts';
import { asString, at } from '../../base/json.ts';
import { withFields } from '../../base/help-text.ts';
import { changedObject, displayName, type Resource } from '../../base/model.ts';
import type { ObjectIndex } from '../../base/objects.ts';
import type { Path } from '../../base/path.ts';
import { quoted } from '../../base/text.ts';
import { readIp } from '../../iomesh/cidr.ts';
import { ownerOf } from '../../iomesh/owner.ts';
import type { Rule } from '../../rule.ts';
import { readString } from '../../schema/read-field.ts';

const VIRTUAL_IP: Path = ['spec', 'redirector', 'iscsiVirtualIP'];

const BY_VIRTUAL_IP: ObjectIndex = {
  kind: 'IOMeshCluster',
  keys: (resource) => {
    const ip = virtualIpOf(resource);
    return ip === undefined ? [] : [ip];
  },
};

/** IOM708: iscsiVirtualIP is no IP address, or two clusters have the same. */
export const virtualIp: Rule = {
  code: 'IOM708',
  name: 'virtual-ip',
  severity: { lint: 'error', admission: 'deny' },
  kinds: ['IOMeshCluster'],
  check(subject, world, report) {
    const text = readString(world, subject, VIRTUAL_IP).value;
    // The chart writes an empty one by default.
    if (text === undefined || text === '') return;
    const reading = readIp(text);
    if (!reading.ok) {
      report({
        path: VIRTUAL_IP,
        message: `iscsiVirtualIP of ${displayName(subject.ref)} ${quoted(text)} ${reading.problem}`,
        help: withFields`set ${VIRTUAL_IP} to the external IP of the Service iomesh-access in namespace ${subject.ref.namespace ?? ''}, or remove it`,
      });
      return;
    }
    const owner = ownerOf(world, BY_VIRTUAL_IP, reading.ip);
    if (owner === undefined || owner.key === subject.key) return;
    // The message and the help are about the cluster that takes the address.
    const { before, after } = world.change ?? {};
    const isTaken = after?.key === owner.key && (before === undefined || virtualIpOf(before) !== reading.ip);
    const [mine, other] = isTaken ? [owner, subject] : [subject, owner];
    report({
      subject: mine,
      path: VIRTUAL_IP,
      message: `iscsiVirtualIP of ${displayName(mine.ref)} is ${quoted(text)}, as that of ${displayName(other.ref)}`,
      help: withFields`set ${VIRTUAL_IP} to the external IP of the Service iomesh-access in namespace ${mine.ref.namespace ?? ''}`,
      related: [relatedField(other, VIRTUAL_IP)],
      other,
      symmetric: true,
      identity: subject.key,
      evidence: [reading.ip],
    });
  },
  affected(change, before, after) {
    if (changedObject(change)?.kind !== 'IOMeshCluster') return [];
    return [change.before, change.after].flatMap((each) => {
      const ip = each === undefined ? undefined : virtualIpOf(each);
      return ip === undefined ? [] : [before, after].flatMap((world) => [...world.find(BY_VIRTUAL_IP, ip)]);
    });
  },
};

/** The address in canonical form, if it is one. */
function virtualIpOf(resource: Resource): string | undefined {
  const text = asString(at(resource.json, VIRTUAL_IP));
  const reading = text === undefined ? undefined : readIp(text);
  return reading?.ok === true ? reading.ip : undefined;
}
