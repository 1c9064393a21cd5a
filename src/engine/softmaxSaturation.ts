/** A softmax row counts as saturated when its largest probability exceeds this (rules.md `saturated-activation`). */
const ONE_HOT = 0.97;

/** Share of rows (samples, positions, queries) of probabilities that are nearly one-hot. */
export function softmaxSaturation(probabilities: Float32Array, classes: number): number {
  const rows = probabilities.length / classes;
  let saturated = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = row * classes; i < (row + 1) * classes; i++) {
      if (probabilities[i]! > ONE_HOT) {
        saturated++;
        break;
      }
    }
  }
  return rows === 0 ? 0 : saturated / rows;
}
