import type { InitializerSpec } from '../../model/initializers/initializer.ts';
import { spellInitializer } from '../../model/initializers/spell.ts';
import type { Semantics } from '../../model/semantics.ts';

/** The call that draws `target` by an initializer, where the file says `nn` for torch.nn; maybe two lines or under `with`, undefined where PyTorch cannot say it. */
export function torchLine(
  initializer: InitializerSpec,
  shape: readonly number[],
  { nn, target }: { readonly nn: string; readonly target: string },
  from: Semantics,
): string | undefined {
  const entries = shape.reduce((product, size) => product * size, 1);
  const spelled = spellInitializer(initializer, 'pytorch', { from, tensor: target, entries });
  return spelled?.code.replaceAll('nn.init.', `${nn}.init.`);
}

/** The same as lines that may stand in a function's body. */
export function asStatements(line: string): readonly string[] {
  return line
    .replace('with torch.no_grad(): ', '')
    .replace(/\.mul_\(/, '.data.mul_(')
    .split('\n');
}
