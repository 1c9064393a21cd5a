import type { Coordinate, CoordinateRun, ScannedTensor, Trend, WidthLaw } from '../model/scan.ts';
import { shareInterval } from '../rules/interval.ts';

/** Half-way between no dependence and a square root of the width, the least that theory knows besides. */
const FLAT = 0.25;

/** Slope of the least-squares line through points. */
function slope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  let [up, across] = [0, 0];
  xs.forEach((x, index) => {
    up += (x - x0) * ((ys[index] ?? 0) - y0);
    across += (x - x0) ** 2;
  });
  return up / across;
}

function trendOf({ mean, lo, hi, n }: WidthLaw['exponent']): Trend {
  if (n < 2) return Math.abs(mean) < FLAT ? 'flat' : mean > 0 ? 'grows' : 'shrinks';
  if (lo > -FLAT && hi < FLAT) return 'flat';
  if (lo >= FLAT) return 'grows';
  return hi <= -FLAT ? 'shrinks' : 'unclear';
}

/**
 * The law of a size over widths: `sizes[seed][width]`, positive. The exponent is the slope of ln size over ln width, seed by seed; its interval is
 * Student's over the seeds. Of one seed the mean alone is judged. A size that is 0 or not finite anywhere has no law.
 */
export function widthLaw(factors: readonly number[], sizes: readonly (readonly number[])[]): WidthLaw {
  const none = { mean: NaN, lo: NaN, hi: NaN, n: sizes.length };
  const all = sizes.flat();
  if (all.some((size) => !Number.isFinite(size))) return { exponent: none, trend: 'not finite' };
  if (all.some((size) => size === 0)) return { exponent: none, trend: 'zero' };
  const logs = factors.map(Math.log);
  const slopes = sizes.map((own) => slope(logs, own.map(Math.log)));
  const exponent = shareInterval(slopes, -Infinity, Infinity);
  return { exponent, trend: trendOf(exponent) };
}

const keyOf = ({ node, quantity, name = '' }: Coordinate): string => [node, quantity, name].join('\n');

/** Every tensor that is there at all widths, with its laws: `runs[width][seed]`, in the order of the factors. */
export function scannedTensors(
  factors: readonly number[],
  runs: readonly (readonly CoordinateRun[])[],
): readonly ScannedTensor[] {
  const tables = runs.map((seeds) =>
    seeds.map(({ coordinates }) => new Map(coordinates.map((each) => [keyOf(each), each]))),
  );
  return (runs[0]?.[0]?.coordinates ?? []).flatMap((first): ScannedTensor[] => {
    const own = tables.map((seeds) => seeds.flatMap((table) => table.get(keyOf(first)) ?? []));
    const count = own[0]?.length ?? 0;
    if (own.some((seeds) => seeds.length !== count)) return [];
    const over = (pick: (each: Coordinate) => number) => {
      const sizes = Array.from({ length: count }, (_, seed) =>
        own.map((seeds) => {
          const found = seeds[seed];
          return found === undefined ? NaN : pick(found);
        }),
      );
      const values = own.map((seeds) =>
        Math.exp(seeds.reduce((sum, each) => sum + Math.log(pick(each)), 0) / seeds.length),
      );
      return { ...widthLaw(factors, sizes), values };
    };
    const { node, layer, quantity, name } = first;
    return [
      {
        ...{ node, layer, quantity },
        ...(name === undefined ? {} : { name }),
        activation: over(({ rms }) => rms),
        update: over(({ update }) => update),
      },
    ];
  });
}
