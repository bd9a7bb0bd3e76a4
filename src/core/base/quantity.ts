/**
 * Amounts of bytes as Kubernetes writes them.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
const QUANTITY = /^\+?(\d{1,30})(?:\.(\d{1,12}))?(?:([KMGTPE])i|([kMGTPE])|[eE]([+]?\d{1,2}))?$/;
const PREFIXES = 'KMGTPE';

export const MEBIBYTE = 1024n ** 2n;
export const GIBIBYTE = 1024n ** 3n;

/** The bytes of a quantity, rounded up. Undefined for any other text, and for a negative or smaller unit. */
export function bytesOf(text: string): bigint | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', binary, decimal, exponent] = match;
  let unit = 1n;
  if (binary !== undefined) unit = 1024n ** BigInt(PREFIXES.indexOf(binary) + 1);
  if (decimal !== undefined) unit = 1000n ** BigInt(PREFIXES.indexOf(decimal.toUpperCase()) + 1);
  if (exponent !== undefined) unit = 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(fraction.length);
  return (BigInt(whole + fraction) * unit + divisor - 1n) / divisor;
}
