import type { GraphLayout, LayerDistributions, ReportSet } from '../../src/model/report.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { partOf, type ReportPart } from '../../src/protocol/reportParts.ts';
import { decodeWire } from '../../src/protocol/wireReports.ts';
import type { Host } from './host.ts';

/** Parts of one model's report that are fetched when they are shown. What cannot be had is undefined. */
export interface Parts {
  graph(): Promise<GraphLayout | undefined>;
  spec(): Promise<ModelSpec | undefined>;
  /** The distributions of a layer; calls of one moment become one request. */
  distributions(layer: string): Promise<LayerDistributions | undefined>;
}

type Fetch = (part: ReportPart) => Promise<unknown>;
type Found = Readonly<Record<string, LayerDistributions>>;

/** Layers whose distributions travel in one message: well below 2 MB. */
const BATCH = 100;

/** Pause in which wanted layers become one request. */
const PAUSE_MS = 20;

function partsFrom(fetch: Fetch): Parts {
  const known = new Map<string, Promise<unknown>>();
  const once = (part: ReportPart): Promise<unknown> => {
    const found = known.get(part.kind) ?? fetch(part).catch(() => undefined);
    known.set(part.kind, found);
    return found;
  };
  const layers = new Map<string, Promise<LayerDistributions | undefined>>();
  let batch: { readonly layers: string[]; readonly found: Promise<Found> } | undefined;
  const soon = (layer: string): Promise<Found> => {
    if (batch === undefined || batch.layers.length >= BATCH) {
      const asked: string[] = [];
      const found = new Promise<Found>((resolve) => {
        setTimeout(() => {
          if (batch?.layers === asked) batch = undefined;
          fetch({ kind: 'distributions', layers: asked }).then(
            (parts) => resolve((parts ?? {}) as Found),
            () => resolve({}),
          );
        }, PAUSE_MS);
      });
      batch = { layers: asked, found };
    }
    batch.layers.push(layer);
    return batch.found;
  };
  return {
    graph: () => once({ kind: 'graph' }) as Promise<GraphLayout | undefined>,
    spec: () => once({ kind: 'spec' }) as Promise<ModelSpec | undefined>,
    distributions: (layer) => {
      const before = layers.get(layer);
      if (before !== undefined) return before;
      const found = soon(layer).then((all) => (Object.hasOwn(all, layer) ? all[layer] : undefined));
      layers.set(layer, found);
      return found;
    },
  };
}

/** The parts of a model whose results the host keeps under this id. */
export function partsFromHost(host: Host, results: string, model: string): Parts {
  return partsFrom(async (part) => {
    const text = await host.request('part', { results, model, part });
    return text === null ? undefined : decodeWire(text);
  });
}

/** The parts of a model of an exported page, which carries them all. */
export function partsOfSet(set: ReportSet, model: string): Parts {
  return partsFrom((part) => {
    const report = set.reports.find(({ modelId }) => modelId === model);
    return Promise.resolve(report === undefined ? undefined : partOf(report, part));
  });
}
