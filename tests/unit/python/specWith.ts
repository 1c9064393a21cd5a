import type { CodeSite } from '../../../src/model/codeSite.ts';
import type { TextRange } from '../../../src/model/origin.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';

/** A PyTorch spec of one Linear `fc` at a range, whose kernel is drawn at `code`. */
export function specWith(file: string, hash: string, range: TextRange, code: CodeSite): ModelSpec {
  const origin = { file, range, kind: 'layer' as const };
  return {
    ...{ id: 'm', name: 'm', file, format: 'python', framework: 'PyTorch 2' },
    semantics: { value: 'pytorch', from: 'x' },
    graph: 'full',
    executable: false,
    layers: [
      {
        ...{ id: 'fc', name: 'fc', className: 'Linear', kind: 'dense', config: {}, roles: [] },
        weights: [
          {
            ...{ name: 'kernel', part: 'kernel', shape: [2, 2], key: 'kernel_initializer', code },
            initializer: { id: 'kaimingUniform', params: {}, seed: null, written: '' },
            ...{ fanIn: 2, fanOut: 2, effectiveFanIn: 2, effectiveFanOut: 2, trainable: true, unitAxis: -1 },
          },
        ],
        origins: [origin],
        trainable: true,
      },
    ],
    nodes: [],
    inputs: [],
    outputs: [],
    parameters: { total: 4, trainable: 4 },
    savedWeights: false,
    origin,
    problems: [],
    contentHash: hash,
  };
}
