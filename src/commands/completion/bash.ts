import type { CompletedFlag, CompletedVerb, Place } from './grammar.ts';
import { shellWord } from './quote.ts';

/** A bash script that makes Tab complete `iomesh-guard`. It needs bash 4 and nothing beside it. */
export function bashCompletion(verbs: readonly CompletedVerb[]): string {
  return `# bash completion of iomesh-guard: source <(iomesh-guard completion bash)

# Puts into offer how the value of the flag $2 of the verb $1 is completed; false for one without a value.
_iomesh_guard_value() {
  case "$1 $2" in
${verbs.flatMap((verb) => verb.flags.flatMap((flag) => valueCase(verb, flag))).join('\n')}
    *) return 1 ;;
  esac
}

# Puts into offer how the operand number $2 of the verb $1 is completed.
_iomesh_guard_operand() {
  case "$1 $2" in
${verbs.flatMap(operandCases).join('\n')}
  esac
}

# The flags of the verb $1.
_iomesh_guard_flags() {
  case "$1" in
${verbs.map((verb) => `    ${verb.text}) _iomesh_guard_words ${verb.flags.map((flag) => `--${flag.name}`).join(' ')} ;;`).join('\n')}
  esac
}

_iomesh_guard_words() {
  local word
  for word in "$@"; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

# Readline knows best how files are quoted; it does so where we offer nothing.
_iomesh_guard_files() { compopt -o default; }
_iomesh_guard_directories() { compopt -o dirnames; }

_iomesh_guard() {
  local cur=\${COMP_WORDS[COMP_CWORD]} verb= flag= word
  local -a offer=()
  local -i at operands=0 literal=0
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ -z $verb ]]; then
      verb=$word
    elif [[ -n $flag ]]; then
      # Bash makes three words of --flag=value.
      [[ $word == = ]] || flag=
    elif ((literal)) || [[ $word != -?* ]]; then
      operands+=1
    elif [[ $word == -- ]]; then
      literal=1
    elif [[ \${COMP_WORDS[at + 1]} == = ]] || _iomesh_guard_value "$verb" "$word"; then
      flag=$word
    fi
  done
  offer=(:)
  if [[ -z $verb ]]; then
    _iomesh_guard_words ${verbs.map((verb) => verb.text).join(' ')} --help --version
  elif [[ -n $flag ]]; then
    [[ $cur == = ]] && cur=
    _iomesh_guard_value "$verb" "$flag"
  elif [[ $cur == -* ]] && ! ((literal)); then
    _iomesh_guard_flags "$verb"
  else
    _iomesh_guard_operand "$verb" "$operands"
  fi
  "\${offer[@]}"
}

complete -F _iomesh_guard iomesh-guard
`;
}

function valueCase(verb: CompletedVerb, flag: CompletedFlag): string[] {
  if (flag.value === undefined) return [];
  const names = [`--${flag.name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])];
  const patterns = names.map((name) => shellWord(`${verb.text} ${name}`)).join(' | ');
  return [`    ${patterns}) ${offer(flag.value)} ;;`];
}

function operandCases(verb: CompletedVerb): string[] {
  return verb.operands.map((operand, index) => {
    const last = index === verb.operands.length - 1 && verb.endless;
    return `    ${last ? `${shellWord(`${verb.text} `)}*` : shellWord(`${verb.text} ${index}`)}) ${offer(operand)} ;;`;
  });
}

function offer({ candidates }: Place): string {
  if (candidates.kind === 'words')
    return `offer=(_iomesh_guard_words ${candidates.words.map(({ text }) => shellWord(text)).join(' ')})`;
  return candidates.kind === 'unknown' ? 'offer=(:)' : `offer=(_iomesh_guard_${candidates.kind})`;
}
