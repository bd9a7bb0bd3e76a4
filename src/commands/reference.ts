import type { Command, Flag } from './command.ts';

/** docs/cli.md: every command as `--help` has it, in Markdown. */
export function reference(commands: readonly Command[]): string {
  return [
    '# Commands',
    '',
    'What `iomesh-guard COMMAND --help` says, in one page.',
    '',
    '| command | |',
    '|---|---|',
    ...commands.map(({ name, summary }) => `| [${name}](#iomesh-guard-${name}) | ${cell(summary)} |`),
    '',
    '`iomesh-guard --version` prints the version.',
    '',
    ...commands.flatMap(section),
  ].join('\n');
}

function section(command: Command): string[] {
  const flags = Object.entries(command.flags);
  return [
    `## iomesh-guard ${command.name}`,
    '',
    `${command.summary}.`.replace(/([.?!])\.$/, '$1'),
    '',
    '```',
    `iomesh-guard ${command.name} [FLAG…] ${command.operands}`.trimEnd(),
    '```',
    '',
    ...command.description.split('\n').flatMap((line) => [prose(line), '']),
    ...(flags.length === 0
      ? []
      : ['| flag | |', '|---|---|', ...flags.map(([name, flag]) => row(name, flag)), '']),
    'Examples:',
    '',
    ...command.examples.map((example) => `- \`${example.command}\`: ${prose(example.does)}`),
    '',
    ...(command.exitCodes === undefined
      ? []
      : ['Exit codes:', '', '| code | |', '|---|---|', ...command.exitCodes.map(exitCode), '']),
  ];
}

function row(name: string, flag: Flag): string {
  const value = flag.value === undefined ? '' : ` ${flag.value}`;
  const names = [...(flag.short === undefined ? [] : [`\`-${flag.short}\``]), `\`--${name}${value}\``];
  const choices =
    flag.choices === undefined ? '' : ` (${flag.choices.map((each) => `\`${each}\``).join(', ')})`;
  const more = flag.multiple === true && !/repeat/.test(flag.description) ? '; may be repeated' : '';
  return `| ${names.join(', ')} | ${cell(flag.description)}${choices}${more} |`;
}

function exitCode(line: string): string {
  const [, code, meaning] = /^(\d+)\s+(.*)$/.exec(line) ?? ['', '', line];
  return `| ${code} | ${cell(meaning!)} |`;
}

function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|');
}

/** Plain text that Markdown would take for markup. */
function prose(text: string): string {
  return text.replaceAll(/[*_<>[\]]/g, '\\$&');
}
