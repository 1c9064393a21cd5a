import { formatInUnit, formatMeasured, formatSpread, overSeeds } from '../../src/report/format.ts';
import type { LayerQuantity, Measured, ReportLayer } from '../../src/model/report.ts';

interface Quantity {
  readonly title: string;
  readonly explain: string;
  readonly quantity: LayerQuantity;
  readonly unit: '' | 'share';
}

const QUANTITIES: readonly Quantity[] = [
  {
    title: 'pre-activation',
    explain: 'rms of what the layer computes, before its activation',
    quantity: 'preActivation',
    unit: '',
  },
  { title: 'activation', explain: 'rms of what the layer passes on', quantity: 'activation', unit: '' },
  {
    title: 'std over data',
    explain: 'standard deviation of a unit over samples and positions, rms over units',
    quantity: 'stdOverData',
    unit: '',
  },
  {
    title: 'gradient',
    explain: 'norm of the loss gradient at the layer, per sample',
    quantity: 'gradientNorm',
    unit: '',
  },
  {
    title: 'gradient/weight',
    explain: 'rms of the weight gradient relative to the rms of the weights',
    quantity: 'gradientToWeight',
    unit: '',
  },
  { title: 'weight', explain: 'rms of the weights', quantity: 'weight', unit: '' },
  { title: 'zeros', explain: 'share of values that are exactly 0', quantity: 'zeros', unit: 'share' },
  {
    title: 'dead units',
    explain: 'share of units that are 0 for every input',
    quantity: 'dead',
    unit: 'share',
  },
  {
    title: 'always on',
    explain: 'share of units that are 0 for no input',
    quantity: 'alwaysOn',
    unit: 'share',
  },
  {
    title: 'saturated',
    explain: 'share of values in the flat part of the activation',
    quantity: 'saturated',
    unit: 'share',
  },
  {
    title: 'cosine',
    explain: 'mean cosine between what two samples are here; 1: all look the same',
    quantity: 'cosine',
    unit: '',
  },
];

/** One quantity of a layer as a person reads it: what was measured, its interval over seeds (empty where there is none), and what stands beside it. */
export interface LayerNumber {
  readonly title: string;
  /** What the quantity is, with its unit. */
  readonly explain: string;
  readonly measured: string;
  readonly interval: string;
  readonly predicted: string;
  readonly expected: string;
  /** `0.42 [0.4, 0.45] over 5 seeds`, of what was measured and of the well-initialized net's. */
  readonly words: { readonly measured?: string; readonly expected?: string };
}

/** A cosine this close to 0 is 0 but for rounding. */
const NO_COSINE = 1e-6;

/** The numbers of a layer. Quantities that are 0, or told by nothing, are left out. */
export function layerNumbers(layer: ReportLayer): readonly LayerNumber[] {
  return QUANTITIES.flatMap(({ title, explain, quantity, unit }) => {
    const tidy = (value: number) => (quantity === 'cosine' && Math.abs(value) < NO_COSINE ? 0 : value);
    const over = ({ [quantity]: found }: ReportLayer['measured']): Measured | undefined =>
      found && { mean: tidy(found.mean), lo: tidy(found.lo), hi: tidy(found.hi), n: found.n };
    const [measured, expected] = [over(layer.measured), over(layer.expected)];
    const { [quantity]: theory } = layer.predicted;
    const predicted = theory === undefined ? undefined : tidy(theory);
    const all = [measured?.mean, predicted, expected?.mean].filter((value) => value !== undefined);
    const interval = measured === undefined ? '' : formatSpread(measured, unit);
    if (interval === '' && all.every((value) => value === 0)) return [];
    const text = (value: number | undefined) => (value === undefined ? '–' : formatInUnit(value, unit));
    const words = (value: Measured) => `${formatMeasured(value, unit)} ${overSeeds(value)}`;
    return [
      {
        title,
        explain,
        measured: text(measured?.mean),
        interval,
        predicted: text(predicted),
        expected: text(expected?.mean),
        words: {
          ...(measured === undefined ? {} : { measured: words(measured) }),
          ...(expected === undefined ? {} : { expected: words(expected) }),
        },
      },
    ];
  });
}

/** How many seeds a layer's numbers are over, `over 5 seeds`; empty where nothing of it was measured. */
export function seedsOf({ measured }: ReportLayer): string {
  const seeds = Math.max(0, ...Object.values(measured).map(({ n }) => n));
  return seeds === 0 ? '' : overSeeds({ n: seeds });
}
