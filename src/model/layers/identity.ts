import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type IdentityConfig = { readonly maskValue: number | null };

const RANDOM = [
  ...[
    'RandomFlip',
    'RandomRotation',
    'RandomTranslation',
    'RandomZoom',
    'RandomContrast',
    'RandomBrightness',
  ],
  ...['RandomSaturation', 'RandomHue', 'RandomGrayscale', 'RandomColorJitter', 'RandomColorDegeneration'],
  ...['RandomPosterization', 'RandomSharpness', 'RandomShear', 'RandomPerspective', 'RandomGaussianBlur'],
  ...[
    'RandomInvert',
    'RandomErasing',
    'RandomElasticTransform',
    'RandomHeight',
    'RandomWidth',
    'Solarization',
    'AugMix',
    'RandAugment',
    'CutMix',
    'MixUp',
  ],
];

/** Layers that pass their input on: identities, penalties, random augmentation (off here), masking (`maskValue` set). */
export const identity: LayerKind<IdentityConfig> = {
  id: 'identity',
  classes: ['Identity', 'ActivityRegularization', 'Masking', ...RANDOM],
  signal: 'regularizer',
  parse: (raw) => ({
    config: { maskValue: raw.className === 'Masking' ? raw.number(['mask_value'], 0) : null },
    initializers: {},
  }),
  outputs: (_config, inputs) => [onlyInput(inputs)],
  weights: () => [],
  multiplyAdds: () => 0,
};
