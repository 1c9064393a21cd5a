import type { ActivationSpec } from './activations/activation.ts';
import type { CodeSite } from './codeSite.ts';
import type { InitializerSpec } from './initializers/initializer.ts';
import type { Json } from './json.ts';
import type { Origin, TextRange } from './origin.ts';
import type { Problem } from './problem.ts';
import type { Semantics } from './semantics.ts';
import type { Shape } from './shape.ts';

/** Where a tensor comes from: output number `output` of node `node`. */
export interface TensorRef {
  readonly node: string;
  readonly output: number;
}

/** What a layer is in the graph; recognised from structure (`model/roles.ts`), read by rules and advice. A layer may have several. */
export type Role =
  | 'input'
  | 'hidden'
  | 'head'
  | 'embedding'
  | 'norm'
  | 'before-norm'
  | 'residual-end'
  | 'branch-scale'
  | 'gate'
  | 'tied';

/** A weight (trainable or not) of a layer, with the fans that its framework computes and the ones that are true. */
export interface WeightSpec {
  /** Name inside the layer: `kernel`, `bias`, `gamma`, `recurrent_kernel`, `forward/kernel` … */
  readonly name: string;
  /** `kernel`: multiplies the signal (has gain); `bias`, `scale`, `offset`, `statistic` (moving mean/variance), `table` (embedding). */
  readonly part: 'kernel' | 'recurrent' | 'bias' | 'scale' | 'offset' | 'statistic' | 'table';
  readonly shape: readonly number[];
  readonly initializer: InitializerSpec;
  /** Fans as the file's framework computes them (what the initializer uses). */
  readonly fanIn: number;
  readonly fanOut: number;
  /** Fans that are true for the signal (theory.md §3.8). */
  readonly effectiveFanIn: number;
  readonly effectiveFanOut: number;
  readonly trainable: boolean;
  /** Axis of `shape` that runs over output units (tied-unit tests); -1 counts from the end. */
  readonly unitAxis: number;
  /** Number of gates stacked along the unit axis (LSTM 4, GRU 3), else 1. */
  readonly gates?: number;
  /** Config key that sets the initializer (`kernel_initializer`), as the kind names it canonically. */
  readonly key: string;
  /** Where the code that draws it can be changed (Python). */
  readonly code?: CodeSite;
  /** Where the saved value lies, when the file carries weights. */
  readonly saved?: SavedWeight;
}

/** A weight's saved values, by reference: never read unless asked for. `dtype` and quantization as stored. */
export interface SavedWeight {
  readonly file: string;
  readonly shape?: readonly number[];
  readonly dataset?: string;
  /** The entry of `file`, a zip archive, in which the dataset lies. */
  readonly entry?: string;
  readonly start?: number;
  readonly byteLength?: number;
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
  /** Set where the bytes lie in several files (shards), in order; `start` and `byteLength` are absent then. */
  readonly parts?: readonly { readonly file: string; readonly start: number; readonly byteLength: number }[];
}

/** A layer's normalized, kind-specific configuration; its true type is declared in `model/layers/<kind>.ts`. */
export type LayerConfig = { readonly [key: string]: Json | undefined };

/** A layer (its weights exist once, however often it is called). */
export interface LayerSpec {
  /** Path in the graph: nested model names and the layer's name, joined with '/'. Stable against edits elsewhere; unique. */
  readonly id: string;
  readonly name: string;
  /** Class as written (`Convolution2D`). */
  readonly className: string;
  /** Row of the layer kinds, which is a file name in three rooms; `opaque` when we do not know it. */
  readonly kind: string;
  readonly config: LayerConfig;
  readonly activation?: ActivationSpec;
  readonly weights: readonly WeightSpec[];
  readonly roles: readonly Role[];
  readonly origins: readonly Origin[];
  readonly trainable: boolean;
  /**
   * Wrapped layers (Bidirectional: `forward`, `backward`; TimeDistributed, SpectralNormalization: `layer`; RNN: `cell0` …), with
   * ids below this one and no weights of their own: the weights stand on the wrapper, named `<name>/<weight>`.
   */
  readonly inner?: readonly LayerSpec[];
  /** Why an opaque layer is opaque, in one line. */
  readonly opaque?: string;
}

/** One call of a layer. Nodes stand in topological order; nested models are flattened into the nodes of their layers. */
export interface NodeSpec {
  /** The layer's id for the first call, `id:1`, `id:2` … for later ones. */
  readonly id: string;
  readonly layer: string;
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly Shape[];
  /** Keyword arguments of the call that matter (initial_state, value, key …), as refs or constants. */
  readonly kwargs?: { readonly [key: string]: Json | TensorRef };
}

/** A model input: its node, its concrete shape, what kind of values it takes. */
export interface InputSpec {
  readonly node: string;
  readonly name: string;
  readonly shape: Shape;
  /** `ids`: integers below `vocabulary` (embedding or one-hot inputs), else real numbers. */
  readonly values: 'real' | 'ids';
  readonly vocabulary?: number;
  /** Set when a size was unknown in the file and chosen: one line that says so. */
  readonly assumed?: string;
}

/** A loss for one output, as the file names it (canonical id) or as its head implies. */
export interface LossSpec {
  readonly id:
    | 'categorical_crossentropy'
    | 'sparse_categorical_crossentropy'
    | 'binary_crossentropy'
    | 'mean_squared_error'
    | 'mean_absolute_error'
    | 'other';
  readonly fromLogits: boolean;
  readonly written: string;
  readonly from: 'file' | 'head' | 'option';
}

/** A model output and how its loss is taken. */
export interface OutputSpec {
  readonly ref: TensorRef;
  readonly name: string;
  readonly shape: Shape;
  readonly loss: LossSpec;
  /** Not an output of the model: the graph ends here because what follows could not be read. No loss is judged there. */
  readonly cut?: true;
}

/** A comment of the file that leaves out findings of these rules (of all, when it names none) on what starts in `range`. */
export interface DisabledRules {
  readonly rules: readonly string[];
  readonly comment: TextRange;
  readonly range: TextRange;
  /** The comment as it is written, without its reason. */
  readonly written: string;
}

/** What a file says about a model before anything runs. Plain JSON; crosses worker boundaries as it is. */
export interface ModelSpec {
  /** Unique in the file and stable: the model's name, with `#2` … where names repeat. */
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Row of the formats (`keras-json`, `tfjs-json`, `keras-archive`, `hdf5`, `tfjs-source`, `python`). */
  readonly format: string;
  /** `Keras 2.10.0`, `tfjs-layers 1.3.2`, `PyTorch 2.13.0`. */
  readonly framework: string;
  readonly semantics: { readonly value: Semantics; readonly from: string };
  readonly graph: 'full' | 'order-only';
  /** False when our engine cannot run it (PyTorch): measured by its own framework. */
  readonly executable: boolean;
  readonly layers: readonly LayerSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly OutputSpec[];
  /** Outputs that only show a step on the way to another one: no ends, without a loss. */
  readonly taps?: readonly OutputSpec[];
  /** Parameters, shared weights counted once. */
  readonly parameters: { readonly total: number; readonly trainable: number };
  /** The file carries trained weights. */
  readonly savedWeights: boolean;
  /** Origin of the model itself: where its lens stands. */
  readonly origin: Origin;
  /** Parts that could not be read, and assumptions worth a line. */
  readonly problems: readonly Problem[];
  /** Comments that leave findings out, where they hold for a layer of this model. */
  readonly disabled?: readonly DisabledRules[];
  /** Content hash of the text the origins refer to: an edit is bound to it. */
  readonly contentHash: string;
}
