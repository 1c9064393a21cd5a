/** Scripts that run inside the sandbox; bundled as text. */
declare module '*.sandbox.js' {
  const text: string;
  export default text;
}

/** QuickJS as WebAssembly; bundled as bytes. */
declare module '@jitl/quickjs-wasmfile-release-sync/wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
