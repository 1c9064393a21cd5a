import type { OperationConfig } from '../../model/layers/operation.ts';
import type { Forward } from './forward.ts';
import { positiveAxes } from './layerNorm.ts';
import { ofRank } from './merge.ts';
import { BINARY, REDUCTIONS, UNARY } from './operationFunctions.ts';
import { moved } from './operationMoves.ts';
import { operand } from './operationProduct.ts';
import { range } from './spatial.ts';

/** One tensor operation of a functional model. */
export const operation: Forward<OperationConfig> = (call) => {
  const { config, inputs } = call;
  const binary = BINARY[config.op];
  if (binary !== undefined) {
    const rank = Math.max(...inputs.map((x) => x.rank));
    const operands = inputs.map((x) => ofRank(x, rank));
    if (config.constant === null) return operands.slice(1).reduce(binary, operands[0]!);
    const constant = operand(config.constant);
    return config.constantFirst ? binary(constant, operands[0]!) : binary(operands[0]!, constant);
  }
  const unary = UNARY[config.op];
  if (unary !== undefined) return unary(inputs[0]!, config.values);
  const reduction = REDUCTIONS[config.op];
  if (reduction === undefined) return moved(inputs, config);
  const { rank } = inputs[0]!;
  return reduction(
    inputs[0]!,
    positiveAxes(config.axes ?? range(1, rank), rank),
    config.keepDims,
    config.values,
  );
};
