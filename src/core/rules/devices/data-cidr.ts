import { type CidrReading, readCidr } from '../../iomesh/cidr.ts';
import { readString } from '../../schema/read-field.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Path } from '../../base/path.ts';
import type { Report, Rule } from '../../rule.ts';
import { quoted } from '../../base/text.ts';

const CHUNK: Path = ['spec', 'chunk', 'dataCIDR'];
const REDIRECTOR: Path = ['spec', 'redirector', 'dataCIDR'];

/** IOM304: chunk and redirector name one and the same data network. */
export const dataCidr: Rule = {
  code: 'IOM304',
  name: 'data-cidr',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['IOMeshCluster'],

  check(subject, world, report) {
    const chunk = readString(world, subject, CHUNK).value;
    const redirector = readString(world, subject, REDIRECTOR).value;
    const chunkNet = chunk === undefined ? undefined : judgeOne(subject, CHUNK, chunk, report);
    const redirectorNet =
      redirector === undefined ? undefined : judgeOne(subject, REDIRECTOR, redirector, report);
    if (chunkNet?.ok !== true || redirectorNet?.ok !== true) return;
    const due = chunkNet.cidr.network;
    if (redirectorNet.cidr.network === due) return;
    report({
      path: REDIRECTOR,
      message: `dataCIDR of redirector is ${quoted(redirector!)}, that of chunk is ${quoted(chunk!)} (${displayName(subject.ref)})`,
      help: `one data network serves both: set spec.redirector.dataCIDR to "${due}", or both to the right one`,
      related: [
        { resource: subject, path: CHUNK, message: `${displayName(subject.ref)}, spec.chunk.dataCIDR` },
      ],
      identity: `${subject.key}|differ`,
      evidence: [`${due} ${redirectorNet.cidr.network}`],
      // A network with host bits has a fix of its own for the same field.
      ...(redirectorNet.cidr.hostBits
        ? {}
        : {
            fix: {
              safety: 'unsafe',
              description: `set spec.redirector.dataCIDR to "${due}"`,
              edits: [{ op: 'replace', path: REDIRECTOR, value: due }],
            },
          }),
    });
  },
};

/** Reports what is wrong with one dataCIDR by itself. */
function judgeOne(subject: Resource, path: Path, text: string, report: Report): CidrReading {
  const reading = readCidr(text);
  const right = reading.ok ? reading.cidr.network : reading.suggestion;
  if (reading.ok && !reading.cidr.hostBits) return reading;
  const owner = `dataCIDR of ${path[1]}`;
  report({
    path,
    message: reading.ok
      ? `${owner} is ${quoted(text)}, an address inside the network "${right}" (${displayName(subject.ref)})`
      : `${owner} ${quoted(text)} ${reading.problem} (${displayName(subject.ref)})`,
    help:
      right === undefined
        ? 'give the network address and the prefix length, such as "10.234.1.0/24"'
        : `set ${path.join('.')} to "${right}"`,
    ...(right === undefined
      ? {}
      : {
          fix: {
            safety: 'unsafe',
            description: `set ${path.join('.')} to "${right}"`,
            edits: [{ op: 'replace', path, value: right }],
          },
        }),
  });
  return reading;
}
