import { InputError } from '../model/problem.ts';
import { resized, widthOf } from '../model/resize.ts';
import type { Shape } from '../model/shape.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';
import { isCode, type NumberPlace, numberPlaces, withNumbers } from '../readers/width/numberPlaces.ts';
import type { Reading } from './reading.ts';
import type { InspectRequest } from './request.ts';

/** One way in which a file's models become wider. */
export interface Widths {
  /** What is varied, as a person knows it. */
  readonly parameter: string;
  /** The names of the width in the file; absent where it is not under a name. */
  readonly names?: readonly string[];
  /** Its value at a factor. */
  label(factor: number): string;
  /** The models at a factor, by id. Rejects with an InputError where a size is no whole number, or the file builds nothing with it. */
  at(factor: number): Promise<ReadonlyMap<string, ModelSpec>>;
  /** Whether variants may be read side by side. */
  readonly apart: boolean;
}

/** What widths are found with. */
interface WidthTools {
  readonly request: InspectRequest;
  readonly models: readonly ModelSpec[];
  readonly text: string | undefined;
  read(request: InspectRequest): Promise<Reading>;
  readonly signal: AbortSignal;
}

/** Names that a width often has, and names that are sizes of something else. */
const LIKELY =
  /width|hidden|units?$|neuron|d_?model|n_?embd|embed|dim|channel|filter|feature|planes|base|nf$|ngf|ndf|wide|inner|ff/i;
const OTHER =
  /vocab|class|seq|len|block_?size|batch|epoch|kernel|stride|pad|pool|image|img|input|output|in_?dim|out_?dim|head|layer|depth|step|seed|worker|token|dropout|rate|patch|num_?words/i;
/** Names that are tried before a person is asked. */
const MOST_TRIED = 6;

function whole(name: string, value: number, factor: number): number {
  const wide = value * factor;
  if (Math.abs(wide - Math.round(wide)) < 1e-9 && Math.round(wide) >= 1) return Math.round(wide);
  throw new InputError({
    message: `${name} = ${value} times ${factor} is no whole number`,
    hint: 'choose other factors: --width 1,2,4',
  });
}

const byId = (models: readonly ModelSpec[]): ReadonlyMap<string, ModelSpec> =>
  new Map(models.map((spec) => [spec.id, spec]));

/** Every hidden layer's units and filters, for files that say each layer's own. */
function resizing({ models }: WidthTools): Widths {
  const hidden = models.flatMap(({ layers }) => layers.filter((layer) => widthOf(layer) !== undefined));
  if (hidden.length === 0)
    throw new InputError({ message: 'no hidden layer has units or filters: there is no width to vary' });
  return {
    parameter: 'units and filters of every hidden layer',
    label: (factor) => `×${factor}`,
    apart: true,
    at: (factor) => {
      for (const layer of hidden) whole(layer.id, widthOf(layer) ?? 1, factor);
      return Promise.resolve(byId(models.map((spec) => resized(spec, { width: factor, depth: 1 }))));
    },
  };
}

function units({ weights }: LayerSpec): readonly number[] {
  return weights
    .filter(({ part }) => part === 'kernel' || part === 'table')
    .map(({ shape, unitAxis }) => shape.at(unitAxis) ?? 0);
}

const shapesOf = (ends: readonly { readonly shape: Shape }[]): string =>
  JSON.stringify(ends.map(({ shape }) => shape));

/** How a second reading of a model is a wider one: `ends` when its input grew too; undefined when it is none, or only asks for more at the output. */
function widening(base: ModelSpec, other: ModelSpec | undefined): 'inside' | 'ends' | undefined {
  if (other === undefined || other.layers.length !== base.layers.length) return undefined;
  const wider = base.layers.map((layer, index) => {
    const next = other.layers[index];
    if (next?.id !== layer.id) return undefined;
    const [before, after] = [units(layer), units(next)];
    return before.length === after.length ? after.some((count, at) => count > (before[at] ?? 0)) : undefined;
  });
  if (wider.includes(undefined) || !wider.includes(true)) return undefined;
  if (shapesOf(base.inputs) !== shapesOf(other.inputs)) return 'ends';
  return shapesOf(base.outputs) === shapesOf(other.outputs) ? 'inside' : undefined;
}

/** Numbers written under names, with the text that has them: what is varied in code. */
function written(
  tools: WidthTools,
  text: string,
  names: readonly string[],
  places: readonly NumberPlace[],
): Widths {
  const own = places.filter(({ name }) => names.includes(name));
  const values = [...new Set(own.map(({ value }) => value))];
  return {
    parameter: names.join(', '),
    names,
    label: (factor) => values.map((value) => String(Math.round(value * factor))).join('/'),
    apart: true,
    at: async (factor) => {
      for (const { name, value } of own) whole(name, value, factor);
      return readAt(tools, factor, names.join(', '), { text: withNumbers(text, own, factor) });
    },
  };
}

