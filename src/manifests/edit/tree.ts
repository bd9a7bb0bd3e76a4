import type { Events } from '../yaml/compose.ts';
import { MAX_NESTING } from '../yaml/compose.ts';
import { YamlError } from '../yaml/error.ts';
import { E } from '../yaml/events.ts';
import { JsonEvents } from '../yaml/json-events.ts';
import { Parser } from '../yaml/parser.ts';
import { keyText, MERGE_TAG, resolveScalar, type Scalar } from '../yaml/scalar.ts';

/** How a scalar is written; `empty` is a value left out. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'block' | 'empty';

/** A value of a document as it is written. Offsets are those of the text that was read. */
export interface SyntaxNode {
  readonly kind: 'scalar' | 'mapping' | 'sequence' | 'alias';
  /** Where the value itself begins, behind its anchor and tag. */
  readonly start: number;
  /** Where its last text ends; a block scalar's end is behind its last line break. */
  readonly end: number;
  /** A collection in brackets. */
  readonly flow: boolean;
  /** A pair in a flow sequence without braces of its own: `[a: b]`. */
  readonly pair: boolean;
  readonly style: ScalarStyle;
  readonly anchor: string;
  readonly tag: string;
  /** What a scalar is to kubectl. */
  readonly value: Scalar;
  /** What stands in a collection, in order of the text. */
  readonly entries: readonly Entry[];
  /** What an alias repeats. */
  readonly target: SyntaxNode | undefined;
}

/** A member of a mapping, or an item of a sequence. */
export interface Entry {
  /** Undefined for an item, for a merge, and for what cannot be a key of an object. */
  readonly key: string | undefined;
  readonly isMerge: boolean;
  /** Where the key is written; undefined for an item. */
  readonly keyNode: SyntaxNode | undefined;
  readonly value: SyntaxNode;
}

/** One document, taken apart without losing how it is written. */
export interface SyntaxTree {
  readonly text: string;
  readonly isJson: boolean;
  readonly root: SyntaxNode;
  /** What an alias repeats somewhere. */
  readonly shared: ReadonlySet<SyntaxNode>;
}

type Open = { -readonly [K in keyof SyntaxNode]: SyntaxNode[K] } & { entries: Entry[] };

interface Frame {
  readonly node: Open;
  key: SyntaxNode | undefined;
  keyText: string | undefined;
  isMerge: boolean;
}

/**
 * Takes the text of one document apart; undefined for an empty one. `text` has no CRLF. Throws
 * {@link YamlError} for what kubectl refuses.
 */
export function readTree(text: string, isJson: boolean): SyntaxTree | undefined {
  const events: Events = isJson ? new JsonEvents(text, 0) : new Parser(text);
  if (events.next() === E.streamEnd) return undefined;
  const shared = new Set<SyntaxNode>();
  const root = new Reader(text, events, shared).read();
  return root === undefined ? undefined : { text, isJson, root, shared };
}

class Reader {
  readonly #text: string;
  readonly #events: Events;
  readonly #shared: Set<SyntaxNode>;
  readonly #frames: Frame[] = [];
  readonly #anchors = new Map<string, SyntaxNode>();
  #root: SyntaxNode | undefined;
  /** Where the last text ended: a block collection ends there, not at the token behind it. */
  #lastEnd = 0;

  constructor(text: string, events: Events, shared: Set<SyntaxNode>) {
    this.#text = text;
    this.#events = events;
    this.#shared = shared;
  }

  read(): SyntaxNode | undefined {
    const events = this.#events;
    for (let type = events.next(); type !== E.documentEnd; type = events.next()) {
      if (type === E.scalar) this.#leaf(this.#scalar());
      else if (type === E.alias) this.#leaf(this.#alias());
      else if (type === E.mappingStart || type === E.sequenceStart) this.#open(type === E.mappingStart);
      else this.#close();
    }
    return this.#root;
  }

