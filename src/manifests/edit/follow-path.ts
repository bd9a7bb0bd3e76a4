import { formatPath, type Path } from '../../core/base/path.ts';
import type { SyntaxEntry, SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { EditRefusal } from './text-edit.ts';

/** One step of a path: an entry of a collection. */
export interface PathStep {
  readonly holder: SyntaxNode;
  readonly index: number;
  readonly entry: SyntaxEntry;
}

/** How far a document has the parts of a path. */
export interface FollowedPath {
  readonly steps: readonly PathStep[];
  /** The value of the last part that exists. */
  readonly node: SyntaxNode;
  /** The parts that do not exist. */
  readonly rest: Path;
}

/**
 * Follows a path. Throws {@link EditRefusal} if an edit there would change more than this place: at an
 * alias, a merge, an anchor that an alias repeats, or a duplicate key.
 */
export function followPath(tree: SyntaxTree, path: Path): FollowedPath {
  const steps: PathStep[] = [];
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
      if (!hasMember(entry.value, key)) continue;
      throw new EditRefusal(`${formatPath(path)} comes from a merge key (\`<<\`)`);
    }
    if (entry.key !== key) continue;
    if (found !== undefined) throw new EditRefusal(`the key ${JSON.stringify(key)} is set twice`);
    found = index;
  }
  return found;
}

/** True if a merge of this value adds that key. */
function hasMember(value: SyntaxNode, key: string): boolean {
  const node = value.kind === 'alias' ? value.target : value;
  if (node === undefined) return false;
  return node.entries.some((entry) =>
    node.kind === 'sequence' || entry.isMerge ? hasMember(entry.value, key) : entry.key === key,
  );
}

function refuseShared(tree: SyntaxTree, node: SyntaxNode): void {
  if (node.kind === 'alias') {
    throw new EditRefusal(`its value comes from the alias ${tree.text.slice(node.start, node.end)}`);
  }
  if (tree.shared.has(node)) throw new EditRefusal(`an alias repeats the anchor &${node.anchor} elsewhere`);
}

/** Throws {@link EditRefusal} if an alias elsewhere repeats a value, or something in it. */
export function refuseAnchors(tree: SyntaxTree, node: SyntaxNode): void {
  if (tree.shared.has(node)) refuseShared(tree, node);
  for (const { value } of node.entries) refuseAnchors(tree, value);
}

/** Throws {@link EditRefusal} for a value with a tag, which decides its type, or with an anchor, which names it. */
export function refuseProperties(node: SyntaxNode): void {
  if (node.tag !== '') throw new EditRefusal('it has a tag (`!`), which decides how it is read');
  if (node.anchor !== '') throw new EditRefusal(`it has the anchor &${node.anchor}`);
}
