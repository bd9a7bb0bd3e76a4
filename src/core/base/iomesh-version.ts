/** The releases of IOMesh whose rules differ. */
export const IOMESH_VERSIONS = ['1.0', '1.1', '1.2'] as const;

/** A release of IOMesh, without its patch number. */
export type IomeshVersion = (typeof IOMESH_VERSIONS)[number];

/** True if a version is `least` or newer. */
export function atLeast(version: IomeshVersion, least: IomeshVersion): boolean {
  return IOMESH_VERSIONS.indexOf(version) >= IOMESH_VERSIONS.indexOf(least);
}
