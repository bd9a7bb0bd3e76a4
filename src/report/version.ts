/** Put in by the build, from package.json. */
declare const IOMESH_GUARD_VERSION: string | undefined;

/** The version of this program; 0.0.0 where it runs from its sources. */
export const VERSION: string = typeof IOMESH_GUARD_VERSION === 'string' ? IOMESH_GUARD_VERSION : '0.0.0';
