import { scalarText } from './scalar-text.ts';
import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { EditRefusal, type TextEdit } from './types.ts';

/** The edit that gives a member another key, quoted as the old one. */
export function renamed(tree: SyntaxTree, keyNode: SyntaxNode, key: string): TextEdit {
  if (keyNode.kind !== 'scalar' || keyNode.style === 'block' || keyNode.tag !== '')
    throw new EditRefusal('its key is written in a form that is not edited');
  if (tree.shared.has(keyNode)) throw new EditRefusal('an alias repeats its key elsewhere');
  const quote = keyNode.style === 'single' || keyNode.style === 'double' ? keyNode.style : 'plain';
  return { start: keyNode.start, end: keyNode.end, replacement: scalarText(key, quote) };
}
