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

/** Theory's answer for a model: what has no law is named, not guessed. */
export interface Prediction {
  readonly nodes: Readonly<Record<string, NodePrediction>>;
  readonly unpredicted: readonly { readonly node: string; readonly reason: string }[];
}
