import { formatPath, type Path } from '../../core/base/path.ts';
import type { SyntaxEntry, SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { EditRefusal } from './types.ts';

/** One step into a document: the entry of a collection that leads on. */
export interface Step {
  readonly holder: SyntaxNode;
  readonly index: number;
  readonly entry: SyntaxEntry;
}

/** How far a path leads into a document. */
export interface Walk {
  readonly steps: readonly Step[];
  /** Where it ends. */
  readonly node: SyntaxNode;
  /** What of the path is not there. */
  readonly rest: Path;
}

/**
 * Follows a path. Throws {@link EditRefusal} where it leads through text that stands for more than this
 * one place: an alias, a merge, an anchor that is repeated, a key that stands twice.
 */
export function walk(tree: SyntaxTree, path: Path): Walk {
  const steps: Step[] = [];
  let node = tree.root;
  refuseShared(tree, node);
  for (const [depth, key] of path.entries()) {
    const index = typeof key === 'number' ? itemAt(node, key) : memberAt(node, key, path.slice(0, depth + 1));
    const entry = index === undefined ? undefined : node.entries[index];
    if (entry === undefined || index === undefined) return { steps, node, rest: path.slice(depth) };
    steps.push({ holder: node, index, entry });
    node = entry.value;
    refuseShared(tree, node);
  }
  return { steps, node, rest: [] };
}

function itemAt(node: SyntaxNode, index: number): number | undefined {
  return node.kind === 'sequence' && index < node.entries.length ? index : undefined;
}

function memberAt(node: SyntaxNode, key: string, path: Path): number | undefined {
  if (node.kind !== 'mapping') return undefined;
  let found: number | undefined;
  for (const [index, entry] of node.entries.entries()) {
    if (entry.isMerge) {
      if (!brings(entry.value, key)) continue;
      throw new EditRefusal(`${formatPath(path)} comes in by a merge key (\`<<\`)`);
    }
    if (entry.key !== key) continue;
    if (found !== undefined) throw new EditRefusal(`the key ${JSON.stringify(key)} stands twice`);
    found = index;
  }
  return found;
}

/** True where a merge of this value gives a mapping that key. */
function brings(value: SyntaxNode, key: string): boolean {
  const node = value.kind === 'alias' ? value.target : value;
  if (node === undefined) return false;
  return node.entries.some((entry) =>
    node.kind === 'sequence' || entry.isMerge ? brings(entry.value, key) : entry.key === key,
  );
}

function refuseShared(tree: SyntaxTree, node: SyntaxNode): void {
  if (node.kind === 'alias') {
    throw new EditRefusal(`it is reached through the alias ${tree.text.slice(node.start, node.end)}`);
  }
  if (tree.shared.has(node)) throw new EditRefusal(`an alias repeats the anchor &${node.anchor} elsewhere`);
}

/** Throws {@link EditRefusal} where a value, or something in it, is repeated by an alias elsewhere. */
export function refuseAnchors(tree: SyntaxTree, node: SyntaxNode): void {
  if (tree.shared.has(node)) refuseShared(tree, node);
  for (const { value } of node.entries) refuseAnchors(tree, value);
}

/** Throws {@link EditRefusal} for a value with a tag or an anchor: they say how it is read, or name it. */
export function refuseProperties(node: SyntaxNode): void {
  if (node.tag !== '') throw new EditRefusal(`it carries a tag (\`!\`), which decides how it is read`);
  if (node.anchor !== '') throw new EditRefusal(`it carries the anchor &${node.anchor}`);
}
