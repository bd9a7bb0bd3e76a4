import { YamlError } from './error.ts';
import { type DocumentEvents, EVENT, type EventType } from './events.ts';
import { Scanner } from './scanner.ts';
import { isOneOf, type Token, TOKEN, tokenSet } from './tokens.ts';

/** Reads one event. Each state sets the one that reads the next event. */
type State = (this: Parser) => EventType;

// The tokens before which a value is missing, by the place of the value.
const NO_CONTENT = tokenSet(TOKEN.versionDirective, TOKEN.tagDirective, TOKEN.documentStart, TOKEN.streamEnd);
const EMPTY_DOCUMENT = NO_CONTENT | tokenSet(TOKEN.documentEnd);
const EMPTY_ITEM = tokenSet(TOKEN.blockEntry, TOKEN.blockEnd);
const EMPTY_INDENTLESS_ITEM = tokenSet(TOKEN.blockEntry, TOKEN.key, TOKEN.value, TOKEN.blockEnd);
const EMPTY_MEMBER = tokenSet(TOKEN.key, TOKEN.value, TOKEN.blockEnd);
const EMPTY_PAIR_KEY = tokenSet(TOKEN.value, TOKEN.flowEntry, TOKEN.flowSequenceEnd);
const EMPTY_PAIR_VALUE = tokenSet(TOKEN.flowEntry, TOKEN.flowSequenceEnd);
const EMPTY_FLOW_KEY = tokenSet(TOKEN.value, TOKEN.flowEntry, TOKEN.flowMappingEnd);
const EMPTY_FLOW_VALUE = tokenSet(TOKEN.flowEntry, TOKEN.flowMappingEnd);

