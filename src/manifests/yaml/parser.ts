import { YamlError } from './error.ts';
import { Scanner } from './scanner.ts';
import { T, type Token, type TokenType } from './tokens.ts';

/** The kinds of event. */
export const E = {
  streamEnd: 0,
  documentStart: 1,
  documentEnd: 2,
  alias: 3,
  scalar: 4,
  sequenceStart: 5,
  sequenceEnd: 6,
  mappingStart: 7,
  mappingEnd: 8,
} as const;

type EventType = (typeof E)[keyof typeof E];
type State = (parser: Parser) => void;

const DEFAULT_TAGS: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

/**
 * Turns the tokens of one document chunk into events by the grammar of go-yaml v2. {@link next}
 * overwrites the fields: nothing is kept, so a large document costs no more memory than a small one.
 */
export class Parser {
  type: EventType = E.streamEnd;
  start = 0;
  end = 0;
  /** The text of a scalar, the name of an alias. */
  value = '';
  anchor = '';
  /** The full tag; empty without one. */
  tag = '';
  /** A scalar whose type its text decides. */
  implicit = false;

  readonly #scanner: Scanner;
  readonly #states: State[] = [];
  readonly #marks: number[] = [];
  #state: State | undefined = implicitDocument;
  #tags = new Map<string, string>();

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  /** Reads the next event into the fields. Throws {@link YamlError}. */
  next(): EventType {
    this.anchor = '';
    this.tag = '';
    this.value = '';
    this.implicit = false;
    if (this.#state === undefined) this.type = E.streamEnd;
    else this.#state(this);
    return this.type;
  }

  /** The token behind the event last read: where a document ends, what follows it. */
  peek(): Token {
    return this.#scanner.peek();
  }

  /** How far the scanner has looked. */
  get scanned(): number {
    return this.#scanner.cursor.pos;
  }

  emit(type: EventType, start: number, end: number, next: State | undefined): void {
    this.type = type;
    this.start = start;
    this.end = end;
    this.#state = next;
  }

  emptyScalar(at: number, next: State | undefined): void {
    this.implicit = true;
    this.emit(E.scalar, at, at, next);
  }

  skip(): Token {
    this.#scanner.skip();
    return this.#scanner.peek();
  }

  drop(): void {
    this.#scanner.skip();
  }

  push(state: State): void {
    this.#states.push(state);
  }

  pop(): State | undefined {
    return this.#states.pop();
  }

  /** Remembers where a collection began, for what is said when it does not end. */
  mark(at: number): void {
    this.#marks.push(at);
  }

  unmark(): number {
    return this.#marks.pop() ?? 0;
  }

  /** Directives before a document: only `%YAML 1.1` and `%TAG` are known. */
  directives(): void {
    let current = this.peek();
    let versioned = false;
    while (current.type === T.versionDirective || current.type === T.tagDirective) {
      if (current.type === T.versionDirective) {
        if (versioned || current.value !== '1.1') {
          throw new YamlError(
            'directive',
            versioned
              ? 'a second %YAML directive'
              : `a %YAML directive for version ${current.value}; kubectl reads 1.1`,
            current.start,
            current.end,
          );
        }
        versioned = true;
      } else {
        if (this.#tags.has(current.value)) {
          throw new YamlError(
            'directive',
            'a second %TAG directive for one handle',
            current.start,
            current.end,
          );
        }
        this.#tags.set(current.value, current.suffix);
      }
      current = this.skip();
    }
    for (const [handle, prefix] of DEFAULT_TAGS) {
      if (!this.#tags.has(handle)) this.#tags.set(handle, prefix);
    }
  }

  forgetTags(): void {
    this.#tags = new Map();
  }

  fullTag(tag: Token): string {
    if (tag.value === '') return tag.suffix;
    const full = (this.#tags.get(tag.value) ?? '') + (this.#tags.has(tag.value) ? tag.suffix : '');
    if (full === '') throw new YamlError('tag', 'the tag has an unknown handle', tag.start, tag.end);
    return full;
  }
}

function is(token: Token, ...types: TokenType[]): boolean {
  return types.includes(token.type);
}

function implicitDocument(parser: Parser): void {
  const current = parser.peek();
  if (is(current, T.versionDirective, T.tagDirective, T.documentStart, T.streamEnd)) {
    return explicitDocument(parser);
  }
  parser.directives();
  parser.push(documentEnd);
  parser.emit(E.documentStart, current.start, current.start, blockNode);
}

function explicitDocument(parser: Parser): void {
  const first = parser.peek();
  if (first.type === T.streamEnd) return parser.emit(E.streamEnd, first.start, first.end, undefined);
  parser.directives();
  const current = parser.peek();
  if (current.type !== T.documentStart) {
    throw new YamlError('directive', 'a directive must be followed by `---`', first.start, first.end);
  }
  parser.push(documentEnd);
  parser.emit(E.documentStart, first.start, current.end, documentContent);
  parser.drop();
}

function documentContent(parser: Parser): void {
  const current = parser.peek();
  if (is(current, T.versionDirective, T.tagDirective, T.documentStart, T.documentEnd, T.streamEnd)) {
    return parser.emptyScalar(current.start, parser.pop());
  }
  blockNode(parser);
}

function documentEnd(parser: Parser): void {
  const current = parser.peek();
  parser.forgetTags();
  parser.emit(E.documentEnd, current.start, current.start, undefined);
}

const blockNode: State = (parser) => node(parser, true, false);

function node(parser: Parser, block: boolean, indentless: boolean): void {
  let current = parser.peek();
  if (current.type === T.alias) {
    parser.value = current.value;
    parser.emit(E.alias, current.start, current.end, parser.pop());
    return parser.drop();
  }
  const start = current.start;
  let end = current.start;
  let tag: Token | undefined;
  let anchor = '';
  for (let turn = 0; turn < 2; turn++) {
    if (current.type === T.anchor && anchor === '') anchor = current.value;
    else if (current.type === T.tag && tag === undefined) tag = current;
    else break;
    end = current.end;
    current = parser.skip();
  }
  parser.anchor = anchor;
  parser.tag = tag === undefined ? '' : parser.fullTag(tag);
  if (indentless && current.type === T.blockEntry) {
    return parser.emit(E.sequenceStart, start, current.end, indentlessEntry);
  }
  if (current.type === T.scalar) {
    parser.value = current.value;
    parser.implicit = (parser.tag === '' && current.plain) || parser.tag === '!';
    parser.emit(E.scalar, current.start, current.end, parser.pop());
    return parser.drop();
  }
  if (current.type === T.flowSequenceStart)
    return parser.emit(E.sequenceStart, start, current.end, firstFlowItem);
  if (current.type === T.flowMappingStart)
    return parser.emit(E.mappingStart, start, current.end, firstFlowKey);
  if (block && current.type === T.blockSequenceStart) {
    return parser.emit(E.sequenceStart, start, current.end, firstBlockItem);
  }
  if (block && current.type === T.blockMappingStart) {
    return parser.emit(E.mappingStart, start, current.end, firstBlockKey);
  }
  if (anchor !== '' || parser.tag !== '') {
    parser.implicit = parser.tag === '';
    return parser.emit(E.scalar, start, end, parser.pop());
  }
  throw new YamlError('expected-node', 'a value is missing here', current.start, current.end, start);
}

function endCollection(parser: Parser, type: typeof E.sequenceEnd | typeof E.mappingEnd, token: Token): void {
  parser.unmark();
  parser.emit(type, token.start, token.end, parser.pop());
  parser.drop();
}

function firstBlockItem(parser: Parser): void {
  parser.mark(parser.peek().start);
  parser.drop();
  blockItem(parser);
}

function blockItem(parser: Parser): void {
  const current = parser.peek();
  if (current.type === T.blockEntry) {
    const { end } = current;
    if (is(parser.skip(), T.blockEntry, T.blockEnd)) return parser.emptyScalar(end, blockItem);
    parser.push(blockItem);
    return node(parser, true, false);
  }
  if (current.type === T.blockEnd) return endCollection(parser, E.sequenceEnd, current);
  throw new YamlError(
    'expected-entry',
    'a list item (`- `) is due here',
    current.start,
    current.end,
    parser.unmark(),
  );
}

function indentlessEntry(parser: Parser): void {
  const current = parser.peek();
  if (current.type === T.blockEntry) {
    const { end } = current;
    if (is(parser.skip(), T.blockEntry, T.key, T.value, T.blockEnd)) {
      return parser.emptyScalar(end, indentlessEntry);
    }
    parser.push(indentlessEntry);
    return node(parser, true, false);
  }
  parser.emit(E.sequenceEnd, current.start, current.start, parser.pop());
}

function firstBlockKey(parser: Parser): void {
  parser.mark(parser.peek().start);
  parser.drop();
  blockKey(parser);
}

function blockKey(parser: Parser): void {
  const current = parser.peek();
  if (current.type === T.key) {
    const { end } = current;
    if (is(parser.skip(), T.key, T.value, T.blockEnd)) return parser.emptyScalar(end, blockValue);
    parser.push(blockValue);
    return node(parser, true, true);
  }
  if (current.type === T.blockEnd) return endCollection(parser, E.mappingEnd, current);
  throw new YamlError(
    'expected-key',
    'this line does not fit: its indentation belongs to no key above it',
    current.start,
    current.end,
    parser.unmark(),
  );
}

function blockValue(parser: Parser): void {
  const current = parser.peek();
  if (current.type !== T.value) return parser.emptyScalar(current.start, blockKey);
  const { end } = current;
  if (is(parser.skip(), T.key, T.value, T.blockEnd)) return parser.emptyScalar(end, blockKey);
  parser.push(blockKey);
  node(parser, true, true);
}

function firstFlowItem(parser: Parser): void {
  parser.mark(parser.peek().start);
  parser.drop();
  flowItem(parser, true);
}

const nextFlowItem: State = (parser) => flowItem(parser, false);

function flowItem(parser: Parser, first: boolean): void {
  let current = parser.peek();
  if (current.type !== T.flowSequenceEnd) {
    if (!first) current = flowComma(parser, current, ']');
    if (current.type === T.key) {
      parser.emit(E.mappingStart, current.start, current.end, pairKey);
      return parser.drop();
    }
    if (current.type !== T.flowSequenceEnd) {
      parser.push(nextFlowItem);
      return node(parser, false, false);
    }
  }
  endCollection(parser, E.sequenceEnd, current);
}

function flowComma(parser: Parser, current: Token, bracket: string): Token {
  if (current.type === T.flowEntry) return parser.skip();
  const from = parser.unmark();
  throw new YamlError(
    'expected-flow-end',
    `\`,\` or \`${bracket}\` is missing`,
    current.start,
    current.end,
    from,
  );
}

/** A pair `a: b` that stands in a flow sequence without braces: its key, value and end. */
function pairKey(parser: Parser): void {
  const current = parser.peek();
  if (is(current, T.value, T.flowEntry, T.flowSequenceEnd)) {
    // The token itself is passed over here, as go-yaml does.
    parser.drop();
    return parser.emptyScalar(current.end, pairValue);
  }
  parser.push(pairValue);
  node(parser, false, false);
}

function pairValue(parser: Parser): void {
  let current = parser.peek();
  if (current.type === T.value) {
    const next = parser.skip();
    if (!is(next, T.flowEntry, T.flowSequenceEnd)) {
      parser.push(pairEnd);
      return node(parser, false, false);
    }
    current = next;
  }
  parser.emptyScalar(current.start, pairEnd);
}

function pairEnd(parser: Parser): void {
  const { start } = parser.peek();
  parser.emit(E.mappingEnd, start, start, nextFlowItem);
}

function firstFlowKey(parser: Parser): void {
  parser.mark(parser.peek().start);
  parser.drop();
  flowKey(parser, true);
}

const nextFlowKey: State = (parser) => flowKey(parser, false);

function flowKey(parser: Parser, first: boolean): void {
  let current = parser.peek();
  if (current.type !== T.flowMappingEnd) {
    if (!first) current = flowComma(parser, current, '}');
    if (current.type === T.key) {
      current = parser.skip();
      if (is(current, T.value, T.flowEntry, T.flowMappingEnd)) {
        return parser.emptyScalar(current.start, flowValue);
      }
      parser.push(flowValue);
      return node(parser, false, false);
    }
    if (current.type !== T.flowMappingEnd) {
      parser.push(flowKeyOnly);
      return node(parser, false, false);
    }
  }
  endCollection(parser, E.mappingEnd, current);
}

const flowKeyOnly: State = (parser) => parser.emptyScalar(parser.peek().start, nextFlowKey);

function flowValue(parser: Parser): void {
  let current = parser.peek();
  if (current.type === T.value) {
    current = parser.skip();
    if (!is(current, T.flowEntry, T.flowMappingEnd)) {
      parser.push(nextFlowKey);
      return node(parser, false, false);
    }
  }
  parser.emptyScalar(current.start, nextFlowKey);
}
