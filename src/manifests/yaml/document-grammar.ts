import { YamlError } from './error.ts';
import { E, type EventType } from './events.ts';
import type { Parser, State } from './parser.ts';
import { is, oneOf, T } from './tokens.ts';

// What follows where a value is left out.
const NO_CONTENT = oneOf(T.versionDirective, T.tagDirective, T.documentStart, T.streamEnd);
const EMPTY_DOCUMENT = oneOf(T.versionDirective, T.tagDirective, T.documentStart, T.documentEnd, T.streamEnd);

const DEFAULT_TAGS: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

export function implicitDocument(parser: Parser): EventType {
  const current = parser.peek();
  if (is(current, NO_CONTENT)) {
    return explicitDocument(parser);
  }
  directives(parser);
  parser.push(documentEnd);
  return parser.emit(E.documentStart, current.start, current.start, blockNode);
}

function explicitDocument(parser: Parser): EventType {
  const first = parser.peek();
  if (first.type === T.streamEnd) return parser.emit(E.streamEnd, first.start, first.end, undefined);
  directives(parser);
  const current = parser.peek();
  if (current.type !== T.documentStart) {
    throw new YamlError('directive', 'a directive must be followed by `---`', first.start, first.end);
  }
  parser.push(documentEnd);
  parser.drop();
  return parser.emit(E.documentStart, first.start, current.end, documentContent);
}

function documentContent(parser: Parser): EventType {
  const current = parser.peek();
  if (is(current, EMPTY_DOCUMENT)) {
    return parser.emptyScalar(current.start, parser.pop());
  }
  return blockNode(parser);
}

function documentEnd(parser: Parser): EventType {
  const current = parser.peek();
  return parser.emit(E.documentEnd, current.start, current.start, undefined);
}

const blockNode: State = (parser) => parser.node(true, false);

/** Directives before a document: only `%YAML 1.1` and `%TAG` are known. */
function directives(parser: Parser): void {
  let current = parser.peek();
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
      if (parser.tags.has(current.value)) {
        throw new YamlError(
          'directive',
          'a second %TAG directive for one handle',
          current.start,
          current.end,
        );
      }
      parser.tags.set(current.value, current.suffix);
    }
    current = parser.skip();
  }
  for (const [handle, prefix] of DEFAULT_TAGS) {
    if (!parser.tags.has(handle)) parser.tags.set(handle, prefix);
  }
}
