import type { Problem } from './problem.ts';
import type { ModelSpec, OutputSpec } from './spec.ts';

/** Nodes from which others lead on: everything a node's inputs depend on. */
function ancestors(spec: ModelSpec, output: OutputSpec): ReadonlySet<string> {
  const nodes = new Map(spec.nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();
  const stack = (nodes.get(output.ref.node)?.inputs ?? []).map((ref) => ref.node);
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    stack.push(...(nodes.get(at)?.inputs ?? []).map((ref) => ref.node));
  }
  return seen;
}

/** Whether a file writes a loss for each output (a list, a table by name): then every output is meant to be trained. */
function isPerOutput(loss: unknown): boolean {
  if (typeof loss !== 'object' || loss === null) return false;
  return Array.isArray(loss) || !(Object.hasOwn(loss, 'class_name') || Object.hasOwn(loss, 'className'));
}

/**
 * The spec without outputs that only show a step on the way to another output (feature maps beside the prediction): they are no
 * ends, take no loss and make no layer a head, unless the file's loss is written for each output. They stand in `taps`; a note says so.
 */
export function withoutTaps(spec: ModelSpec, loss: unknown): ModelSpec {
  if (spec.outputs.length < 2 || isPerOutput(loss)) return spec;
  const before = new Set(spec.outputs.flatMap((output) => [...ancestors(spec, output)]));
  const taps = spec.outputs.filter(({ ref }) => before.has(ref.node));
  if (taps.length === 0) return spec;
  const outputs = spec.outputs.filter((output) => !taps.includes(output));
  const names = taps.map(({ name }) => name);
  const [first = '', ...others] = names;
  const listed = others.length === 0 ? `output ${first} is a step` : `outputs ${names.join(', ')} are steps`;
  const ends = outputs.map(({ name }) => name).join(', ');
  const note: Problem = {
    file: spec.file,
    range: spec.origin.range,
    message: `The ${listed} on the way to ${ends}: measured, but given no loss.`,
    severity: 'note',
  };
  return { ...spec, outputs, taps, problems: [...spec.problems, note] };
}
