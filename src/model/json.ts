/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An object of JSON values. Read it with `Object.hasOwn`, since keys come from files (`__proto__` included). */
export type JsonObject = { readonly [key: string]: Json };
