/** The warnings of one request as kubectl prints them: what the apiserver does with those of all webhooks. */

/**
 * The warnings that reach the client, as the recorder of the apiserver keeps them:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/filters/warning.go.
 */
export function sentWarnings(texts: readonly string[]): string[] {
  const distinct = [...new Set(texts.filter((text) => text !== ''))];
  const lengths = distinct.map((text) => [...text].length);
  if (lengths.reduce((sum, length) => sum + length, 0) <= 4096) return distinct;
  const sent: string[] = [];
  let written = 0;
  for (const text of distinct) {
    if (written >= 4096) break;
    const cut = [...text].slice(0, 256).join('');
    written += [...cut].length;
    sent.push(cut);
  }
  return sent;
}

/** A warning of another webhook or of the apiserver, of so many bytes. */
export function foreignWarning(bytes: number): string {
  return 'x'.repeat(bytes);
}