  #leaf(node: SyntaxNode): void {
    // The place of a value left out may lie behind blank lines and comments.
    const isThere = node.end > node.start || ':-'.includes(this.#text[node.end - 1] ?? ' ');
    if (isThere) this.#lastEnd = Math.max(this.#lastEnd, node.end);
    this.#add(node);
  }

  #scalar(): SyntaxNode {
    const { start, end, value: text, tag, implicit, anchor, literal } = this.#events;
    const style = this.#styleAt(start, end);
    const node: SyntaxNode = {
      ...BLANK,
      kind: 'scalar',
      start,
      end,
      anchor,
      tag,
      style: style === 'plain' && text === '' ? 'empty' : style,
      value: literal !== undefined ? literal : resolveScalar(tag, implicit, text, start, end),
    };
    if (anchor !== '') this.#anchors.set(anchor, node);
    return node;
  }

  #styleAt(start: number, end: number): ScalarStyle {
    if (end === start) return 'empty';
    switch (this.#text[start]) {
      case '"':
        return 'double';
      case "'":
        return 'single';
      case '|':
      case '>':
        return 'block';
      default:
        return 'plain';
    }
  }

  #alias(): SyntaxNode {
    const { start, end, value } = this.#events;
    const target = this.#anchors.get(value);
    if (target === undefined) throw new YamlError('alias', 'an alias without an anchor', start, end);
    this.#shared.add(target);
    return { ...BLANK, kind: 'alias', start, end, target };
  }

  #open(isMapping: boolean): void {
    const { start, end, anchor, tag } = this.#events;
    if (this.#frames.length >= MAX_NESTING) throw new YamlError('depth', 'nested too deeply', start, end);
    const last = this.#text[end - 1];
    const flow = end > start && (isMapping ? last === '{' : last === '[');
    const inFlow = this.#frames[this.#frames.length - 1]?.node.flow === true;
    // A sequence at the indentation of its key begins with the dash that the event holds.
    const inside = flow || (!isMapping && end > start && last === '-');
    const node: Open = {
      ...BLANK,
      kind: isMapping ? 'mapping' : 'sequence',
      start: inFlow && !flow ? start : inside ? end - 1 : end,
      end,
      flow: flow || inFlow,
      pair: inFlow && !flow,
      anchor,
      tag,
      entries: [],
    };
    if (anchor !== '') this.#anchors.set(anchor, node);
    this.#frames.push({ node, key: undefined, keyText: undefined, isMerge: false });
  }

  #close(): void {
    const { start, end } = this.#events;
    const { node } = this.#frames.pop()!;
    node.end = end > start ? end : Math.max(this.#lastEnd, node.start);
    this.#lastEnd = Math.max(this.#lastEnd, node.end);
    this.#add(node);
  }

  #add(node: SyntaxNode): void {
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) {
      this.#root = node;
    } else if (frame.node.kind === 'sequence') {
      frame.node.entries.push({ key: undefined, isMerge: false, keyNode: undefined, value: node });
    } else if (frame.key === undefined) {
      const plain = node.kind === 'alias' ? node.target : node;
      frame.key = node;
      const text = this.#text.slice(node.start, node.end);
      frame.isMerge =
        node.kind === 'scalar' &&
        text === '<<' &&
        (node.tag === '' || node.tag === '!' || node.tag === MERGE_TAG);
      const source = plain === undefined ? '' : this.#text.slice(plain.start, plain.end);
      frame.keyText =
        plain === undefined || plain.kind !== 'scalar' || frame.isMerge
          ? undefined
          : keyText(plain.value, source, plain.tag);
    } else {
      const { key: keyNode, keyText: key, isMerge } = frame;
      frame.node.entries.push({ key, isMerge, keyNode, value: node });
      frame.key = undefined;
    }
  }
}

const BLANK: SyntaxNode = {
  kind: 'scalar',
  start: 0,
  end: 0,
  flow: false,
  pair: false,
  style: 'plain',
  anchor: '',
  tag: '',
  value: null,
  entries: [],
  target: undefined,
};
