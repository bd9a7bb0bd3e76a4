import type { Rule, Violation } from '../../rule.ts';
import { schemaErrorsOf } from '../../checks/schema-errors.ts';
import { RECREATE } from '../../iomesh/class-parameters.ts';
import { type MisnamedClass, misnamedClass } from '../../iomesh/misnamed-class.ts';
import { quoted } from '../../base/text.ts';

const PATH = ['provisioner'];

export const provisioner: Rule = {
  code: 'IOM515',
  name: 'provisioner',
  // A class can be created again, and the driver may be installed under this name.
  severity: { lint: 'error', admission: 'warn' },
  minor: { lint: 'warning', admission: 'warn' },
  fix: 'unsafe',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    const misnamed = misnamedClass(subject, world.config);
    if (misnamed === undefined) return;
    const reported = schemaErrorsOf('IOM007', subject, world).some(({ path }) => path[0] === PATH[0]);
    if (reported && world.suppresses('IOM007', subject)) return;
    report(violationOf(misnamed, world.config.provisioner));
  },
};

function violationOf({ kind, provisioner: actual }: MisnamedClass, name: string): Violation {
  const order = `set provisioner to ${quoted(name)}`;
  const configure = `if the driver is installed under this name (csi-driver.driver.nameOverride), set provisioner: ${actual} in the configuration of iomesh-guard`;
  const fix = {
    safety: 'unsafe' as const,
    description: order,
    edits: [{ op: 'replace' as const, path: PATH, value: name }],
  };
  if (kind === 'placeholder')
    return {
      path: PATH,
      message: `provisioner is the placeholder ${quoted(actual)}, but the IOMesh CSI driver is ${quoted(name)}`,
      help: `${order}; ${RECREATE}`,
      fix,
    };
  if (kind === 'misspelt')
    return {
      path: PATH,
      message: `provisioner is ${quoted(actual)}, but the IOMesh CSI driver is ${quoted(name)}; did you mean ${quoted(name)}?`,
      help: `${order}; ${RECREATE}; ${configure}`,
      fix,
    };
  return {
    path: PATH,
    minor: true,
    message: `the class has parameters of IOMesh, but provisioner is ${quoted(actual)}, and the IOMesh CSI driver is ${quoted(name)}; the rules for classes are skipped`,
    help: `${order} (${RECREATE}); ${configure}`,
    fix,
  };
}
