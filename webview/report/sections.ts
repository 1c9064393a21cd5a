import type { Report } from '../../src/model/report.ts';
import { allLayers } from './allLayers.ts';
import { compareTab } from './compareTab.ts';
import { distributions } from './distributions.ts';
import { findingsTab } from './findingsTab.ts';
import { graphTab } from './graphTab.ts';
import { probeTab } from './probeTab.ts';
import { profileTab } from './profileTab.ts';
import { scanTab } from './scanTab.ts';
import { startsTab } from './startsTab.ts';
import type { ExportedStudies, Tab, TabContext } from './tab.ts';
import { whatIfTab } from './whatIfTab.ts';

/** A section by its name in the tab bar. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly build: (context: TabContext) => Tab;
  /** Whether it has something to show; `connected` is false in an exported page. */
  readonly when?: (report: Report, studies: ExportedStudies, connected: boolean) => boolean;
}

const runsHere = ({ plan }: Report) => plan.backend !== 'python';

/** All sections, in the order of the tab bar. */
export const SECTIONS: readonly Section[] = [
  { id: 'profile', title: 'Profile', build: profileTab },
  { id: 'findings', title: 'Findings', build: findingsTab },
  {
    id: 'distributions',
    title: 'Distributions',
    build: distributions,
    when: ({ layers }) => layers.some((layer) => layer.distributions !== undefined),
  },
  {
    id: 'starts',
    title: 'Starting points',
    build: startsTab,
    when: (report, { starts }, connected) =>
      report.starts.saved !== undefined ||
      starts !== undefined ||
      (connected && report.savedWeights === true && runsHere(report)),
  },
  {
    id: 'compare',
    title: 'Compare',
    build: compareTab,
    when: (report, { comparison }, connected) => comparison !== undefined || (connected && runsHere(report)),
  },
  {
    id: 'probe',
    title: 'Probe',
    build: probeTab,
    when: (report, { probe }, connected) => probe !== undefined || (connected && runsHere(report)),
  },
  {
    id: 'scan',
    title: 'Widths',
    build: scanTab,
    when: (_report, { scan }, connected) => scan !== undefined || connected,
  },
  { id: 'what-if', title: 'What if', build: whatIfTab, when: runsHere },
  { id: 'graph', title: 'Graph', build: graphTab, when: ({ layers }) => layers.length > 1 },
  { id: 'layers', title: 'All layers', build: allLayers },
];
