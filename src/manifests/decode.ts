/** A file as text, or why it is none. */
export interface Decoded {
  readonly text: string;
  readonly problem?: { readonly message: string; readonly help: string };
}

const SAVE = 'save the file as UTF-8 text';

/** Decodes a file. A byte order mark stays in the text, so that offsets are those of the file. */
export function decode(input: string | Uint8Array, maxBytes: number): Decoded {
  const size = typeof input === 'string' ? input.length : input.byteLength;
  if (size > maxBytes) {
    return refuse('', `the file is larger than ${maxBytes} bytes and was not read`, 'split the file');
  }
  if (typeof input === 'string') return { text: input };
  const [first, second] = input;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return refuse('', 'the file is UTF-16, not UTF-8', SAVE);
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input) };
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);
    const binary = input.subarray(0, 8000).includes(0);
    return binary
      ? refuse('', 'the file is binary, not text', 'leave it out of the files to be judged')
      : refuse(text, 'the file is not valid UTF-8', SAVE);
  }
}

function refuse(text: string, message: string, help: string): Decoded {
  return { text, problem: { message, help } };
}
