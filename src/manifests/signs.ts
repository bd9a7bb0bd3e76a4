/** A text that only something of IOMesh has. */
const IOMESH = /iomesh|zookeepercluster|zookeeper\.pravega\.io|iscsiPortal|metaAddr|clusterConnection/i;
/** The names of the kinds that the rules know, as part of a longer name too, such as NodeList. */
const KIND = /ConfigMap|StorageClass|PersistentVolume|Namespace|Node|CustomResourceDefinition/;
/** An escape that may write any of these in other words. */
const ESCAPE = /\\[xuU]/;

/** True if a text names something of IOMesh. */
export function namesIomesh(text: string): boolean {
  return IOMESH.test(text);
}

/** False if a text can have no object that a rule looks at, so that it need not be parsed. */
export function mayHaveKnownKind(text: string): boolean {
  return KIND.test(text) || IOMESH.test(text) || ESCAPE.test(text);
}

/**
 * Bytes as text, to look for names in them: also of a file that is not UTF-8. NULs are left out, so that
 * the ASCII characters of UTF-16 follow each other.
 */
export function roughText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replaceAll('\0', '');
}
