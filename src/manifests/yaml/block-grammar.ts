import { YamlError } from './error.ts';
import { E, type EventType } from './events.ts';
import type { Parser } from './parser.ts';
import { is, oneOf, T } from './tokens.ts';

// What follows where a value is left out.
const EMPTY_ITEM = oneOf(T.blockEntry, T.blockEnd);
const EMPTY_INDENTLESS_ITEM = oneOf(T.blockEntry, T.key, T.value, T.blockEnd);
const EMPTY_MEMBER = oneOf(T.key, T.value, T.blockEnd);

// Block collections: each function reads one event and names the one that reads the next.

export function firstBlockItem(parser: Parser): EventType {
  parser.mark(parser.peek().start);
  parser.drop();
  return blockItem(parser);
}

function blockItem(parser: Parser): EventType {
  const current = parser.peek();
  if (current.type === T.blockEntry) {
    const { end } = current;
    if (is(parser.skip(), EMPTY_ITEM)) return parser.emptyScalar(end, blockItem);
    parser.push(blockItem);
    return parser.node(true, false);
  }
  if (current.type === T.blockEnd) return parser.endCollection(E.sequenceEnd, current);
  throw new YamlError(
    'expected-entry',
    'a list item (`- `) is due here',
    current.start,
    current.end,
    parser.unmark(),
  );
}

export function indentlessEntry(parser: Parser): EventType {
  const current = parser.peek();
  if (current.type === T.blockEntry) {
    const { end } = current;
    if (is(parser.skip(), EMPTY_INDENTLESS_ITEM)) {
      return parser.emptyScalar(end, indentlessEntry);
    }
    parser.push(indentlessEntry);
    return parser.node(true, false);
  }
  return parser.emit(E.sequenceEnd, current.start, current.start, parser.pop());
}

export function firstBlockKey(parser: Parser): EventType {
  parser.mark(parser.peek().start);
  parser.drop();
  return blockKey(parser);
}

function blockKey(parser: Parser): EventType {
  const current = parser.peek();
  if (current.type === T.key) {
    const { end } = current;
    if (is(parser.skip(), EMPTY_MEMBER)) return parser.emptyScalar(end, blockValue);
    parser.push(blockValue);
    return parser.node(true, true);
  }
  if (current.type === T.blockEnd) return parser.endCollection(E.mappingEnd, current);
  throw new YamlError(
    'expected-key',
    'this line does not fit: its indentation belongs to no key above it',
    current.start,
    current.end,
    parser.unmark(),
  );
}

function blockValue(parser: Parser): EventType {
  const current = parser.peek();
  if (current.type !== T.value) return parser.emptyScalar(current.start, blockKey);
  const { end } = current;
  if (is(parser.skip(), EMPTY_MEMBER)) return parser.emptyScalar(end, blockKey);
  parser.push(blockKey);
  return parser.node(true, true);
}
