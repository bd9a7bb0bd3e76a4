/**
 * What is computed from an object, kept as long as the object. The value is stored in the object itself, where no copy
 * and no comparison sees it. A WeakMap would do the same, but V8 keeps the values of a WeakMap until it next collects
 * the whole heap: with what a review computes, that was every half second under load.
 */
export class Derived<T extends object, V> {
  readonly #key = Symbol('derived');

  /** The value of an object; undefined if none was set. */
  get(of: T): V | undefined {
    return (of as { readonly [key: symbol]: V | undefined })[this.#key];
  }

  /** Sets the value of an object. One that cannot be extended gets none. */
  set(of: T, value: V): void {
    if (Object.isExtensible(of))
      Object.defineProperty(of, this.#key, { value, writable: true, configurable: true });
  }
}
