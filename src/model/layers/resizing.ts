import { InputError } from '../problem.ts';
import { countedSize, formatShape, type Shape } from '../shape.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { type DataFormat, joinShape, readDataFormat, splitShape } from './spatial.ts';

export type ResizingConfig = {
  readonly op: 'resize' | 'centerCrop';
  readonly height: number;
  readonly width: number;
  readonly interpolation: string;
  readonly dataFormat: DataFormat;
};

function resized(config: ResizingConfig, input: Shape): Shape {
  const { spatial, channels } = splitShape(input, config.dataFormat);
  const [height = 1, width = 1] = spatial;
  if (config.op === 'centerCrop' && (height < 1 || width < 1))
    throw new InputError({ message: 'There is nothing to crop.', found: formatShape(input) });
  return joinShape(input[0] ?? null, [config.height, config.width], channels, config.dataFormat);
}

/** Images brought to one size: resized, or cut around the centre (resized when smaller). */
export const resizing: LayerKind<ResizingConfig> = {
  id: 'resizing',
  classes: ['Resizing', 'CenterCrop', 'RandomCrop'],
  signal: 'shape',
  parse: (raw) => {
    const method: unknown = raw.raw('interpolation');
    return {
      config: {
        op: raw.className === 'Resizing' ? 'resize' : 'centerCrop',
        height: raw.size(['height']),
        width: raw.size(['width']),
        interpolation: typeof method === 'string' ? method : 'bilinear',
        dataFormat: readDataFormat(raw),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => [resized(config, onlyInput(inputs, 4))],
  weights: () => [],
  multiplyAdds: (config, inputs) => 4 * countedSize(resized(config, onlyInput(inputs, 4))),
};
