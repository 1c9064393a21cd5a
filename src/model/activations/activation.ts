/** An activation as a layer carries it; `id` is a row of the activation catalogue, params complete. */
export interface ActivationSpec {
  readonly id: string;
  readonly params: Readonly<Record<string, number>>;
  readonly written: string;
}

/** How an activation behaves where it matters for initialization. */
type ActivationFamily = 'linear' | 'rectifier' | 'smooth-rectifier' | 'saturating' | 'normalizing' | 'other';

/** One row of the activation catalogue; pure numbers, no tensors. */
export interface ActivationKind {
  readonly id: string;
  /** Every name that means it, over all frameworks (`leaky_relu`, `LeakyReLU`, `leakyReLU`). */
  readonly names: readonly string[];
  readonly family: ActivationFamily;
  readonly params: Readonly<Record<string, number>>;
  /** φ(z), elementwise. Absent for those over an axis (softmax, log_softmax, glu). */
  readonly value?: (z: number, params: Readonly<Record<string, number>>) => number;
  /** φ′(z), elementwise; at a kink the mean of both sides. */
  readonly slope?: (z: number, params: Readonly<Record<string, number>>) => number;
  /** Points where φ or φ′ is not smooth: quadrature is split there. */
  readonly kinks: (params: Readonly<Record<string, number>>) => readonly number[];
  /**
   * The flat part by output or input value: |φ′| < 5 % of its maximum (rules.md `saturated-activation`); undefined when it
   * has none. `on: 'pre'` tests z, `on: 'post'` tests φ(z); saturated when value < low or value > high.
   */
  readonly flat?: { readonly on: 'pre' | 'post'; readonly low: number; readonly high: number };
}
