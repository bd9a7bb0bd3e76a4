/** Commands of a shell, with every word quoted: names are input. */
import { isDnsSubdomain } from '../base/names.ts';
import type { ObjectRef } from '../base/model.ts';

/** A word of a command, or a command whose output is the word. */
export type ShellWord = string | ShellCommand;

/** A command of kubectl or helm, without the flags that choose the cluster. */
export interface ShellCommand {
  readonly program: 'kubectl' | 'helm';
  readonly words: readonly ShellWord[];
}

/** The live cluster of a command; without a value, the current context of the kubeconfig. */
export interface ShellCluster {
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
}

/** A command of kubectl. */
export function kubectl(...words: readonly ShellWord[]): ShellCommand {
  return { program: 'kubectl', words };
}

/** A command of helm. */
export function helm(...words: readonly ShellWord[]): ShellCommand {
  return { program: 'helm', words };
}

/** The words that name an object: `iomeshcluster a -n b`. */
export function objectWords({ kind, namespace, name }: ObjectRef): readonly string[] {
  return [kind.toLowerCase(), name, ...(namespace === undefined ? [] : ['-n', namespace])];
}

/** True if Kubernetes can store the name. Other names may look like a flag, so no command has them. */
export function canBeStored({ namespace, name }: ObjectRef): boolean {
  return isDnsSubdomain(name) && (namespace === undefined || isDnsSubdomain(namespace));
}

/** The command as one line for a POSIX shell. */
export function shellLine({ program, words }: ShellCommand, cluster: ShellCluster = {}): string {
  const flags = [
    ...(cluster.kubeconfig === undefined ? [] : [`--kubeconfig=${cluster.kubeconfig}`]),
    ...(cluster.context === undefined
      ? []
      : [`--${program === 'helm' ? 'kube-context' : 'context'}=${cluster.context}`]),
  ];
  return [program, ...flags, ...words]
    .map((word) => (typeof word === 'string' ? shellWord(word) : `"$(${shellLine(word, cluster)})"`))
    .join(' ');
}

function shellWord(text: string): string {
  if (/^[A-Za-z0-9@%_+:,./=-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
