import type { Browser } from 'playwright-core';

export interface ServeOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trusted?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ServedVSCode {
  /** The address of a window on a folder, with our extension under development. */
  url(folder: string, payload?: Readonly<Record<string, string>>): string;
  /** Ends the server and removes its user data. */
  stop(): Promise<void>;
  readonly ended: Promise<unknown>;
}

export const quietSettings: Readonly<Record<string, unknown>>;
export function prepareVSCode(): Promise<void>;
export function findBrowser(): Promise<string | null>;
export function freePort(): Promise<number>;
export function serveVSCode(options?: ServeOptions): Promise<ServedVSCode>;
export function launchBrowser(executablePath: string): Promise<Browser>;
