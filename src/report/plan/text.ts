import type { IomeshVersion } from '../../core/base/iomesh-version.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { joined, plural } from '../../core/base/text.ts';
import { type ShellCluster, shellLine } from '../../core/plan/shell.ts';
import type { OperationPlan, PlanFinding, PlanLoss, PlanStep } from '../../core/plan/types.ts';
import type { Colors } from '../colors.ts';

/** Warnings of one step that are printed. */
const MAX_WARNINGS = 3;
/** Objects of one finding that are named. */
const MAX_OBJECTS = 10;

const TITLES = { remove: 'Remove', upgrade: 'Upgrade', scale: 'Scale' } as const;

/** The plan for a terminal. Ends with a newline. */
export function planText(
  plan: OperationPlan,
  iomeshVersion: IomeshVersion,
  cluster: ShellCluster,
  colors: Colors,
): string {
  const head = `${TITLES[plan.operation]} ${plan.cluster ?? 'all clusters'} (IOMesh ${iomeshVersion})`;
  const parts = [
    [colors.bold(sanitize(head)), ...plan.target.map((each) => `  ${sanitize(each)}`)],
    // First what decides whether to begin at all.
    list(colors.red('Stop:'), plan.stops),
    ...(plan.operation === 'remove' ? [[lossLine(plan.lost, colors)]] : []),
    list('Not known:', plan.unknown),
    ...(plan.steps.length === 0 ? [['nothing to do']] : []),
    ...plan.steps.map((step, index) => stepLines(step, index + 1, cluster, colors)),
    ['nothing was changed'],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function lossLine(lost: PlanLoss | undefined, colors: Colors): string {
  if (lost === undefined) return colors.red('Would be lost: unknown');
  if (lost.count === 0) return 'Would be lost: no volume';
  const more = lost.count - lost.names.length;
  const names = joined(more > 0 ? [...lost.names, `${more} more`] : lost.names, lost.names.length + 1);
  const text = `Would be lost: ${lost.count} ${plural(lost.count, 'volume')}, ${lost.bound} bound: ${names}`;
  return colors.red(sanitize(text));
}

function stepLines(
  { title, command, wait, denied, warned }: PlanStep,
  number: number,
  cluster: ShellCluster,
  colors: Colors,
): string[] {
  const warnings = withObjects(warned);
  const more = warnings.length - MAX_WARNINGS;
  return [
    `${number}. ${sanitize(title)}`,
    ...(command === undefined ? [] : [`     ${sanitize(shellLine(command, cluster))}`]),
    ...(wait === undefined
      ? []
      : [`   wait until ${sanitize(wait.until)}${wait.check === undefined ? '' : ':'}`]),
    ...(wait?.check === undefined ? [] : [`     ${sanitize(shellLine(wait.check, cluster))}`]),
    ...withObjects(denied).flatMap(({ text, help }) => [
      colors.red(`   DENIED by ${text}`),
      ...(help === undefined ? [] : [`     help: ${sanitize(help)}`]),
    ]),
    ...warnings.slice(0, MAX_WARNINGS).map(({ text }) => colors.yellow(`   warning ${text}`)),
    ...(more > 0 ? [colors.yellow(`   and ${more} more ${plural(more, 'warning')}`)] : []),
  ];
}

/** The findings as they are printed: those with the same message are one, with all objects. */
function withObjects(
  findings: readonly PlanFinding[],
): readonly { text: string; help: string | undefined }[] {
  const groups = new Map<string, PlanFinding[]>();
  for (const each of findings) {
    const key = `${each.code} ${each.name}: ${each.message}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups].map(([key, members]) => {
    const objects = members.flatMap(({ object }) => object ?? []);
    const names = objects.length === 0 ? '' : ` [${joined(objects, MAX_OBJECTS)}]`;
    return { text: sanitize(`${key}${names}`), help: members[0]?.help };
  });
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  - ${sanitize(line)}`)];
}
