import type { ReadOptions, ReadResult } from './reader.ts';

/** Reads sources away from this process, where a program that hangs can be killed. Whoever has none reads them in place. */
export interface SourceHost {
  /** The models of a source; a program that hangs is one problem with its line. Rejects only for faults of ours. */
  read(path: string, text: string, options: ReadOptions): Promise<ReadResult>;
  dispose(): Promise<void>;
}
