import {
  HOSTNAME_LABEL,
  type Requirement,
  type Selection,
  type Term,
  type ExampleNode,
} from '../node-selector/index.ts';
import { joined, quoted, quotedList } from '../base/text.ts';

const MAX_TERMS = 2;
const MAX_REQUIREMENTS = 3;

/** A selection in one line: `kubernetes.io/hostname In "a", "b"`, terms joined by `or`. */
export function selectionText(selection: Selection): string {
  const shown = selection.terms.slice(0, MAX_TERMS).map(termText);
  const rest = selection.terms.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more terms`] : [])].join(' or ');
}

/** The text of a requirement: `zone In "a" and "b"`. */
export function requirementText({ key, operator, values }: Requirement): string {
  return values.length === 0 ? `${key} ${operator}` : `${key} ${operator} ${quotedList(values)}`;
}

/** The text of an example node: `a node with disk="ssd" and without rack`. */
export function exampleNodeText(exampleNode: ExampleNode): string {
  const { name, labels, absent } = exampleNode;
  const hostname = Object.hasOwn(labels, HOSTNAME_LABEL) ? labels[HOSTNAME_LABEL] : undefined;
  const named = name ?? hostname;
  const others = Object.entries(labels)
    .filter(([key, value]) => key !== HOSTNAME_LABEL || value !== named)
    .map(([key, value]) => `${key}=${quoted(value)}`);
  if (named === undefined && others.length === 0 && absent.length === 0) return 'any node';
  const parts = [
    ...(others.length > 0 ? [`with ${joined(bounded(others))}`] : []),
    ...(absent.length > 0 ? [`without ${joined(bounded(absent))}`] : []),
  ];
  return [named === undefined ? 'a node' : `node ${quoted(named)}`, ...parts].join(' ');
}

function termText({ requirements }: Term): string {
  const shown = requirements.slice(0, MAX_REQUIREMENTS).map(requirementText);
  const rest = requirements.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(' and ');
}

function bounded(words: readonly string[]): readonly string[] {
  return words.length <= MAX_REQUIREMENTS + 1
    ? words
    : [...words.slice(0, MAX_REQUIREMENTS), `${words.length - MAX_REQUIREMENTS} more`];
}
