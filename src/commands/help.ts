import type { Command, Flag, Operand } from './command.ts';

const WIDTH = 100;

/** The text of `iomesh-guard --help`. */
export function overview(commands: readonly Command[], version: string): string {
  return [
    `iomesh-guard ${version}: checks that the IOMesh clusters of one Kubernetes cluster do not conflict`,
    '',
    'Usage: iomesh-guard COMMAND [ARGUMENT…]',
    '',
    'Commands:',
    ...table(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Flags:',
    ...table([
      ['-h, --help', 'print this help, or the help of a command'],
      ['-V, --version', 'print the version'],
    ]),
    '',
    'Run iomesh-guard COMMAND --help for the flags of a command.',
    '',
  ].join('\n');
}

/** The text of `iomesh-guard VERB --help`. */
export function commandHelp(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, flag]): [string, string] => [
    `${flag.short === undefined ? '' : `-${flag.short}, `}${flagUsage(name, flag)}`,
    flagDescription(flag, (choice) => choice),
  ]);
  const exitCodes = exitCodeRows(command);
  return [
    command.summary,
    '',
    `Usage: ${usageLine(command)}`,
    '',
    ...command.description.split('\n').flatMap((line) => wrap(line, WIDTH)),
    '',
    'Flags:',
    ...table([...flags, ['-h, --help', 'print this help']]),
    '',
    'Examples:',
    ...command.examples.flatMap(({ command: line, does }) => [`  ${line}`, `      ${does}`]),
    ...(exitCodes.length === 0 ? [] : ['', 'Exit codes:', ...table(exitCodes)]),
    '',
  ].join('\n');
}

/** `iomesh-guard lint [PATH…] [FLAG…]`. */
export function usageLine({ name, operands, flags }: Command): string {
  const required = Object.entries(flags).filter(([, flag]) => flag.required === true);
  const words = [...operands.map(operandUsage), ...required.map(([flag, its]) => flagUsage(flag, its))];
  return ['iomesh-guard', name, ...words, '[FLAG…]'].join(' ');
}

function operandUsage({ name, multiple, optional }: Operand): string {
  const all = multiple === true ? `${name}…` : name;
  return optional === true ? `[${all}]` : all;
}

/** `--output FILE`. */
export function flagUsage(name: string, { value }: Flag): string {
  return `--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** The description of a flag with its choices, each written by `quote`, and whether it may be repeated. */
export function flagDescription(
  { description, choices, multiple }: Flag,
  quote: (text: string) => string,
): string {
  const list = choices === undefined ? '' : ` (${choices.map(quote).join(', ')})`;
  return `${description}${multiple === true ? '; may be repeated' : ''}${list}`;
}

/** Each exit code of a verb with its meaning; none for a verb that only prints text. */
export function exitCodeRows({ exitCodes }: Command): readonly (readonly [string, string])[] {
  return exitCodes === undefined
    ? []
    : Object.entries({ ...exitCodes, 3: 'an internal error of iomesh-guard' });
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.flatMap(([left, right]) =>
    wrap(right, WIDTH - width - 4).map(
      (line, index) => `  ${(index === 0 ? left : '').padEnd(width)}  ${line}`,
    ),
  );
}

/** Lines of at most `width` characters, broken between words. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
