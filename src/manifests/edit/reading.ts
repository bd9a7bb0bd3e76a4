import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../core/base/json.ts';
import { Source } from '../source.ts';
import { compose } from '../yaml/compose.ts';
import { YamlError } from '../yaml/error.ts';
import { JsonEvents } from '../yaml/json-events.ts';
import { Parser } from '../yaml/parser.ts';

/** What the text of one document is to kubectl. Throws YamlError where it is nothing. */
export function jsonOf(text: string, isJson: boolean): Json {
  const source = new Source(text);
  return compose(isJson ? new JsonEvents(source.text, 0) : new Parser(source.text)).json;
}

/** True where the text of a document reads as exactly that value; the order of keys does not count. */
export function isJsonOf(wanted: Json, text: string, isJson: boolean): boolean {
  try {
    return isDeepStrictEqual(jsonOf(text, isJson), wanted);
  } catch (error) {
    if (error instanceof YamlError) return false;
    throw error;
  }
}
