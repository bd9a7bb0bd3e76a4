const BASH = `# bash completion of iomesh-guard: source <(iomesh-guard completion bash)
_iomesh_guard() {
  local line offered
  COMPREPLY=()
  offered=$(iomesh-guard __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null) || return 0
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default ;;
      :directories) compopt -o dirnames ;;
      ?*) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done <<< "$offered"
}
complete -F _iomesh_guard iomesh-guard
`;

const ZSH = `#compdef iomesh-guard
# zsh completion of iomesh-guard: source <(iomesh-guard completion zsh)
_iomesh-guard() {
  local line
  local -a offered
  for line in "\${(@f)$(iomesh-guard __complete "\${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
    case $line in
      :files) compset -P '--*='; _files; return ;;
      :directories) compset -P '--*='; _path_files -/; return ;;
      ?*) line=\${line//:/\\\\:}; offered+=("\${line/$'\\t'/:}") ;;
    esac
  done
  _describe iomesh-guard offered
}
if [[ $funcstack[1] == _iomesh-guard ]]; then
  _iomesh-guard "$@"
else
  compdef _iomesh-guard iomesh-guard
fi
`;

const FISH = `# fish completion of iomesh-guard: iomesh-guard completion fish | source
function __iomesh_guard_offer
  set -l words (commandline -opc)
  set -l word (commandline -ct)
  set -g __iomesh_guard_offered (iomesh-guard __complete $words[2..-1] "$word" 2> /dev/null)
  switch "$__iomesh_guard_offered[1]"
    case :files
      return 1
    case :directories
      set -l flag (string match -r -- '^--[^=]*=' "$word")
      set __iomesh_guard_offered "$flag"(__fish_complete_directories (string replace -r -- '^--[^=]*=' '' "$word") '')
  end
end
complete -c iomesh-guard -n __iomesh_guard_offer -f -a '$__iomesh_guard_offered'
`;

const POWERSHELL = `# PowerShell completion of iomesh-guard: iomesh-guard completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName iomesh-guard -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -le $cursorPosition } |
    ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
  # Before 7.3, PowerShell drops an empty argument of a program.
  if ($wordToComplete -eq '') { $words += if ($PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { '' } }
  iomesh-guard __complete @words 2> $null | ForEach-Object {
    $word, $description = $_ -split "\`t", 2
    if ($word -eq ':files' -or $word -eq ':directories') {
      $flag = if ($wordToComplete -match '^--[^=]*=') { $Matches[0] } else { '' }
      [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete.Substring($flag.Length)) |
        Where-Object { $word -eq ':files' -or $_.ResultType -eq 'ProviderContainer' } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($flag + $_.CompletionText, $_.ListItemText, $_.ResultType, $_.ToolTip) }
    } else {
      if (-not $description) { $description = $word }
      [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $description)
    }
  }
}
`;

/**
 * The script that each shell loads. It runs `iomesh-guard __complete WORD…` with the words up to the cursor, and gets
 * from `offersFor` one word per line, with a description after a tab, or `:files` or `:directories`.
 */
export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL } as const;
