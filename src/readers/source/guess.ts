/** A shape of as many sizes as the layer takes. */
function shapeFor(layer: string): string {
  if (/2d|^rescaling|^resizing/i.test(layer)) return '64,64,3';
  if (/flatten|lstm|gru|rnn|1d|bidirectional|timeDistributed|attention/i.test(layer)) return '20,10';
  return /3d/i.test(layer) ? '16,16,16,1' : '10';
}

/** A plausible first answer for a size nobody knows, by its name and the config key it reaches; a person confirms it. */
export function guessFor(name: string, reached: string, layer = ''): number | string | undefined {
  const text = name.toLowerCase();
  if (reached === 'branch') return 'true';
  if (/outputshape/.test(text)) return '7,7,256';
  if (reached === 'loop' && /(size|layer|unit|hidden)s?$/.test(text)) return '128';
  if (reached === 'loop') return 3;
  if (reached === 'inputShape' || reached === 'batchInputShape' || reached === 'shape') {
    if (/shape/.test(text)) return shapeFor(layer);
    if (/(vocab|token|char)/.test(text)) return 80;
    if (/(height|width|size|^h$|^w$|rows|cols)/.test(text)) return 28;
    if (/channel/.test(text)) return 3;
    if (/(len|steps|time|lookback|seq)/.test(text)) return 20;
    return 10;
  }
  if (/(class|label|categor|action|output)/.test(text)) return 10;
  if (/vocab|token|char|inputdim/.test(text)) return 1000;
  if (reached === 'units' || reached === 'filters' || reached === 'outputDim') return 64;
  if (reached === 'activation') return 'relu';
  if (/initializer/i.test(reached)) return 'glorotUniform';
  return reached === 'kernelSize' || reached === 'poolSize' ? 3 : undefined;
}
