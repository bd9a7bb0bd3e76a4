/**
 * The result of a read, or an error if the signal aborts before. Afterwards the signal keeps nothing of it: a signal
 * with a timer outlives what it is for.
 */
export async function beforeAbort<T>(read: Promise<T>, signal: AbortSignal, error: () => Error): Promise<T> {
  return await new Promise((resolve, reject) => {
    const late = () => reject(error());
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    read.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
