import type { Finding, Severity } from '../model/finding.ts';
import { signalQuantity } from '../model/layerSignal.ts';
import { formatInUnit, formatRatio, formatShare } from '../model/numberText.ts';
import type { ReportLayer } from '../model/report.ts';
import { FEWEST_SEEDS } from '../rules/interval.ts';

const ORDER: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** The finding that comes first: the most severe, then the first in the order given. */
export function gravest(findings: readonly Finding[]): Finding | undefined {
  for (const severity of ORDER) {
    const found = findings.find((finding) => finding.severity === severity);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A message as a sentence: a full stop at its end, a capital at its start unless it starts with a layer's name. */
function sentence(text: string, layers: readonly ReportLayer[]): string {
  const trimmed = text.trim();
  const [word = ''] = trimmed.split(/[\s:,]/, 1);
  const named = layers.some(({ id, name }) => id === word || name === word);
  const started = named ? trimmed : trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(started) ? started : `${started}.`;
}

function healthy(layers: readonly ReportLayer[], tooFew: number | undefined): string {
  const weighted = layers.filter(({ trunk, initializers }) => trunk && initializers.some(({ gain }) => gain));
  const hidden = weighted.filter(({ roles }) => !roles.includes('head'));
  const shown = hidden.length > 1 ? hidden : weighted;
  const [first, last] = [shown[0], shown.at(-1)];
  const size = (layer: ReportLayer | undefined): number | undefined =>
    layer === undefined ? undefined : layer.measured[signalQuantity(layer)]?.mean;
  const signal = ratio(size(last), size(first));
  const gradient = ratio(first?.measured.gradientNorm?.mean, last?.measured.gradientNorm?.mean);
  if (first === undefined || last === undefined || first === last || signal === undefined)
    return tooFew === undefined ? 'Nothing is wrong with this initialization.' : notDecided(tooFew);
  const dead = Math.max(0, ...layers.map(({ measured }) => measured.dead?.mean ?? 0));
  const back = gradient === undefined ? '' : `, the gradient ${formatRatio(gradient)} on the way back`;
  const units = dead > 0 ? `; at most ${formatShare(dead)} of a layer's units are silent` : '';
  const numbers = `the signal changes ${formatRatio(signal)} from ${first.id} to ${last.id}${back}${units}.`;
  return tooFew === undefined ? `Nothing is wrong: ${numbers}` : `${notDecided(tooFew)} Measured: ${numbers}`;
}

function notDecided(seeds: number): string {
  const run = seeds === 1 ? '1 seed was' : `${seeds} seeds were`;
  return `Not decided: a value lies outside its healthy band, but only ${run} run and a warning needs ${FEWEST_SEEDS}.`;
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined || a === 0 || b === 0 || !Number.isFinite(a / b)
    ? undefined
    : a / b;
}

/** A message with a remark in brackets, in those it ends with when there are any. */
function bracketed(message: string, remark: string): string {
  const open = message.endsWith(')') ? message.lastIndexOf(' (') : -1;
  return open < 0
    ? `${message} (${remark})`
    : `${message.slice(0, open)} (${remark}, ${message.slice(open + 2)}`;
}

/**
 * One sentence in plain words with its size: what is wrong and where, or that nothing is and by which numbers. `tooFew` is the
 * number of seeds when they cannot decide about a value beyond its band.
 */
export function verdictSentence(
  findings: readonly Finding[],
  layers: readonly ReportLayer[],
  measured: boolean,
  tooFew?: number,
): string {
  const first = gravest(findings.filter(({ severity }) => severity === 'error' || severity === 'warning'));
  if (first === undefined) {
    const note = findings.find(({ severity }) => severity === 'information');
    const rest = note === undefined ? '' : ` Worth knowing: ${note.message.replace(/[.]$/, '')}.`;
    const seen = measured && layers.some((layer) => Object.keys(layer.measured).length > 0);
    return (
      (seen ? healthy(layers, tooFew) : 'Nothing was measured; what is known without shows nothing wrong.') +
      rest
    );
  }
  const proof = first.values[0];
  const size = proof === undefined ? '' : formatInUnit(proof.value, proof.unit);
  const message = first.message.replace(/[.]$/, '');
  const told = size === '' || message.includes(size.replace('×', ''));
  const sized = told ? message : bracketed(message, `${proof?.name ?? ''} ${size}`);
  const others = findings.filter(
    (finding) => finding !== first && (finding.severity === 'error' || finding.severity === 'warning'),
  ).length;
  const more = others > 0 ? ` ${others} more ${others === 1 ? 'finding' : 'findings'} below.` : '';
  return `${sentence(sized, layers)}${more}`;
}
