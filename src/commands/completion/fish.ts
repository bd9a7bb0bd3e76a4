import type { CompletedFlag, CompletedVerb, Place } from './grammar.ts';
import { fishWord, oneLine } from './quote.ts';

/** A fish script that makes Tab complete `iomesh-guard`. */
export function fishCompletion(verbs: readonly CompletedVerb[]): string {
  return `# fish completion of iomesh-guard: iomesh-guard completion fish | source

# True while the verb itself is still to be said.
function __iomesh_guard_no_verb
  test (count (commandline -opc)) -eq 1
end

# True after the verb $argv[1].
function __iomesh_guard_verb
  set -l words (commandline -opc)
  test (count $words) -ge 2; and test "$words[2]" = "$argv[1]"
end

# True where the operand number $argv[2] of the verb $argv[1] comes next, or a later one where that reads
# 2+; the rest are its flags that take a value.
function __iomesh_guard_operand
  __iomesh_guard_verb $argv[1]; or return 1
  set -l taking $argv[3..-1]
  set -l operands 0
  set -l literal 0
  set -l words (commandline -opc)
  set -l skip 0
  for word in $words[3..-1]
    if test $skip -eq 1
      set skip 0
    else if test $literal -eq 0; and test "$word" = --
      set literal 1
    else if test $literal -eq 0; and contains -- "$word" $taking
      set skip 1
    else if test $literal -eq 1; or not string match -q -- '-?*' "$word"
      set operands (math $operands + 1)
    end
  end
  test $skip -eq 0; or return 1
  if string match -q '*+' $argv[2]
    test $operands -ge (string trim -r -c + $argv[2])
  else
    test $operands -eq $argv[2]
  end
end

complete -c iomesh-guard -f
complete -c iomesh-guard -n __iomesh_guard_no_verb -s h -l help -d 'print the help'
complete -c iomesh-guard -n __iomesh_guard_no_verb -s V -l version -d 'print the version'
${verbs
  .map(
    (verb) =>
      `complete -c iomesh-guard -n __iomesh_guard_no_verb -a ${verb.text} -d ${fishWord(oneLine(verb.description))}`,
  )
  .join('\n')}
${verbs.map(ofVerb).join('\n')}
`;
}

function ofVerb(verb: CompletedVerb): string {
  const taking = verb.flags
    .filter((flag) => flag.value !== undefined)
    .flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
  return [
    '',
    ...verb.flags.map((flag) => ofFlag(verb, flag)),
    ...verb.operands.flatMap((operand, index) => {
      const last = index === verb.operands.length - 1 && verb.endless;
      const condition = ['__iomesh_guard_operand', verb.text, `${index}${last ? '+' : ''}`, ...taking];
      return ofPlace(operand).map(
        (offer) => `complete -c iomesh-guard -n ${fishWord(condition.join(' '))} ${offer}`,
      );
    }),
  ].join('\n');
}

function ofFlag(verb: CompletedVerb, { name, short, description, value }: CompletedFlag): string {
  const words = ['complete', '-c', 'iomesh-guard', '-n', fishWord(`__iomesh_guard_verb ${verb.text}`)];
  if (short !== undefined) words.push('-s', short);
  words.push('-l', name, '-d', fishWord(oneLine(description)));
  if (value === undefined) return words.join(' ');
  if (value.candidates.kind === 'files') return [...words, '-r', '-F'].join(' ');
  const list = value.candidates.kind === 'unknown' ? [] : ['-a', wordList(value)];
  return [...words, '-x', ...list].join(' ');
}

/** The words without a description in one go, each of the others with its own. */
function ofPlace(place: Place): string[] {
  const { candidates } = place;
  if (candidates.kind !== 'words')
    return { files: ['-F'], directories: [`-a ${wordList(place)}`], unknown: [] }[candidates.kind];
  const plain = candidates.words.some((word) => word.description === '');
  return [
    ...(plain ? [`-a ${wordList(place)}`] : []),
    ...candidates.words
      .filter((word) => word.description !== '')
      .map((word) => `-a ${fishWord(fishWord(word.text))} -d ${fishWord(oneLine(word.description))}`),
  ];
}

/** The argument of `-a`: fish reads it as a command line of its own, so words in it are quoted twice. */
function wordList({ candidates }: Place): string {
  if (candidates.kind !== 'words') return fishWord('(__fish_complete_directories)');
  const plain = candidates.words.filter((word) => word.description === '');
  return fishWord(
    (plain.length === 0 ? candidates.words : plain).map(({ text }) => fishWord(text)).join(' '),
  );
}
