import { argumentsOf, assignedOf, calleeOf, rangeOf, textOf, within } from './syntax.ts';
import { attributesOf, builds, moduleClasses } from './torchFacts.ts';
import type { FindTraps, Trap } from './trap.ts';

const WEIGHT = /^self\.(\w+)\.weight$/;
const REDRAWS = /\.apply$|_init_weights$|(^|\.)init\.|\.(normal_|uniform_|copy_|load_state_dict)$/;

/** An output layer tied to an nn.Embedding that is left at N(0, 1): its logits have std √d. */
export const tiedEmbedding: FindTraps = (facts) => {
  const { syntax } = facts;
  return [...moduleClasses(facts)].flatMap(([, definition]): Trap[] => {
    const attributes = attributesOf(syntax, definition);
    const redrawn = facts.calls.some((call) => REDRAWS.test(calleeOf(syntax, call)));
    if (redrawn) return [];
    return within(definition, 'AssignStatement').flatMap((assignment): Trap[] => {
      const { targets = [], value } = assignedOf(assignment) ?? {};
      const names = [targets[0], value].map((side) =>
        side === undefined ? undefined : WEIGHT.exec(textOf(syntax, side))?.[1],
      );
      const table = names.find(
        (name) => name !== undefined && builds(syntax, attributes.get(name), 'Embedding'),
      );
      const head = names.find((name) => name !== undefined && builds(syntax, attributes.get(name), 'Linear'));
      const built = table === undefined ? undefined : attributes.get(table);
      if (table === undefined || head === undefined || built === undefined) return [];
      const width = argumentsOf(syntax, built).positional[1];
      const cause = `self.${table} is drawn N(0, 1) and tied to self.${head}`;
      const size = width === undefined ? 'the width' : textOf(syntax, width);
      return [
        {
          rule: 'embedding-scale',
          layer: table,
          range: rangeOf(built),
          message: `${cause}: the logits start with std near √${size}; nn.init.normal_(self.${table}.weight, std=0.02) is usual`,
          cause,
        },
      ];
    });
  });
};
