import { isObject, type Json } from '../../core/base/json.ts';
import { resolvePlain } from '../yaml/scalar.ts';
import type { SyntaxNode, SyntaxTree } from '../yaml/tree.ts';
import { column } from './positions.ts';

/** The ways to quote a text. */
export type QuoteStyle = 'plain' | 'single' | 'double';

const PLAIN = /^[A-Za-z0-9_./](?:[A-Za-z0-9_./@+:-]*[A-Za-z0-9_./@+-])?$/;
/** Texts that other YAML readers take for a number or a time, though kubectl does not. */
const AMBIGUOUS = /^(?:[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are not allowed between single quotes.
const NEEDS_ESCAPE = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/** A scalar as kubectl reads back exactly that value; a text is quoted as asked if it can be. */
export function scalarText(value: Json, quote: QuoteStyle): string {
  if (typeof value !== 'string') return String(value);
  if (quote === 'plain' && isPlain(value)) return value;
  if (quote === 'single' && !NEEDS_ESCAPE.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return doubleQuoted(value);
}

/** A text in double quotes, for YAML and for JSON. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A scalar in JSON. */
export function jsonScalar(value: Json): string {
  return typeof value === 'string' ? doubleQuoted(value) : String(value);
}

/** True for a text that needs no quotes at any place. */
function isPlain(text: string): boolean {
  if (!PLAIN.test(text) || AMBIGUOUS.test(text) || /^\.+$/.test(text)) return false;
  return resolvePlain(text) === text && Number.isNaN(Number(text));
}

/** How a scalar is quoted. */
export function quoteOf({ style }: SyntaxNode): QuoteStyle {
  return style === 'single' || style === 'double' ? style : 'plain';
}

/** How the keys of a mapping are quoted, if all are alike. */
export function quoteOfKeys({ entries }: SyntaxNode): QuoteStyle {
  const quotes = new Set(entries.map(({ keyNode }) => (keyNode === undefined ? 'plain' : quoteOf(keyNode))));
  const [only = 'plain'] = quotes;
  return quotes.size === 1 ? only : 'plain';
}

/** How a document is indented. */
export interface Indentation {
  /** How many columns deeper a mapping in a mapping is. */
  readonly unit: number;
  /** How many columns deeper than its key the dash of an item is. */
  readonly dash: number;
}

const MAX_UNIT = 10;

/** The indentation that a document uses most; two columns if it shows none. */
export function indentationOf(tree: SyntaxTree): Indentation {
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
  return { unit: mostFrequent(units) ?? 2, dash: mostFrequent(dashes) ?? 2 };
}

function mostFrequent(counts: ReadonlyMap<number, number>): number | undefined {
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0];
}

/** The lines of `key: value` in block style, the key at a column. */
export function memberLines(key: string, value: Json, at: number, indentation: Indentation): string[] {
  const pad = ' '.repeat(at);
  if (isLeaf(value)) return [`${pad}${key}: ${flowText(value)}`];
  const children = isObject(value)
    ? mappingLines(value, at + indentation.unit, indentation)
    : itemLines(value as readonly Json[], at + indentation.dash, indentation);
  return [`${pad}${key}:`, ...children];
}

function mappingLines(value: Json, at: number, indentation: Indentation): string[] {
  return Object.entries(value as object).flatMap(([key, each]) =>
    memberLines(scalarText(key, 'plain'), each as Json, at, indentation),
  );
}

/** The lines of the items of a sequence in block style, their dashes at a column. */
export function itemLines(list: readonly Json[], at: number, indentation: Indentation): string[] {
  const pad = ' '.repeat(at);
  return list.flatMap((item) => {
    if (isLeaf(item)) return [`${pad}- ${flowText(item)}`];
    const lines = isObject(item)
      ? mappingLines(item, at + 2, indentation)
      : itemLines(item as readonly Json[], at + 2, indentation);
    return [`${pad}- ${lines[0]!.trimStart()}`, ...lines.slice(1)];
  });
}

/** True for a value that is written in one line after its key: a scalar, or a collection without members. */
function isLeaf(value: Json): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** How a collection in brackets is written. */
export interface FlowStyle {
  readonly json: boolean;
  readonly keys: QuoteStyle;
  /** The text after a colon. */
  readonly gap: string;
  /** The text after a comma. */
  readonly comma: string;
}

/** Brackets in YAML. */
export const YAML_FLOW: FlowStyle = { json: false, keys: 'plain', gap: ' ', comma: ' ' };
/** Brackets in JSON. */
export const JSON_FLOW: FlowStyle = { json: true, keys: 'double', gap: ' ', comma: ' ' };

/** A value in one line, collections in brackets. */
export function flowText(value: Json, style: FlowStyle = YAML_FLOW): string {
  if (typeof value !== 'object' || value === null)
    return style.json ? jsonScalar(value) : scalarText(value, 'plain');
  const separator = `,${style.comma}`;
  if (!isObject(value)) {
    return `[${(value as readonly Json[]).map((each) => flowText(each, style)).join(separator)}]`;
  }
  const members = Object.entries(value).map(
    ([key, each]) => `${flowKey(style, key)}:${style.gap}${flowText(each, style)}`,
  );
  return `{${members.join(separator)}}`;
}

/** A value in brackets over several lines. `indent` is the column of the line that it begins on. */
export function spreadText(value: Json, style: FlowStyle, indent: number, unit: number): string {
  if (isLeaf(value)) return flowText(value, style);
  const pad = ' '.repeat(indent + unit);
  const inner = (each: Json): string => spreadText(each, style, indent + unit, unit);
  const isMapping = isObject(value);
  const lines = isMapping
    ? Object.entries(value).map(([key, each]) => `${pad}${flowKey(style, key)}:${style.gap}${inner(each)}`)
    : (value as readonly Json[]).map((each) => `${pad}${inner(each)}`);
  const [open, close] = isMapping ? ['{', '}'] : ['[', ']'];
  return `${open}\n${lines.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

/** A key in brackets. */
export function flowKey(style: FlowStyle, key: string): string {
  return style.json ? doubleQuoted(key) : scalarText(key, style.keys);
}
