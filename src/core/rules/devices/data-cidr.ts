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
  doc: {
    summary:
      'A `dataCIDR` is not a network in CIDR notation, has host bits set, or differs between chunk and redirector.',
    why: 'Each node looks among its own addresses for the one that lies in the data network. With a text that is no network none is found. With two networks chunk servers and redirectors talk past each other, or storage traffic takes the wrong wire.',
    bad: `spec:
  chunk:
    dataCIDR: 10.234.1.0/24
  redirector:
    dataCIDR: 10.234.1.17/24`,
    good: `spec:
  chunk:
    dataCIDR: 10.234.1.0/24
  redirector:
    dataCIDR: 10.234.1.0/24`,
    remedy:
      'Write the network address and its prefix length, the same for both. Octets have no leading zeros: some programs read them as octal. An absent dataCIDR is not reported here: it is filled from the other one.',
    basis:
      'guide: both dataCIDRs are set, to the storage network. vendor: the Helm chart feeds both from one value. inferred: that host bits are a slip; the network they lie in is what a reader of the CIDR takes.',
  },

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
