declare module '*.wasm' {
  /** The bytes of the file, embedded by the bundler. */
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
