/** Predicted moments of one node at initialization, over weights and N(0,1) data; second moments, not standard deviations. */
export interface NodePrediction {
  readonly node: string;
  readonly layer: string;
  /** E[z²] before the activation; absent for nodes without one. */
  readonly preActivation?: number;
  /** E[a] and E[a²] of the output, over units and data. */
  readonly mean: number;
  readonly secondMoment: number;
  /** Part of E[a²] that varies over the data for a fixed draw (std over the data, squared). */
  readonly dataVariance: number;
  /** E‖∂L/∂z‖² per sample relative to the last weighted trunk layer's; absent when no law exists. */
  readonly gradient?: number;
  /** Expected share of zeros and of values in the flat part. */
  readonly zeros?: number;
  readonly saturated?: number;
  /** Expected cosine between two samples. */
  readonly cosine?: number;
  /** sd of log rms over seeds at this width and depth (theory.md §3.0) and the mean shift of log rms. */
  readonly sdLog: number;
  readonly biasLog: number;
}

/** What theory says of one kernel before anything is drawn. */
export interface WeightNeed {
  /** rms of an entry that the signal needs here: gain/√(true fan-in), 1/√(G·u) for recurrent kernels. */
  readonly neededRms: number;
  /** rms of an entry as its initializer draws it. */
  readonly drawnRms: number;
  /** √(fan_in·Var W) it has and needs; the true fan-in counts. */
  readonly gain: { readonly has: number; readonly needs: number };
  /** The initializer has no randomness: all units start equal. */
  readonly tied: boolean;
  /** Id of the activation that its pre-activation meets. */
  readonly activation: string;
}

/** Theory's answer for a model: what has no law is named, not guessed. */
export interface Prediction {
  readonly nodes: Readonly<Record<string, NodePrediction>>;
  /** By `layer|weight`, for kernels and recurrent kernels. */
  readonly weights?: Readonly<Record<string, WeightNeed>>;
  readonly unpredicted: readonly { readonly node: string; readonly reason: string }[];
}
