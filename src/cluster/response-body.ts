import { isObject, type Json, type JsonObject } from '../core/base/json.ts';

/** The JSON object in the text of a response. Throws if there is none. */
export function parseResponse(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new Error('the response is not JSON; check that this is a Kubernetes apiserver');
  }
  if (!isObject(value))
    throw new Error('the response is not a JSON object; check that this is a Kubernetes apiserver');
  return value;
}

/** The body of a response as text, without copying the bytes first. */
export function responseText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