const DEFAULT_TAGS: readonly (readonly [handle: string, prefix: string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

/**
 * Turns the tokens of one document into events, by the grammar of go-yaml v2
 * (https://github.com/yaml/go-yaml/blob/v2.4.4/parserc.go). No event is kept, so a large document
 * needs no more memory than a small one.
 */
export class Parser implements DocumentEvents {
  type: EventType = EVENT.streamEnd;
  start = 0;
  end = 0;
  value = '';
  anchor = '';
  tag = '';
  implicit = false;

  readonly #scanner: Scanner;
  /** The state that reads the next event; undefined after the document. */
  #state: State | undefined = this.#implicitDocument;
  /** The states to go on with after the open collections. */
  readonly #states: State[] = [];
  /** Where the open collections begin, for the error of one that does not end. */
  readonly #starts: number[] = [];
  /** The prefixes of tag handles. */
  readonly #tags = new Map<string, string>();

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  /** Reads the next event into the fields. Throws {@link YamlError}. */
  next(): EventType {
    this.anchor = '';
    this.tag = '';
    this.value = '';
    this.implicit = false;
    if (this.#state !== undefined) return this.#state();
    this.type = EVENT.streamEnd;
    return this.type;
  }

  /** The token after the last event: at the end of a document, the text after it. */
  peek(): Token {
    return this.#scanner.peek();
  }

  /** How far the scanner has read. */
  get scanned(): number {
    return this.#scanner.cursor.pos;
  }

  #emit(type: EventType, start: number, end: number, next: State | undefined): EventType {
    this.type = type;
    this.start = start;
    this.end = end;
    this.#state = next;
    return type;
  }

  #emitMissing(at: number, next: State | undefined): EventType {
    this.implicit = true;
    return this.#emit(EVENT.scalar, at, at, next);
  }

  #emitEnd(type: typeof EVENT.sequenceEnd | typeof EVENT.mappingEnd, token: Token): EventType {
    this.#starts.pop();
    this.#scanner.skip();
    return this.#emit(type, token.start, token.end, this.#states.pop());
  }

  /** Drops the current token; gives the next one. */
  #skip(): Token {
    this.#scanner.skip();
    return this.#scanner.peek();
  }

  /** Drops the token that opens a collection. */
  #enter(): void {
    this.#starts.push(this.peek().start);
    this.#scanner.skip();
  }

  // Documents

  #implicitDocument(): EventType {
    const current = this.peek();
    if (isOneOf(current, NO_CONTENT)) return this.#explicitDocument();
    this.#readDirectives();
    this.#states.push(this.#documentEnd);
    return this.#emit(EVENT.documentStart, current.start, current.start, this.#blockNode);
  }

  #explicitDocument(): EventType {
    const first = this.peek();
    if (first.type === TOKEN.streamEnd) {
      return this.#emit(EVENT.streamEnd, first.start, first.end, undefined);
    }
    this.#readDirectives();
    const current = this.peek();
    if (current.type !== TOKEN.documentStart) {
      throw new YamlError('directive', 'a directive must be followed by `---`', first.start, first.end);
    }
    this.#states.push(this.#documentEnd);
    this.#scanner.skip();
    return this.#emit(EVENT.documentStart, first.start, current.end, this.#documentContent);
  }

  #documentContent(): EventType {
    const current = this.peek();
    if (isOneOf(current, EMPTY_DOCUMENT)) return this.#emitMissing(current.start, this.#states.pop());
    return this.#blockNode();
  }

  #documentEnd(): EventType {
    const { start } = this.peek();
    return this.#emit(EVENT.documentEnd, start, start, undefined);
  }

  /** Reads the directives before a document: `%YAML 1.1` and `%TAG`. */
  #readDirectives(): void {
    let current = this.peek();
    let hasVersion = false;
    while (current.type === TOKEN.versionDirective || current.type === TOKEN.tagDirective) {
      const { type, value, suffix, start, end } = current;
      if (type === TOKEN.versionDirective) {
        if (hasVersion) throw new YamlError('directive', 'a second %YAML directive', start, end);
        if (value !== '1.1') {
          const message = `the %YAML directive asks for version ${value}, but kubectl reads version 1.1`;
          throw new YamlError('directive', message, start, end);
        }
        hasVersion = true;
      } else {
        if (this.#tags.has(value)) {
          throw new YamlError('directive', 'a second %TAG directive for the same handle', start, end);
        }
        this.#tags.set(value, suffix);
      }
      current = this.#skip();
    }
    for (const [handle, prefix] of DEFAULT_TAGS) {
      if (!this.#tags.has(handle)) this.#tags.set(handle, prefix);
    }
  }

  // Values

  #blockNode(): EventType {
    return this.#node(true, false);
  }

  /** An alias, or a scalar or collection with its anchor and tag. */
  #node(block: boolean, indentless: boolean): EventType {
    let current = this.peek();
    if (current.type === TOKEN.alias) {
      this.value = current.value;
      this.#scanner.skip();
      return this.#emit(EVENT.alias, current.start, current.end, this.#states.pop());
    }
    const { start } = current;
    let end = start;
    let tag: Token | undefined;
    let anchor = '';
    for (let turn = 0; turn < 2; turn++) {
      if (current.type === TOKEN.anchor && anchor === '') anchor = current.value;
      else if (current.type === TOKEN.tag && tag === undefined) tag = current;
      else break;
      end = current.end;
      current = this.#skip();
    }
    this.anchor = anchor;
    this.tag = tag === undefined ? '' : this.#fullTag(tag);
    if (current.type === TOKEN.scalar) {
      this.value = current.value;
      this.implicit = (this.tag === '' && current.plain) || this.tag === '!';
      this.#scanner.skip();
      return this.#emit(EVENT.scalar, current.start, current.end, this.#states.pop());
    }
    const collection = this.#collectionAt(current, block, indentless);
    if (collection !== undefined) return this.#emit(collection.type, start, current.end, collection.state);
    if (anchor !== '' || this.tag !== '') {
      this.implicit = this.tag === '';
      return this.#emit(EVENT.scalar, start, end, this.#states.pop());
    }
    throw new YamlError('expected-node', 'a value is missing here', current.start, current.end, start);
  }

  #collectionAt(
    { type }: Token,
    block: boolean,
    indentless: boolean,
  ): { type: EventType; state: State } | undefined {
    if (indentless && type === TOKEN.blockEntry) {
      return { type: EVENT.sequenceStart, state: this.#indentlessItem };
    }
    if (type === TOKEN.flowSequenceStart) return { type: EVENT.sequenceStart, state: this.#firstFlowItem };
    if (type === TOKEN.flowMappingStart) return { type: EVENT.mappingStart, state: this.#firstFlowKey };
    if (!block) return undefined;
    if (type === TOKEN.blockSequenceStart) return { type: EVENT.sequenceStart, state: this.#firstBlockItem };
    if (type === TOKEN.blockMappingStart) return { type: EVENT.mappingStart, state: this.#firstBlockKey };
    return undefined;
  }

  #fullTag({ value: handle, suffix, start, end }: Token): string {
    if (handle === '') return suffix;
    const prefix = this.#tags.get(handle);
    const full = prefix === undefined ? '' : prefix + suffix;
    if (full === '') throw new YamlError('tag', 'the tag has an unknown handle', start, end);
    return full;
  }

  // Block collections

  #firstBlockItem(): EventType {
    this.#enter();
    return this.#blockItem();
  }

  #blockItem(): EventType {
    const current = this.peek();
    if (current.type === TOKEN.blockEntry) return this.#item(current, EMPTY_ITEM, this.#blockItem);
    if (current.type === TOKEN.blockEnd) return this.#emitEnd(EVENT.sequenceEnd, current);
    const { start, end } = current;
    const message = 'a list item (`- `) is expected here';
    throw new YamlError('expected-entry', message, start, end, this.#starts.pop());
  }

  /** An item of a sequence whose dashes are at the column of its key. */
  #indentlessItem(): EventType {
    const current = this.peek();
    if (current.type === TOKEN.blockEntry) {
      return this.#item(current, EMPTY_INDENTLESS_ITEM, this.#indentlessItem);
    }
    return this.#emit(EVENT.sequenceEnd, current.start, current.start, this.#states.pop());
  }

  #item(dash: Token, empty: number, next: State): EventType {
    if (isOneOf(this.#skip(), empty)) return this.#emitMissing(dash.end, next);
    this.#states.push(next);
    return this.#node(true, false);
  }

  #firstBlockKey(): EventType {
    this.#enter();
    return this.#blockKey();
  }

  #blockKey(): EventType {
    const current = this.peek();
    if (current.type === TOKEN.key) return this.#member(current, this.#blockValue);
    if (current.type === TOKEN.blockEnd) return this.#emitEnd(EVENT.mappingEnd, current);
    const { start, end } = current;
    const message = 'the indentation of this line matches no key above it';
    throw new YamlError('expected-key', message, start, end, this.#starts.pop());
  }

  #blockValue(): EventType {
    const current = this.peek();
    if (current.type === TOKEN.value) return this.#member(current, this.#blockKey);
    return this.#emitMissing(current.start, this.#blockKey);
  }

  /** The key or value after its indicator. */
  #member(indicator: Token, next: State): EventType {
    if (isOneOf(this.#skip(), EMPTY_MEMBER)) return this.#emitMissing(indicator.end, next);
    this.#states.push(next);
    return this.#node(true, true);
  }

  // Flow collections

  #firstFlowItem(): EventType {
    this.#enter();
    return this.#flowItem(true);
  }

  #nextFlowItem(): EventType {
    return this.#flowItem(false);
  }

  #flowItem(isFirst: boolean): EventType {
    let current = this.peek();
    if (current.type !== TOKEN.flowSequenceEnd) {
      if (!isFirst) current = this.#skipComma(current, ']');
      if (current.type === TOKEN.key) {
        this.#scanner.skip();
        return this.#emit(EVENT.mappingStart, current.start, current.end, this.#pairKey);
      }
      if (current.type !== TOKEN.flowSequenceEnd) return this.#flowNode(this.#nextFlowItem);
    }
    return this.#emitEnd(EVENT.sequenceEnd, current);
  }

  #skipComma(current: Token, bracket: string): Token {
    if (current.type === TOKEN.flowEntry) return this.#skip();
    const { start, end } = current;
    const message = `\`,\` or \`${bracket}\` is missing`;
    throw new YamlError('expected-flow-end', message, start, end, this.#starts.pop());
  }

  #flowNode(next: State): EventType {
    this.#states.push(next);
    return this.#node(false, false);
  }

  /** The key of a pair `a: b` without braces in a flow sequence. */
  #pairKey(): EventType {
    const current = this.peek();
    if (!isOneOf(current, EMPTY_PAIR_KEY)) return this.#flowNode(this.#pairValue);
    // go-yaml drops the token after the missing key too (parserc.go, lines 844 to 847).
    this.#scanner.skip();
    return this.#emitMissing(current.end, this.#pairValue);
  }

  #pairValue(): EventType {
    let current = this.peek();
    if (current.type === TOKEN.value) {
      current = this.#skip();
      if (!isOneOf(current, EMPTY_PAIR_VALUE)) return this.#flowNode(this.#pairEnd);
    }
    return this.#emitMissing(current.start, this.#pairEnd);
  }

  #pairEnd(): EventType {
    const { start } = this.peek();
    return this.#emit(EVENT.mappingEnd, start, start, this.#nextFlowItem);
  }

  #firstFlowKey(): EventType {
    this.#enter();
    return this.#flowKey(true);
  }

  #nextFlowKey(): EventType {
    return this.#flowKey(false);
  }

  #flowKey(isFirst: boolean): EventType {
    let current = this.peek();
    if (current.type !== TOKEN.flowMappingEnd) {
      if (!isFirst) current = this.#skipComma(current, '}');
      if (current.type === TOKEN.key) {
        current = this.#skip();
        if (isOneOf(current, EMPTY_FLOW_KEY)) return this.#emitMissing(current.start, this.#flowValue);
        return this.#flowNode(this.#flowValue);
      }
      if (current.type !== TOKEN.flowMappingEnd) return this.#flowNode(this.#flowKeyOnly);
    }
    return this.#emitEnd(EVENT.mappingEnd, current);
  }

  #flowKeyOnly(): EventType {
    return this.#emitMissing(this.peek().start, this.#nextFlowKey);
  }

  #flowValue(): EventType {
    let current = this.peek();
    if (current.type === TOKEN.value) {
      current = this.#skip();
      if (!isOneOf(current, EMPTY_FLOW_VALUE)) return this.#flowNode(this.#nextFlowKey);
    }
    return this.#emitMissing(current.start, this.#nextFlowKey);
  }
}
