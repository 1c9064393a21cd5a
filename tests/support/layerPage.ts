import { layerKinds } from '../../src/model/layers/catalogue.ts';
import { OPAQUE_CLASSES } from '../../src/model/layers/opaqueClasses.ts';
import { OPERATIONS } from '../../src/model/layers/operations.ts';
import { UNPROVEN } from '../../src/model/layers/unproven.ts';
import { withoutLaw } from '../../src/theory/catalogue.ts';

const rows = (table: Readonly<Record<string, string>>): string[] =>
  Object.entries(table).map(([name, reason]) => `| \`${name}\` | ${reason} |`);

/** docs/layers.md, from the catalogues: kinds with their classes and moment laws, what is held to no oracle, what is opaque by design. */
export function layerPage(): string {
  const kinds = layerKinds().map(({ id, classes }) => {
    const names = classes.map((name) => `\`${name}\``).join(', ') || '–';
    const why = withoutLaw(id);
    return `| \`${id}\` | ${names} | ${why === undefined ? 'yes' : `none: ${why}`} |`;
  });
  const opaque = Object.fromEntries(
    Object.entries(OPAQUE_CLASSES).map(([name, { reason }]) => [name, reason]),
  );
  return [
    '# Layer kinds',
    '',
    'Made by `node scripts/rulesDocs.mjs` from `src/model/layers`; a test holds it to the code.',
    '',
    'Every kind runs forward and backward. Each is held to Keras 3 and tf-keras with the same weights (outputs and gradients within 1e-4,',
    '`npm test -- oracles`), and to TensorFlow.js where it has the kind (`npm test -- reference`), but for what is listed below.',
    '',
    '| kind | classes | moment law |',
    '| --- | --- | --- |',
    ...kinds,
    '',
    `Tensor operations of functional models (\`operation\`): ${OPERATIONS.map((op) => `\`${op}\``).join(', ')}. Others are opaque, named with their line.`,
    '',
    '## Held to no framework’s own numbers',
    '',
    'Reports say so on the layer.',
    '',
    '| class, activation, operation or mode | why |',
    '| --- | --- |',
    ...[UNPROVEN.classes, UNPROVEN.activations, UNPROVEN.operations, UNPROVEN.merges].flatMap(rows),
    '',
    '## Opaque by design',
    '',
    'What follows is measured on N(0,1) where the file states the output shape (Lambda’s `output_shape`, the shapes Keras 3 writes), else left out.',
    '',
    '| class | why |',
    '| --- | --- |',
    ...rows(opaque),
    '',
  ].join('\n');
}
