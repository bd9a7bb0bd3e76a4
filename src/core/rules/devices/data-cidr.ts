import { type CidrReading, readCidr } from '../../iomesh/cidr.ts';
import { readString } from '../../schema/read-field.ts';
import type { ProposedFix } from '../../finding.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { ReportViolation, Rule } from '../../rule.ts';
import { withFields } from '../../base/help-text.ts';
import { quoted } from '../../base/text.ts';

const CHUNK: Path = ['spec', 'chunk', 'dataCIDR'];
const ACCESS: Path = ['spec', 'chunk', 'accessCIDR'];
const REDIRECTOR: Path = ['spec', 'redirector', 'dataCIDR'];

/** IOM304: dataCIDR of chunk and redirector is one network in CIDR notation, and so is accessCIDR if it is set. */
export const dataCidr: Rule = {
  code: 'IOM304',
  name: 'data-cidr',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],

  check(subject, world, report) {
    const access = readString(world, subject, ACCESS).value;
    // The chart writes an empty one by default.
    if (access !== undefined && access !== '') checkOne(subject, ACCESS, access, report);
    const chunk = readString(world, subject, CHUNK).value;
    const redirector = readString(world, subject, REDIRECTOR).value;
    const chunkNet = chunk === undefined ? undefined : checkOne(subject, CHUNK, chunk, report);
    const redirectorNet =
      redirector === undefined ? undefined : checkOne(subject, REDIRECTOR, redirector, report);
    if (chunkNet?.ok !== true || redirectorNet?.ok !== true) return;
    const due = chunkNet.cidr.network;
    if (redirectorNet.cidr.network === due) return;
    report({
      path: REDIRECTOR,
      message: `dataCIDR of redirector is ${quoted(redirector!)}, but dataCIDR of chunk is ${quoted(chunk!)} (${displayName(subject.ref)})`,
      help: withFields`set ${REDIRECTOR} to "${due}", or set both to the data network of the cluster`,
      related: [
        { resource: subject, path: CHUNK, message: `${displayName(subject.ref)}, spec.chunk.dataCIDR` },
      ],
      identity: `${subject.key}|differ`,
      evidence: [`${due} ${redirectorNet.cidr.network}`],
      // The finding about host bits already has a fix for the same field.
      fix: redirectorNet.cidr.hostBits ? undefined : setTo(REDIRECTOR, due),
    });
  },
};

/** Reports an error within one field. */
function checkOne(subject: Resource, path: Path, text: string, report: ReportViolation): CidrReading {
  const reading = readCidr(text);
  const right = reading.ok ? reading.cidr.network : reading.suggestion;
  if (reading.ok && !reading.cidr.hostBits) return reading;
  const owner = `${path[2]} of ${path[1]}`;
  report({
    path,
    message: reading.ok
      ? `${owner} is ${quoted(text)}, an address inside the network "${right}" (${displayName(subject.ref)})`
      : `${owner} ${quoted(text)} ${reading.problem} (${displayName(subject.ref)})`,
    help:
      right === undefined
        ? withFields`set ${path} to a network address with a prefix length, such as "10.234.1.0/24"`
        : withFields`set ${path} to "${right}"`,
    fix: right === undefined ? undefined : setTo(path, right),
  });
  return reading;
}

function setTo(path: Path, value: string): ProposedFix {
  return {
    safety: 'unsafe',
    description: withFields`set ${path} to "${value}"`,
    edits: [{ op: 'replace', path, value }],
  };
}
