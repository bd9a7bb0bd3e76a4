import { MAX_NESTING } from './compose.ts';
import { YamlError } from './error.ts';
import { type DocumentEvents, EVENT } from './events.ts';
import { JsonEvents } from './json-events.ts';
import { Parser } from './parser.ts';
import { keyText, MERGE_TAG, resolveScalar, type Scalar } from './scalar.ts';

/** How a scalar is written; `empty` is a missing value. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'block' | 'empty';

/** A value of a document as it is written. Offsets are those of the text that was read. */
export interface SyntaxNode {
  readonly kind: 'scalar' | 'mapping' | 'sequence' | 'alias';
  /** Where a collection begins with its anchor and tag; otherwise the same as `start`. */
  readonly outerStart: number;
  /** Where the value itself begins, after its anchor and tag. */
  readonly start: number;
  /** Where its last text ends; for a block scalar, after its last line break. */
  readonly end: number;
  /** True for a collection in brackets. */
  readonly flow: boolean;
  /** A pair in a flow sequence without braces of its own: `[a: b]`. */
  readonly pair: boolean;
  readonly style: ScalarStyle;
  readonly anchor: string;
  readonly tag: string;
  /** The text of a scalar, without quotes and escapes. */
  readonly text: string;
  /** The value of a scalar. */
  readonly value: Scalar;
  /** The members or items of a collection, in the order of the text. */
  readonly entries: readonly SyntaxEntry[];
  /** The value that an alias repeats. */
  readonly target: SyntaxNode | undefined;
}

/** A member of a mapping, or an item of a sequence. */
export interface SyntaxEntry {
  /** Undefined for an item, for a merge, and for a key that JSON cannot have. */
  readonly key: string | undefined;
  readonly isMerge: boolean;
  /** Where the key is written; undefined for an item. */
  readonly keyNode: SyntaxNode | undefined;
  readonly value: SyntaxNode;
}

/** One document with the position and the form of each value. */
export interface SyntaxTree {
  readonly text: string;
  readonly isJson: boolean;
  readonly root: SyntaxNode;
  /** The values that an alias repeats. */
  readonly shared: ReadonlySet<SyntaxNode>;
}

type OpenNode = { -readonly [K in keyof SyntaxNode]: SyntaxNode[K] } & { entries: SyntaxEntry[] };

interface OpenCollection {
  readonly node: OpenNode;
  /** The key whose value comes next. */
  key: SyntaxNode | undefined;
  isMerge: boolean;
}

/**
 * Reads the text of one document with positions; undefined for an empty document. `text` has no CRLF.
 * Throws {@link YamlError} if kubectl rejects the document for its syntax.
 *
 * It is apart from compose, which reads the values only: for a list of 16 MB, a tree needs 1.8 times
 * the CPU time and 110 MiB more memory (bench/lint.mjs gives the time for many small documents).
 */
export function readTree(text: string, isJson: boolean): SyntaxTree | undefined {
  const events: DocumentEvents = isJson ? new JsonEvents(text, 0) : new Parser(text);
  if (events.next() === EVENT.streamEnd) return undefined;
  const shared = new Set<SyntaxNode>();
  const root = new TreeReader(text, events, shared).read();
  return root === undefined ? undefined : { text, isJson, root, shared };
}

class TreeReader {
  readonly #text: string;
  readonly #events: DocumentEvents;
  readonly #shared: Set<SyntaxNode>;
  readonly #open: OpenCollection[] = [];
  readonly #anchors = new Map<string, SyntaxNode>();
  #root: SyntaxNode | undefined;
  /** Where the last text ended: a block collection ends there, not at the token after it. */
  #lastEnd = 0;

  constructor(text: string, events: DocumentEvents, shared: Set<SyntaxNode>) {
    this.#text = text;
    this.#events = events;
    this.#shared = shared;
  }

  read(): SyntaxNode | undefined {
    const events = this.#events;
    for (let type = events.next(); type !== EVENT.documentEnd; type = events.next()) {
      if (type === EVENT.scalar) this.#addLeaf(this.#scalar());
      else if (type === EVENT.alias) this.#addLeaf(this.#alias());
      else if (type === EVENT.mappingStart || type === EVENT.sequenceStart) {
        this.#openCollection(type === EVENT.mappingStart);
      } else this.#closeCollection();
    }
    return this.#root;
  }

  #addLeaf(node: SyntaxNode): void {
    // The place of a missing value may be after blank lines and comments.
    const isWritten = node.end > node.start || ':-'.includes(this.#text[node.end - 1] ?? ' ');
    if (isWritten) this.#lastEnd = Math.max(this.#lastEnd, node.end);
    this.#add(node);
  }

  #scalar(): SyntaxNode {
    const { start, end, value: text, tag, implicit, anchor, literal } = this.#events;
    const style = this.#styleAt(start, end);
    const node: SyntaxNode = {
      ...BLANK,
      outerStart: start,
      start,
      end,
      anchor,
      tag,
      style: style === 'plain' && text === '' ? 'empty' : style,
      text,
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
    return { ...BLANK, kind: 'alias', outerStart: start, start, end, target };
  }

  #openCollection(isMapping: boolean): void {
    const { start, end, anchor, tag } = this.#events;
    if (this.#open.length >= MAX_NESTING) throw new YamlError('depth', 'nested too deeply', start, end);
    const last = this.#text[end - 1];
    const flow = end > start && (isMapping ? last === '{' : last === '[');
    const inFlow = this.#open.at(-1)?.node.flow === true;
    // The event of a sequence at the indentation of its key holds the first dash.
    const inside = flow || (!isMapping && end > start && last === '-');
    const node: OpenNode = {
      ...BLANK,
      kind: isMapping ? 'mapping' : 'sequence',
      outerStart: start,
      start: inFlow && !flow ? start : inside ? end - 1 : end,
      end,
      flow: flow || inFlow,
      pair: inFlow && !flow,
      anchor,
      tag,
      entries: [],
    };
    if (anchor !== '') this.#anchors.set(anchor, node);
    this.#open.push({ node, key: undefined, isMerge: false });
  }

  #closeCollection(): void {
    const { start, end } = this.#events;
    const { node } = this.#open.pop()!;
    node.end = end > start ? end : Math.max(this.#lastEnd, node.start);
    this.#lastEnd = Math.max(this.#lastEnd, node.end);
    this.#add(node);
  }

  #add(node: SyntaxNode): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = node;
    else if (parent.node.kind === 'sequence') {
      parent.node.entries.push({ key: undefined, isMerge: false, keyNode: undefined, value: node });
    } else if (parent.key === undefined) {
      const { implicit } = this.#events;
      parent.key = node;
      parent.isMerge = node.kind === 'scalar' && node.text === '<<' && (implicit || node.tag === MERGE_TAG);
    } else {
      const { key: keyNode, isMerge } = parent;
      const key = isMerge ? undefined : keyOf(keyNode);
      parent.node.entries.push({ key, isMerge, keyNode, value: node });
      parent.key = undefined;
    }
  }
}

function keyOf(node: SyntaxNode): string | undefined {
  const { kind, value, text, tag } = node.target ?? node;
  return kind === 'scalar' ? keyText(value, text, tag) : undefined;
}

const BLANK: SyntaxNode = {
  kind: 'scalar',
  outerStart: 0,
  start: 0,
  end: 0,
  flow: false,
  pair: false,
  style: 'plain',
  anchor: '',
  tag: '',
  text: '',
  value: null,
  entries: [],
  target: undefined,
};
