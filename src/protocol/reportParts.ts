import type { Measured, Report, ReportLayer, ReportSet } from '../model/report.ts';
import { decodeWire, encodeWire } from './wireReports.ts';

/** What a view asks for when it shows it: the drawing, the spec that What if changes, the distributions of some layers. */
export type ReportPart =
  | { readonly kind: 'graph' }
  | { readonly kind: 'spec' }
  | { readonly kind: 'distributions'; readonly layers: readonly string[] };

/** A layer's quantities as they travel: mean, low, high, seeds. */
type Row = readonly [mean: number, lo: number, hi: number, n: number];

/** More digits than any view shows; the rest is half of a deep model's message. */
const DIGITS = 9;

const short = (value: number, digits = DIGITS): number =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;

function mapped<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

const rowOf = ({ mean, lo, hi, n }: Measured): Row => [short(mean), short(lo), short(hi), n];
const measuredOf = ([mean, lo, hi, n]: Row): Measured => ({ mean, lo, hi, n });

function packLayer(layer: ReportLayer): object {
  return {
    ...layer,
    origins: [],
    initializers: layer.initializers.map(({ spec: _spec, ...rest }) => rest),
    measured: mapped(layer.measured, rowOf),
    expected: mapped(layer.expected, rowOf),
    predicted: mapped(layer.predicted, (value) => short(value)),
    ...(layer.distributions === undefined ? {} : { distributions: {} }),
  };
}

/** Digits of what is only drawn. */
const DRAWN_DIGITS = 4;

const drawn = (values: readonly (number | null)[]) =>
  values.map((value) => (value === null ? null : short(value, DRAWN_DIGITS)));

function pack({ spec, graph: _graph, repairs, ...report }: Report): object {
  return {
    ...report,
    ...(spec?.savedWeights === true ? { savedWeights: true } : {}),
    layers: report.layers.map(packLayer),
    ...(repairs === undefined
      ? {}
      : {
          repairs: repairs.map(({ signal, gradient }) => ({
            signal: drawn(signal),
            gradient: drawn(gradient),
          })),
        }),
  };
}

function unpack(report: Report): Report {
  return {
    ...report,
    layers: report.layers.map((layer) => ({
      ...layer,
      measured: mapped(layer.measured as unknown as Readonly<Record<string, Row>>, measuredOf),
      expected: mapped(layer.expected as unknown as Readonly<Record<string, Row>>, measuredOf),
    })),
  };
}

/**
 * Results as views first get them, below 2 MB for a thousand layers: without places in files (the host knows them) and without
 * what is asked for part by part. A layer that has distributions has `{}` there.
 */
export function encodeSummary(set: ReportSet): string {
  return encodeWire({ ...set, lineStarts: {}, reports: set.reports.map(pack) });
}

/** What `encodeSummary` wrote; initializers come without their `spec`. */
export function decodeSummary(text: string): ReportSet {
  const set = decodeWire(text) as ReportSet;
  return { ...set, reports: set.reports.map(unpack) };
}

/** A part of a report; undefined where it has none. */
export function partOf(report: Report, part: ReportPart): unknown {
  switch (part.kind) {
    case 'graph':
      return report.graph;
    case 'spec':
      return report.spec?.executable === true ? report.spec : undefined;
    case 'distributions': {
      const wanted = new Set(part.layers);
      return Object.fromEntries(
        report.layers.flatMap(({ id, distributions }) =>
          wanted.has(id) && distributions !== undefined ? [[id, distributions]] : [],
        ),
      );
    }
  }
}
