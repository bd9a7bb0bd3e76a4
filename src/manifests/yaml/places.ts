import { type Events, MAX_NESTING } from './compose.ts';
import { YamlError } from './error.ts';
import { E } from './events.ts';
import { keyText, MERGE_TAG, resolveScalar } from './scalar.ts';

/** A value of a document with its place. */
export interface PlacedNode {
  start: number;
  end: number;
  readonly entries?: Map<string, Entry> | undefined;
  readonly items?: Entry[] | undefined;
}

/** A member of a mapping or an item of a list. The key of an item is the item itself. */
export interface Entry {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly node: PlacedNode;
  /** Reached through an alias or a merge, or repeated by one elsewhere. */
  readonly shared: boolean;
}

interface Frame {
  readonly node: PlacedNode;
  slot: 'key' | 'value' | 'merge' | 'nowhere';
  key: string;
  keyStart: number;
  keyEnd: number;
}

/** The places of all values of one document, relative to `offset`. */
export function placeNodes(events: Events, offset: number): PlacedNode | undefined {
  const frames: Frame[] = [];
  const anchors = new Map<string, PlacedNode>();
  const repeated = new Set<PlacedNode>();
  let root: PlacedNode | undefined;
  let lastEnd = offset;

  const add = (node: PlacedNode, shared: boolean): void => {
    const frame = frames[frames.length - 1];
    if (frame === undefined) root = node;
    else if (frame.node.items !== undefined) {
      frame.node.items.push({ keyStart: node.start, keyEnd: node.end, node, shared });
    } else {
      const { keyStart, keyEnd } = frame;
      if (frame.slot === 'value') {
        frame.node.entries!.delete(frame.key);
        frame.node.entries!.set(frame.key, { keyStart, keyEnd, node, shared });
      } else if (frame.slot === 'merge') merge(frame.node.entries!, node);
      frame.slot = 'key';
    }
  };

  if (events.next() === E.streamEnd) return undefined;
  for (let type = events.next(); type !== E.documentEnd; type = events.next()) {
    const frame = frames[frames.length - 1];
    const start = events.start + offset;
    const end = events.end + offset;
    const node: PlacedNode = { start, end };
    if (type === E.scalar) {
      const { value: text, tag, implicit, literal, anchor } = events;
      if (anchor !== '') anchors.set(anchor, node);
      if (end > start) lastEnd = end;
      if (frame?.slot !== 'key') add(node, false);
      else if (text === '<<' && (implicit || tag === MERGE_TAG)) frame.slot = 'merge';
      else {
        const value = literal !== undefined ? literal : resolveScalar(tag, implicit, text, start, end);
        const key = keyText(value, text, tag);
        frame.slot = key === undefined ? 'nowhere' : 'value';
        Object.assign(frame, { key: key ?? '', keyStart: start, keyEnd: end });
      }
    } else if (type === E.alias) {
      const target = anchors.get(events.value);
      if (target !== undefined) repeated.add(target);
      lastEnd = end;
      if (frame?.slot === 'key') frame.slot = 'nowhere';
      else if (target !== undefined) add(target, true);
    } else if (type === E.mappingStart || type === E.sequenceStart) {
      if (frames.length >= MAX_NESTING) throw new YamlError('depth', 'nested too deeply', start, end);
      const opened: PlacedNode =
        type === E.mappingStart ? { ...node, entries: new Map() } : { ...node, items: [] };
      if (events.anchor !== '') anchors.set(events.anchor, opened);
      if (frame?.slot === 'key') throw new YamlError('key-type', 'not a key', start, end);
      frames.push({
        node: opened,
        slot: type === E.mappingStart ? 'key' : 'value',
        key: '',
        keyStart: 0,
        keyEnd: 0,
      });
    } else {
      const closed = frames.pop()!.node;
      // A block collection ends with its last text, not with the token that comes after it.
      closed.end = end > start ? end : Math.max(lastEnd, closed.start);
      lastEnd = closed.end;
      add(closed, false);
    }
  }
  if (root !== undefined && repeated.size > 0) markShared(root, repeated);
  return root;
}

function merge(into: Map<string, Entry>, from: PlacedNode): void {
  for (const item of [...(from.items ?? [])].reverse()) merge(into, item.node);
  for (const [key, entry] of from.entries ?? []) into.set(key, { ...entry, shared: true });
}

/** Marks the values that an alias repeats where they stand themselves. */
function markShared(root: PlacedNode, repeated: Set<PlacedNode>): void {
  const seen = new Set<PlacedNode>([root]);
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const [key, entry] of node.entries ?? []) {
      if (repeated.has(entry.node)) node.entries!.set(key, { ...entry, shared: true });
      enter(entry.node);
    }
    for (const [index, entry] of (node.items ?? []).entries()) {
      if (repeated.has(entry.node)) node.items![index] = { ...entry, shared: true };
      enter(entry.node);
    }
  }
  function enter(node: PlacedNode): void {
    if (seen.has(node)) return;
    seen.add(node);
    waiting.push(node);
  }
}
