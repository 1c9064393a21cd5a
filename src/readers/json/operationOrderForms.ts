import type { Json } from '../../model/json.ts';
import { axesOf, numberOf, sampleAxes } from './operationArguments.ts';
import type { OperationCall, TranslatedCall } from './operationCall.ts';
import type { Form } from './operationForms.ts';

const falling = (call: OperationCall): boolean =>
  String(call.at(2, 'direction')).toUpperCase() === 'DESCENDING';

const ordered: Form = (call) => {
  const axes = sampleAxes(call.at(1, 'axis') ?? -1);
  return axes === null ? undefined : call.operation({ axes, values: [falling(call) ? 1 : 0] });
};

/** Running sums or products along an axis; those that leave the value itself out or come from the end are others. */
const running: Form = ({ axis, positional, named, config, operation }) => {
  const axes = sampleAxes(axis);
  const flags = ['exclusive', 'reverse'].flatMap((key) => [named[key], config[key]]);
  const other = [...positional.slice(2), ...flags].includes(true);
  return axes === null || other ? undefined : operation({ axes });
};

/** The value below which this share lies, between values by a line. */
function quantile(
  call: OperationCall,
  share: unknown,
  axes: Json,
  keepDims: unknown,
): TranslatedCall | undefined {
  if (typeof share !== 'number' || axes === null) return undefined;
  return call.operation({ op: 'quantile', axes, keepDims: keepDims === true, values: [share] });
}

/** Operations that order values or go along an axis, by their plain names. */
export const ORDER_FORMS: Readonly<Record<string, Form>> = {
  sort: ordered,
  argsort: ordered,
  topk: ({ at, operation }) => {
    const k = at(1, 'k');
    return operation({ sections: typeof k === 'number' ? k : 1 });
  },
  median: (call) => quantile(call, 0.5, sampleAxes(call.at(1, 'axis')), call.at(2, 'keepdims')),
  quantile: (call) => {
    const method = call.at(3, 'method') ?? 'linear';
    return method === 'linear'
      ? quantile(call, call.at(1, 'q'), sampleAxes(call.at(2, 'axis')), call.at(4, 'keepdims'))
      : undefined;
  },
  takealong: ({ inputs, at, operation }) => {
    const axes = sampleAxes(at(2, 'axis'));
    return axes === null || inputs.length !== 2 ? undefined : operation({ axes });
  },
  cumsum: running,
  cumprod: running,
  difference: ({ at, positional, named, operation }) => {
    const bordered = [...positional.slice(3), named['prepend'], named['append']].some(
      (value) => (value ?? null) !== null,
    );
    const axes = sampleAxes(at(2, 'axis') ?? -1);
    return bordered || axes === null ? undefined : operation({ axes, values: [numberOf(at(1, 'n'), 1)] });
  },
  rotate: ({ at, operation }) => {
    const axes = sampleAxes(at(2, 'axes'));
    return axes === null ? undefined : operation({ axes, values: [numberOf(at(1, 'k'), 1)] });
  },
  moments: ({ at, named, operation }) => {
    const axes = axesOf(at(1, 'axes'));
    const keepDims = at(2, 'keepdims') === true || named['keepdims'] === true;
    return axes === null ? undefined : operation({ axes, keepDims });
  },
};
