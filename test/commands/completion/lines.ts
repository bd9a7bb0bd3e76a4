/** What a person types, and the words the command then gets. Tab is \t; the directory holds `files` below. */
export const FILES = {
  'clusters/iomesh.yaml': '',
  "my pool's $(touch pwned)/iomesh.yaml": '',
  'iomesh-guard.yaml': '',
};

export const LINES: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['li\t', ['lint']],
  ['comp\t zs\t', ['completion', 'zsh']],
  ['help ser\t', ['help', 'serve']],
  ['lint clu\tio\t', ['lint', 'clusters/iomesh.yaml']],
  ['lint my\tio\t', ['lint', "my pool's $(touch pwned)/iomesh.yaml"]],
  ['lint --format js\t', ['lint', '--format', 'json']],
  ['lint --format=js\t', ['lint', '--format=json']],
  ['lint -f js\t --max-w\t3', ['lint', '-f', 'json', '--max-warnings', '3']],
  ['lint -f json --form\tsar\t', ['lint', '-f', 'json', '--format', 'sarif']],
  ['lint --fail-o\tnev\t', ['lint', '--fail-on', 'never']],
  ['lint -c iomesh-g\t', ['lint', '-c', 'iomesh-guard.yaml']],
  ['lint -- --qui\t', ['lint', '--', '--qui']],
  ['serve --port 1 --log-l\tdeb\t', ['serve', '--port', '1', '--log-level', 'debug']],
  ['serve --world clu\t', ['serve', '--world', 'clusters']],
  ['serve --world iomesh-g\t', ['serve', '--world', 'iomesh-g']],
  ['explain affinity-o\t', ['explain', 'affinity-overlap']],
  ['explain IOM101 iom-nothing\t', ['explain', 'IOM101', 'iom-nothing']],
  ['explain IOM101 affinity-o\t', ['explain', 'IOM101', 'affinity-overlap']],
  ['explain iomesh-g\t', ['explain', 'iomesh-g']],
  ['completion zsh ba\t', ['completion', 'zsh', 'ba']],
];

/** What a shell may do with a word of its own accord: --flag=value for --flag value, a slash behind a directory. */
export function essence(words: readonly string[]): string[] {
  return words
    .flatMap((word) =>
      /^--[a-z-]+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : word,
    )
    .map((word) => word.replace(/\/$/, ''));
}
