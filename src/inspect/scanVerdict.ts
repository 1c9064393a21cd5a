import { formatNumber } from '../model/numberText.ts';
import type { ScannedTensor, Trend } from '../model/scan.ts';

type Part = 'activation' | 'update';

function told(tensors: readonly ScannedTensor[], part: Part, trend: Trend): string | undefined {
  const own = tensors.filter((tensor) => tensor[part].trend === trend);
  const [steepest] = own.toSorted(
    (a, b) => Math.abs(b[part].exponent.mean) - Math.abs(a[part].exponent.mean),
  );
  if (steepest === undefined) return undefined;
  const { layer } = steepest;
  const law =
    trend === 'grows' || trend === 'shrinks'
      ? ` (${layer} as width^${formatNumber(steepest[part].exponent.mean, 2)})`
      : ` (${layer})`;
  const what = part === 'update' ? 'updates' : 'activations';
  const does: Readonly<Record<Trend, string>> = {
    flat: 'stay flat',
    grows: 'grow with the width',
    shrinks: 'shrink with the width',
    unclear: 'are undecided on these seeds',
    zero: 'are 0',
    'not finite': 'are not finite',
  };
  return `${own.length} of ${tensors.length} ${what} ${does[trend]}${law}`;
}

/** What a coordinate check says, in one sentence: flat throughout, or which sizes are not and what follows. */
export function scanVerdict(tensors: readonly ScannedTensor[]): string {
  if (tensors.length === 0) return 'nothing was measured at every width';
  const trends: readonly Trend[] = ['not finite', 'grows', 'shrinks', 'zero', 'unclear'];
  const all = (part: Part) => tensors.every((tensor) => tensor[part].trend === 'flat');
  if (all('activation') && all('update'))
    return 'flat: activations and their updates keep their size, so that one learning rate serves every width';
  const parts = [
    ...trends.map((trend) => told(tensors, 'update', trend)),
    ...trends.map((trend) => told(tensors, 'activation', trend)),
  ].filter((part) => part !== undefined);
  const grows = tensors.some(({ update }) => update.trend === 'grows');
  const steady = all('activation') ? '; activations at initialization are flat' : '';
  const then = grows ? ': a learning rate found at one width is too large for a wider one' : '';
  return `not flat: ${parts.join(', ')}${steady}${then}`;
}
