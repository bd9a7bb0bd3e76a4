import { isObject, type Json } from '../../core/base/json.ts';
import { column } from './lines.ts';
import { doubleQuoted, jsonScalar, type Quote, scalarText } from './scalar-text.ts';
import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';

/** How a document is indented. */
export interface Layout {
  /** How much deeper a mapping in a mapping stands. */
  readonly unit: number;
  /** How much deeper than its key the dash of an item stands. */
  readonly dash: number;
}

const MAX_UNIT = 10;

/** The indentation a document uses most; two columns where it shows none. */
export function layoutOf(tree: SyntaxTree): Layout {
  const units = new Map<number, number>();
  const dashes = new Map<number, number>();
  const count = (into: Map<number, number>, step: number): void => {
    if (step >= 0 && step <= MAX_UNIT) into.set(step, (into.get(step) ?? 0) + 1);
  };
  const visit = (node: SyntaxNode): void => {
    const isBlock = node.kind === 'mapping' && !node.flow;
    const here = isBlock ? column(tree.text, node.start) : 0;
    for (const { value } of node.entries) {
      const isNested = isBlock && !value.flow && value.entries.length > 0;
      if (isNested) count(value.kind === 'mapping' ? units : dashes, column(tree.text, value.start) - here);
      visit(value);
    }
  };
  visit(tree.root);
  units.delete(0);
  const unit = commonest(units) ?? 2;
  return { unit, dash: commonest(dashes) ?? 2 };
}

function commonest(counts: ReadonlyMap<number, number>): number | undefined {
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0];
}

/** The lines of `key: value` in block style, the key at a column. */
export function memberLines(key: string, value: Json, at: number, layout: Layout): string[] {
  const pad = ' '.repeat(at);
  if (isLeaf(value)) return [`${pad}${key}: ${flowText(value)}`];
  const children = isObject(value)
    ? mappingLines(value, at + layout.unit, layout)
    : itemLines(value as readonly Json[], at + layout.dash, layout);
  return [`${pad}${key}:`, ...children];
}

/** The lines of the members of a mapping in block style. */
export function mappingLines(value: Json, at: number, layout: Layout): string[] {
  return Object.entries(value as object).flatMap(([key, each]) =>
    memberLines(scalarText(key, 'plain'), each as Json, at, layout),
  );
}

/** The lines of the items of a sequence in block style, their dashes at a column. */
export function itemLines(list: readonly Json[], at: number, layout: Layout): string[] {
  const pad = ' '.repeat(at);
  return list.flatMap((item) => {
    if (isLeaf(item)) return [`${pad}- ${flowText(item)}`];
    const lines = isObject(item)
      ? mappingLines(item, at + 2, layout)
      : itemLines(item as readonly Json[], at + 2, layout);
    return [`${pad}- ${lines[0]!.trimStart()}`, ...lines.slice(1)];
  });
}

/** True for what is written behind its key in one line: scalars, and collections without members. */
function isLeaf(value: Json): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** How a collection in brackets is written. */
export interface FlowStyle {
  readonly json: boolean;
  readonly keys: Quote;
  /** Behind a colon. */
  readonly gap: string;
  /** Behind a comma; where that is a line break, each member stands on a line of its own. */
  readonly comma: string;
}

const FLOW: FlowStyle = { json: false, keys: 'plain', gap: ' ', comma: ' ' };

/** A value in one line, collections in brackets. */
export function flowText(value: Json, style: FlowStyle = FLOW): string {
  if (typeof value !== 'object' || value === null)
    return style.json ? jsonScalar(value) : scalarText(value, 'plain');
  const separator = `,${style.comma}`;
  if (!isObject(value)) {
    return `[${(value as readonly Json[]).map((each) => flowText(each, style)).join(separator)}]`;
  }
  const members = Object.entries(value).map(
    ([key, each]) => `${keyIn(style, key)}:${style.gap}${flowText(each, style)}`,
  );
  return `{${members.join(separator)}}`;
}

/** A value in brackets over several lines, whose first stands at an indentation. */
export function spreadText(value: Json, style: FlowStyle, indent: number, unit: number): string {
  if (isLeaf(value)) return flowText(value, style);
  const pad = ' '.repeat(indent + unit);
  const inner = (each: Json): string => spreadText(each, style, indent + unit, unit);
  const isMapping = isObject(value);
  const lines = isMapping
    ? Object.entries(value).map(([key, each]) => `${pad}${keyIn(style, key)}:${style.gap}${inner(each)}`)
    : (value as readonly Json[]).map((each) => `${pad}${inner(each)}`);
  const [open, close] = isMapping ? ['{', '}'] : ['[', ']'];
  return `${open}\n${lines.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

/** A key between brackets. */
export function keyIn(style: FlowStyle, key: string): string {
  return style.json ? doubleQuoted(key) : scalarText(key, style.keys);
}
