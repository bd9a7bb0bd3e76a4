import { YamlError } from './error.ts';
import { E, type EventType } from './events.ts';
import type { Parser, State } from './parser.ts';
import { is, oneOf, T, type Token } from './tokens.ts';

// What follows where a value is left out.
const EMPTY_PAIR_KEY = oneOf(T.value, T.flowEntry, T.flowSequenceEnd);
const EMPTY_PAIR_VALUE = oneOf(T.flowEntry, T.flowSequenceEnd);
const EMPTY_KEY = oneOf(T.value, T.flowEntry, T.flowMappingEnd);
const EMPTY_VALUE = oneOf(T.flowEntry, T.flowMappingEnd);

// Flow collections, in brackets and braces.

export function firstFlowItem(parser: Parser): EventType {
  parser.mark(parser.peek().start);
  parser.drop();
  return flowItem(parser, true);
}

const nextFlowItem: State = (parser) => flowItem(parser, false);

function flowItem(parser: Parser, first: boolean): EventType {
  let current = parser.peek();
  if (current.type !== T.flowSequenceEnd) {
    if (!first) current = flowComma(parser, current, ']');
    if (current.type === T.key) {
      parser.drop();
      return parser.emit(E.mappingStart, current.start, current.end, pairKey);
    }
    if (current.type !== T.flowSequenceEnd) {
      parser.push(nextFlowItem);
      return parser.node(false, false);
    }
  }
  return parser.endCollection(E.sequenceEnd, current);
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
function pairKey(parser: Parser): EventType {
  const current = parser.peek();
  if (is(current, EMPTY_PAIR_KEY)) {
    // The token itself is passed over here, as go-yaml does.
    parser.drop();
    return parser.emptyScalar(current.end, pairValue);
  }
  parser.push(pairValue);
  return parser.node(false, false);
}

function pairValue(parser: Parser): EventType {
  let current = parser.peek();
  if (current.type === T.value) {
    const next = parser.skip();
    if (!is(next, EMPTY_PAIR_VALUE)) {
      parser.push(pairEnd);
      return parser.node(false, false);
    }
    current = next;
  }
  return parser.emptyScalar(current.start, pairEnd);
}

function pairEnd(parser: Parser): EventType {
  const { start } = parser.peek();
  return parser.emit(E.mappingEnd, start, start, nextFlowItem);
}

export function firstFlowKey(parser: Parser): EventType {
  parser.mark(parser.peek().start);
  parser.drop();
  return flowKey(parser, true);
}

const nextFlowKey: State = (parser) => flowKey(parser, false);

function flowKey(parser: Parser, first: boolean): EventType {
  let current = parser.peek();
  if (current.type !== T.flowMappingEnd) {
    if (!first) current = flowComma(parser, current, '}');
    if (current.type === T.key) {
      current = parser.skip();
      if (is(current, EMPTY_KEY)) {
        return parser.emptyScalar(current.start, flowValue);
      }
      parser.push(flowValue);
      return parser.node(false, false);
    }
    if (current.type !== T.flowMappingEnd) {
      parser.push(flowKeyOnly);
      return parser.node(false, false);
    }
  }
  return parser.endCollection(E.mappingEnd, current);
}

const flowKeyOnly: State = (parser) => parser.emptyScalar(parser.peek().start, nextFlowKey);

function flowValue(parser: Parser): EventType {
  let current = parser.peek();
  if (current.type === T.value) {
    current = parser.skip();
    if (!is(current, EMPTY_VALUE)) {
      parser.push(nextFlowKey);
      return parser.node(false, false);
    }
  }
  return parser.emptyScalar(current.start, nextFlowKey);
}
