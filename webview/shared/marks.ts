import type { Finding, Severity } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';

/** What a layer is in the findings: where one starts, or damage it carries on. */
export interface LayerMark {
  readonly severity: Severity;
  readonly cause: boolean;
  readonly text: string;
  readonly finding: Finding;
}

const GRAVITY: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

/** Shape per severity, so that colour is never the only sign. */
export const SEVERITY_ICON: Readonly<Record<Severity, string>> = {
  error: '✖',
  warning: '▲',
  information: 'ℹ',
  hint: '·',
};

/** One full mark where a finding starts; a ring on the layers that share its cause. */
export function markIcon({ severity, cause }: LayerMark): string {
  return cause || severity === 'hint' ? SEVERITY_ICON[severity] : '○';
}

/** The gravest mark of every layer that a finding names. Causes win over echoes of the same gravity. */
export function layerMarks(report: Report): ReadonlyMap<string, LayerMark> {
  const marks = new Map<string, LayerMark>();
  const put = (layer: string, mark: LayerMark) => {
    const old = marks.get(layer);
    const rank = (m: LayerMark) => GRAVITY[m.severity] * 2 + (m.cause ? 1 : 0);
    if (old === undefined || rank(mark) > rank(old)) marks.set(layer, mark);
  };
  for (const finding of report.findings) {
    put(finding.layer, { severity: finding.severity, cause: true, text: finding.message, finding });
    for (const layer of finding.layers.slice(1)) {
      put(layer, {
        severity: finding.severity,
        cause: false,
        text: `shares the cause of ${finding.layer}`,
        finding,
      });
    }
    for (const echo of finding.echoes) {
      put(echo.layer, {
        severity: 'hint',
        cause: false,
        text: `carries on what ${finding.layer} starts`,
        finding,
      });
    }
  }
  return marks;
}
