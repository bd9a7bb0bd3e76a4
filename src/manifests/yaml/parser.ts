import { firstBlockItem, firstBlockKey, indentlessEntry } from './block-grammar.ts';
import { implicitDocument } from './document-grammar.ts';
import { YamlError } from './error.ts';
import { E, type EventType } from './events.ts';
import { firstFlowItem, firstFlowKey } from './flow-grammar.ts';
import { Scanner } from './scanner.ts';
import { T, type Token } from './tokens.ts';

export type State = (parser: Parser) => EventType;

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
  /** What the handles of tags stand for. */
  readonly tags = new Map<string, string>();

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  /** Reads the next event into the fields. Throws {@link YamlError}. */
  next(): EventType {
    this.anchor = '';
    this.tag = '';
    this.value = '';
    this.implicit = false;
    if (this.#state !== undefined) return this.#state(this);
    this.type = E.streamEnd;
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

  emit(type: EventType, start: number, end: number, next: State | undefined): EventType {
    this.type = type;
    this.start = start;
    this.end = end;
    this.#state = next;
    return type;
  }

  emptyScalar(at: number, next: State | undefined): EventType {
    this.implicit = true;
    return this.emit(E.scalar, at, at, next);
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

  /** A value: an alias, or a scalar or collection with its anchor and tag. */
  node(block: boolean, indentless: boolean): EventType {
    let current = this.peek();
    if (current.type === T.alias) {
      this.value = current.value;
      this.drop();
      return this.emit(E.alias, current.start, current.end, this.pop());
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
      current = this.skip();
    }
    this.anchor = anchor;
    this.tag = tag === undefined ? '' : this.#fullTag(tag);
    if (indentless && current.type === T.blockEntry) {
      return this.emit(E.sequenceStart, start, current.end, indentlessEntry);
    }
    if (current.type === T.scalar) {
      this.value = current.value;
      this.implicit = (this.tag === '' && current.plain) || this.tag === '!';
      this.drop();
      return this.emit(E.scalar, current.start, current.end, this.pop());
    }
    if (current.type === T.flowSequenceStart)
      return this.emit(E.sequenceStart, start, current.end, firstFlowItem);
    if (current.type === T.flowMappingStart)
      return this.emit(E.mappingStart, start, current.end, firstFlowKey);
    if (block && current.type === T.blockSequenceStart) {
      return this.emit(E.sequenceStart, start, current.end, firstBlockItem);
    }
    if (block && current.type === T.blockMappingStart) {
      return this.emit(E.mappingStart, start, current.end, firstBlockKey);
    }
    if (anchor !== '' || this.tag !== '') {
      this.implicit = this.tag === '';
      return this.emit(E.scalar, start, end, this.pop());
    }
    throw new YamlError('expected-node', 'a value is missing here', current.start, current.end, start);
  }

  endCollection(type: typeof E.sequenceEnd | typeof E.mappingEnd, token: Token): EventType {
    this.unmark();
    this.drop();
    return this.emit(type, token.start, token.end, this.pop());
  }

  #fullTag(tag: Token): string {
    if (tag.value === '') return tag.suffix;
    const full = (this.tags.get(tag.value) ?? '') + (this.tags.has(tag.value) ? tag.suffix : '');
    if (full === '') throw new YamlError('tag', 'the tag has an unknown handle', tag.start, tag.end);
    return full;
  }
}
