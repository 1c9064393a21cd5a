import type { TextRange } from '../../../model/origin.ts';
import type { PyNode, PythonSyntax } from './syntax.ts';

/** A mistake that the text alone shows. */
export interface Trap {
  readonly rule: string;
  /** What the person wrote it for: a class, an attribute, a variable. */
  readonly layer: string;
  readonly range: TextRange;
  readonly message: string;
  readonly cause: string;
}

/** What all traps look at, found once. */
export interface TrapFacts {
  readonly syntax: PythonSyntax;
  readonly calls: readonly PyNode[];
  readonly classes: readonly PyNode[];
  readonly assignments: readonly PyNode[];
}

/** One mistake: finds its places. Pure; an empty list when the file is right or does not say enough. */
export type FindTraps = (facts: TrapFacts) => readonly Trap[];