/** Values of `--param` under names. */
function given(tools: WidthTools, names: readonly string[]): Widths {
  const params = tools.request.options.params ?? {};
  const value = (name: string) => Number(params[name]);
  return {
    parameter: names.join(', '),
    names,
    label: (factor) => names.map((name) => String(Math.round(value(name) * factor))).join('/'),
    apart: false,
    at: async (factor) => {
      const changed = names.map((name): [string, number] => [name, whole(name, value(name), factor)]);
      const options = { ...tools.request.options, params: { ...params, ...Object.fromEntries(changed) } };
      return readAt(tools, factor, names.join(', '), { options });
    },
  };
}

async function readAt(
  { request, read, signal }: WidthTools,
  factor: number,
  names: string,
  change: Partial<InspectRequest>,
): Promise<ReadonlyMap<string, ModelSpec>> {
  signal.throwIfAborted();
  const { models, problems, questions } = await read({ ...request, ...change });
  if (models.length > 0) return byId(models);
  const reason = problems[0]?.message ?? questions?.[0]?.message ?? 'the file builds no model';
  throw new InputError({
    message: `with ${names} × ${factor} nothing is built: ${reason}`,
    hint: 'choose other factors (--width): heads and groups must divide the width',
  });
}

const listed = (names: readonly string[], places: readonly NumberPlace[]): string =>
  names.map((name) => `${name} = ${places.find((place) => place.name === name)?.value}`).join(', ');

/** The one name whose number makes every layer wider; asked for when several do, or none. */
async function found(tools: WidthTools, text: string, places: readonly NumberPlace[]): Promise<Widths> {
  const names = [...new Set(places.map(({ name }) => name))].filter((name) => !OTHER.test(name));
  const likely = names.filter((name) => LIKELY.test(name));
  const holds: Record<'inside' | 'ends', string[]> = { inside: [], ends: [] };
  for (const name of (likely.length > 0 ? likely : names).slice(0, MOST_TRIED)) {
    const wide = await written(tools, text, [name], places)
      .at(2)
      .catch((error: unknown) => {
        if (error instanceof InputError) return new Map<string, ModelSpec>();
        throw error;
      });
    const how = tools.models
      .map((spec) => widening(spec, wide.get(spec.id)))
      .find((each) => each !== undefined);
    if (how !== undefined) holds[how].push(name);
  }
  const matching = holds.inside.length > 0 ? holds.inside : holds.ends;
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return written(tools, text, [only], places);
  const all = [...new Set(places.map(({ name }) => name))];
  throw new InputError(
    matching.length > 1
      ? {
          message: 'several values make the model wider: which one is the width?',
          found: listed(matching, places),
          hint: `--param-name ${matching[0]}, or --param-name ${matching.join(',')} for all of them together`,
        }
      : {
          message: 'no value of the file makes the model wider',
          ...(all.length === 0 ? {} : { found: listed(all.slice(0, 12), places) }),
          hint: '--param-name NAME names one; a width that the file leaves open: --param NAME=64 --param-name NAME',
        },
  );
}

/**
 * How a file's width is varied: the name asked for, in code the one number whose doubling widens the layers, in model files every hidden
 * layer. Rejects with an InputError that lists the choices when there is not exactly one.
 */
export async function widthsOf(tools: WidthTools, asked: readonly string[] | undefined): Promise<Widths> {
  const { request, text } = tools;
  if (!isCode(request.path)) {
    if (asked === undefined) return resizing(tools);
    throw new InputError({
      message: `a model file has no parameter ${asked.join(', ')}`,
      hint: 'leave --param-name out: every hidden layer’s units and filters are varied',
    });
  }
  if (text === undefined) throw new InputError({ message: 'the text of the file cannot be read' });
  const places = numberPlaces(request.path, text);
  if (asked === undefined) return found(tools, text, places);
  if (asked.every((name) => typeof request.options.params?.[name] === 'number')) return given(tools, asked);
  const missing = asked.find((name) => !places.some((place) => place.name === name));
  if (missing === undefined) return written(tools, text, asked, places);
  const names = [...new Set(places.map(({ name }) => name))];
  throw new InputError({
    message: `the file gives no whole number under the name ${missing}`,
    ...(names.length === 0 ? {} : { found: listed(names.slice(0, 12), places) }),
    hint: `a value the file leaves open is given as well: --param ${missing}=64 --param-name ${missing}`,
  });
}

/** Whether a reading at another width is the same model, wider. */
export function isWidened(base: ModelSpec, other: ModelSpec, factor: number): boolean {
  return factor === 1 || (factor > 1 ? widening(base, other) : widening(other, base)) !== undefined;
}
