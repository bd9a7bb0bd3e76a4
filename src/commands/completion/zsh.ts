import type { CompletedFlag, CompletedVerb, Place, Word } from './grammar.ts';
import { oneLine, shellWord } from './quote.ts';

/** A zsh script that makes Tab complete `iomesh-guard`: to be sourced after compinit, or a file of $fpath. */
export function zshCompletion(verbs: readonly CompletedVerb[]): string {
  const lists = new Lists();
  const cases = verbs.map(
    (verb) => `    ${verb.text})
      _arguments -s -S \\
${specs(verb, lists)
  .map((spec) => `        ${spec}`)
  .join(' \\\n')}
      ;;`,
  );
  return `#compdef iomesh-guard
# zsh completion of iomesh-guard: source <(iomesh-guard completion zsh)

${lists.text()}
_iomesh_guard_verbs() {
  local -a words=(
${verbs.map((verb) => `    ${described(verb)}`).join('\n')}
  )
  _describe -t commands command words
}

_iomesh-guard() {
  local context state state_descr line curcontext="$curcontext"
  local -A opt_args
  _arguments -C -S \\
    '(- *)'{-h,--help}'[print the help]' \\
    '(- *)'{-V,--version}'[print the version]' \\
    '1:command:_iomesh_guard_verbs' \\
    '*:: :->rest' && return 0
  [[ $state == rest ]] || return 1
  case $words[1] in
${cases.join('\n')}
  esac
}

if [[ $funcstack[1] == _iomesh-guard ]]; then
  _iomesh-guard "$@"
else
  compdef _iomesh-guard iomesh-guard
fi
`;
}

/** Lists of words with descriptions, each a function of its own, and the same list once. */
class Lists {
  readonly #names = new Map<string, string>();

  /** The function that offers these words. */
  add(placeholder: string, words: readonly Word[]): string {
    const body = words.map((word) => `    ${described(word)}`).join('\n');
    const tag = shellWord(placeholder.toLowerCase().replaceAll(/\W+/g, '-'));
    const text = `() {
  local -a words=(
${body}
  )
  _describe -t ${tag} ${tag} words
}
`;
    const name = this.#names.get(text) ?? `_iomesh_guard_words_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  text(): string {
    return [...this.#names].map(([text, name]) => `${name}${text}`).join('\n');
  }
}

function specs(verb: CompletedVerb, lists: Lists): string[] {
  const operands = verb.operands.map((operand, index) => {
    const last = index === verb.operands.length - 1 && verb.endless;
    return shellWord(`${last ? '*' : index + 1}${offer(operand, lists)}`);
  });
  return [...verb.flags.map((flag) => flagSpec(flag, lists)), ...operands];
}

function flagSpec({ name, short, description, repeatable, value }: CompletedFlag, lists: Lists): string {
  const long = `--${name}${value === undefined ? '' : '='}`;
  const names = short === undefined ? [long] : [`-${short}${value === undefined ? '' : '+'}`, long];
  // Given once it is not offered again; help ends the matter.
  const others = name === 'help' ? '(- *)' : `(${short === undefined ? '' : `-${short} `}--${name})`;
  const before = shellWord(repeatable ? '*' : others);
  const after = shellWord(
    `[${oneLine(description).replaceAll(/[\\[\]:]/g, '\\$&')}]${value === undefined ? '' : offer(value, lists)}`,
  );
  return `${before}${names.length === 1 ? long : `{${names.join(',')}}`}${after}`;
}

/** `:message:action`. */
function offer({ placeholder, candidates }: Place, lists: Lists): string {
  const message = placeholder.replaceAll(/[\\:]/g, '\\$&');
  if (candidates.kind === 'words') return `:${message}:${lists.add(placeholder, candidates.words)}`;
  return `:${message}:${{ files: '_files', directories: '_path_files -/', unknown: ' ' }[candidates.kind]}`;
}

/** `word:description`, as _describe takes it. */
function described({ text, description }: Word): string {
  const word = text.replaceAll(/[\\:]/g, '\\$&');
  return shellWord(description === '' ? word : `${word}:${oneLine(description).replaceAll('\\', '\\\\')}`);
}
