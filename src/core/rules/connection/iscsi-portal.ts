import { reclassifiedConfigMaps } from '../../iomesh/affected.ts';
import { ISCSI_PORTAL, isConnection } from '../../iomesh/connection.ts';
import { readString } from '../../schema/read-field.ts';
import type { Rule } from '../../rule.ts';
import { isBlankText, quoted } from '../../base/text.ts';

const PATH = ['data', 'iscsiPortal'] as const;

/** IOM202: the portal is not the one that every redirector listens on. */
export const iscsiPortal: Rule = {
  code: 'IOM202',
  name: 'iscsi-portal',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  waivedBy: 'owner',
  kinds: ['ConfigMap'],

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const { value } = readString(world, subject, PATH);
    if (value === undefined || value === ISCSI_PORTAL || isBlankText(value)) return;
    report({
      path: PATH,
      message: `iscsiPortal is ${quoted(value)}, but must be "${ISCSI_PORTAL}"${difference(value)}`,
      help: `set data.iscsiPortal to "${ISCSI_PORTAL}", where the redirector of every node listens`,
      fix: {
        safety: 'unsafe',
        description: `set data.iscsiPortal to "${ISCSI_PORTAL}"`,
        edits: [{ op: 'replace', path: PATH, value: ISCSI_PORTAL }],
      },
    });
  },
  affected: reclassifiedConfigMaps,
};

/** The part in which a portal differs from the right one; empty if it has nothing in common with it. */
function difference(value: string): string {
  const [host, port] = ISCSI_PORTAL.split(':') as [string, string];
  if (/\s/.test(value)) return ' without white space';
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(value)) return ' without a scheme';
  if (value.includes(',')) return ' without anything after the port';
  const colon = value.lastIndexOf(':');
  if (colon < 0) return value === host ? ` (the port ":${port}" is missing)` : '';
  const sameHost = value.slice(0, colon) === host;
  const samePort = value.slice(colon + 1) === port;
  if (sameHost) return ` (the port is ${quoted(value.slice(colon + 1))})`;
  return samePort ? ` (the host is ${quoted(value.slice(0, colon))})` : ' (host and port differ)';
}
