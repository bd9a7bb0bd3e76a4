import type { Command, Flag } from './command.ts';

const WIDTH = 100;

/** What `iomesh-guard --help` prints. */
export function overview(commands: readonly Command[], version: string): string {
  const rows = commands.map((command): [string, string] => [command.name, command.summary]);
  return [
    `iomesh-guard ${version}: keeps several IOMesh clusters in one Kubernetes cluster apart and in step`,
    '',
    'Usage: iomesh-guard COMMAND [ARGUMENT…]',
    '',
    'Commands:',
    ...table(rows),
    '',
    'Flags:',
    ...table([
      ['-h, --help', 'print this, or the help of a command'],
      ['-V, --version', 'print the version'],
    ]),
    '',
    'iomesh-guard COMMAND --help tells more.',
    '',
  ].join('\n');
}

/** What `iomesh-guard VERB --help` prints. */
export function commandHelp(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, flag]): [string, string] => [
    flagName(name, flag),
    flagText(flag),
  ]);
  flags.push(['-h, --help', 'print this']);
  return [
    command.summary,
    '',
    `Usage: iomesh-guard ${command.name} [FLAG…] ${command.operands}`.trimEnd(),
    '',
    ...command.description.split('\n').flatMap((line) => wrap(line, WIDTH)),
    '',
    'Flags:',
    ...table(flags),
    '',
    'Examples:',
    ...command.examples.flatMap(({ command: line, does }) => [`  ${line}`, `      ${does}`]),
    ...(command.exitCodes === undefined
      ? []
      : ['', 'Exit codes:', ...command.exitCodes.map((each) => `  ${each}`)]),
    '',
  ].join('\n');
}

function flagName(name: string, flag: Flag): string {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  return `${short}--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`;
}

function flagText(flag: Flag): string {
  const choices = flag.choices === undefined ? '' : ` (${flag.choices.join(', ')})`;
  return `${flag.description}${choices}`;
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
