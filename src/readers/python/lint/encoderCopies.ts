import { numberOf } from './counting.ts';
import {
  argumentsOf,
  calledName,
  calleeOf,
  rangeOf,
  textOf,
  type PyNode,
  type PythonSyntax,
} from './syntax.ts';
import type { FindTraps } from './trap.ts';

const STACKS = new Set(['TransformerEncoder', 'TransformerDecoder']);
const REDRAWS =
  /(^|\.)init\.|(kaiming|xavier|orthogonal|trunc_normal)_|\.(normal_|uniform_|apply|reset_parameters|load_state_dict)$|_reset_parameters$|_init_weights$/;

/** A draw of one attribute's weight, by `nn.init` or a tensor method: it reaches no layer inside a stack. */
function drawsOneWeight(syntax: PythonSyntax, call: PyNode): boolean {
  const owned = /^self\.\w+\.(weight|bias)(\.data)?(\.\w+_)?$/;
  const [first] = argumentsOf(syntax, call).positional;
  return owned.test(calleeOf(syntax, call)) || (first !== undefined && owned.test(textOf(syntax, first)));
}

/** nn.TransformerEncoder and nn.TransformerDecoder, whose layers are deep copies: they start bit-identical unless drawn again. */
export const encoderCopies: FindTraps = ({ syntax, calls }) => {
  if (calls.some((call) => REDRAWS.test(calleeOf(syntax, call)) && !drawsOneWeight(syntax, call))) return [];
  return calls.flatMap((call) => {
    const name = calledName(syntax, call);
    if (!STACKS.has(name)) return [];
    const { positional, keywords } = argumentsOf(syntax, call);
    const given = keywords.get('num_layers') ?? positional[1];
    const layers = numberOf(syntax, given);
    if (given === undefined || (layers !== undefined && layers < 2)) return [];
    const cause = `nn.${name} deep-copies one layer`;
    return [
      {
        rule: 'duplicate-weights',
        layer: name,
        range: rangeOf(call),
        message: `${cause}: ${layers === undefined ? 'all' : `all ${layers}`} layers start with the same weights; draw them again: for p in encoder.parameters(): if p.dim() > 1: nn.init.xavier_uniform_(p)`,
        cause,
      },
    ];
  });
};
