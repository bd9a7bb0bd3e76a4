import type { IomeshVersion } from '../../core/base/iomesh-version.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { joined, plural } from '../../core/base/text.ts';
import { type ShellCluster, shellLine } from '../../core/plan/shell.ts';
import type { OperationPlan, PlanFinding, PlanLoss, PlanStep } from '../../core/plan/types.ts';
import type { Colors } from '../colors.ts';

/** Warnings of one step that are printed. */
const MAX_WARNINGS = 3;

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
  return [
    `${number}. ${sanitize(title)}`,
    ...(command === undefined ? [] : [`     ${sanitize(shellLine(command, cluster))}`]),
    ...(wait === undefined
      ? []
      : [`   wait until ${sanitize(wait.until)}${wait.check === undefined ? '' : ':'}`]),
    ...(wait?.check === undefined ? [] : [`     ${sanitize(shellLine(wait.check, cluster))}`]),
    ...denied.flatMap((each) => [
      colors.red(`   DENIED by ${findingText(each)}`),
      ...(each.help === undefined ? [] : [`     help: ${sanitize(each.help)}`]),
    ]),
    ...warned.slice(0, MAX_WARNINGS).map((each) => colors.yellow(`   warning ${findingText(each)}`)),
    ...(warned.length > MAX_WARNINGS
      ? [
          colors.yellow(
            `   and ${warned.length - MAX_WARNINGS} more ${plural(warned.length - MAX_WARNINGS, 'warning')}`,
          ),
        ]
      : []),
  ];
}

function findingText({ code, name, message }: PlanFinding): string {
  return `${code} ${name}: ${sanitize(message)}`;
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  - ${sanitize(line)}`)];
}
