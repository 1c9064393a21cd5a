import type { ComparisonSet } from '../../src/model/comparison.ts';
import type { Advice } from '../../src/model/finding.ts';
import type { ProbeSet } from '../../src/model/probe.ts';
import type { Report, RuleInfo } from '../../src/model/report.ts';
import type { ScanSet } from '../../src/model/scan.ts';
import type { StartsSet } from '../../src/model/startsSet.ts';
import type { Host } from '../shared/host.ts';
import type { Parts } from '../shared/parts.ts';

/** One section of the report; built when it is first opened. */
export interface Tab {
  readonly element: HTMLElement;
  /** Marks a layer; `picked` by a person, or else the one that a fresh report begins with. */
  select?(layer: string, picked: boolean): void;
  refresh?(): void;
  /** The results were found to be of an earlier text, or are of the present one again. */
  stale?(stale: boolean): void;
  /** Somebody outside asks for this section, perhaps because there is a new result. */
  reload?(): void;
  preview?(advice: Advice): void;
  destroy?(): void;
}

/** The studies an exported page carries. */
export interface ExportedStudies {
  readonly comparison?: ComparisonSet;
  readonly probe?: ProbeSet;
  readonly scan?: ScanSet;
  readonly starts?: StartsSet;
}

/** What a section needs. */
export interface TabContext {
  readonly report: Report;
  readonly rules: Readonly<Record<string, RuleInfo>>;
  readonly host: Host;
  readonly parts: Parts;
  readonly studies: ExportedStudies;
  readonly canAct: boolean;
  /** Selects a layer everywhere: all sections, the editor. */
  choose(layer: string): void;
  /** Opens the profile with what was measured with an advice beside it. */
  preview(advice: Advice): void;
}
