/** The result of a read, or an error if the signal aborts before. */
export async function beforeAbort<T>(read: Promise<T>, signal: AbortSignal, error: () => Error): Promise<T> {
  return await new Promise((resolve, reject) => {
    const late = () => reject(error());
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    read.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
