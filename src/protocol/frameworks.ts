import { SEMANTICS, SEMANTICS_TITLE, type Semantics } from '../model/semantics.ts';

/** Frameworks a fix can be copied for, in the order they are offered. */
export const FRAMEWORKS: readonly Semantics[] = SEMANTICS;

/** Their names as people write them. */
export const FRAMEWORK_TITLE: Readonly<Record<Semantics, string>> = SEMANTICS_TITLE;
