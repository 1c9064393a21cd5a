import type { Node } from '@babel/types';
import type { HtmlElement } from './html.ts';
import { emit } from './emit.ts';
import type { BranchFacts, Numbers, Site } from './emitFacts.ts';
import { createMatters } from './matters.ts';
import { topologyOf, type SavedTopology } from './savedModels.ts';
import { buildingNames, type FunctionInfo, type Statics } from './statics.ts';
import { walk } from './syntax.ts';
import type { Units } from './units.ts';

/** A function that the host can call alone. */
export interface NumberedFunction {
  readonly number: number;
  readonly file: number;
  readonly info: FunctionInfo;
}

/** Sources rewritten for one run, with the tables that turn numbers back into places. */
export interface Program {
  readonly units: Units;
  readonly sites: readonly Site[];
  /** The first site of a node. */
  readonly siteOf: ReadonlyMap<Node, number>;
  readonly functions: readonly NumberedFunction[];
  /** Sites in the inspected source where models are made. */
  readonly modelSites: ReadonlySet<number>;
  /** Calls of the inspected source that make models where nothing is run (decorators). */
  readonly notRun: readonly Node[];
  readonly names: ReadonlySet<string>;
  /** What the sandbox starts from. */
  readonly start: {
    readonly answers: Readonly<Record<string, number | string | boolean>>;
    readonly elements: Readonly<Record<string, HtmlElement>>;
    readonly branches: Readonly<Record<number, BranchFacts>>;
    readonly siteFns: readonly number[];
    readonly siteTexts: readonly string[];
    readonly files: readonly {
      readonly path: string;
      readonly code?: string;
      readonly json?: string;
      readonly imports: Readonly<Record<string, number>>;
      readonly classic: boolean;
    }[];
    readonly saved: {
      readonly names: readonly (readonly [string, number])[];
      readonly models: readonly SavedTopology[];
    };
  };
}

/** True when the source holds a call that makes layers or models: without one nothing is evaluated. */
export function buildsModels(statics: Statics): boolean {
  return (
    statics.top.builds ||
    statics.top.createsModel ||
    [...statics.functions.values()].some((info) => info.builds || info.createsModel)
  );
}

/** Rewrites all units and numbers their places. */
export function makeProgram(
  units: Units,
  answers: Readonly<Record<string, number | string | boolean>>,
): Program {
  const all = units.units.flatMap((unit) => (unit.source === undefined ? [] : [unit.source.statics]));
  const names = buildingNames(all);
  const numbers: Numbers = { sites: [], functions: [] };
  const branches: Record<number, BranchFacts> = {};
  let lines = 0;
  const files = units.units.map((unit, fileIndex) => {
    const shared = { path: unit.path, imports: unit.imports, classic: unit.classic };
    if (unit.source === undefined) return { ...shared, json: unit.json ?? 'null' };
    const { syntax, statics } = unit.source;
    const emitted = emit({
      syntax,
      statics,
      matters: createMatters(statics, names),
      buildingNames: names,
      numbers,
      fileIndex,
    });
    Object.assign(branches, emitted.branches);
    // Each file stands below the ones before it, so that a line number of the rewritten code names its file too.
    const code = '\n'.repeat(lines) + emitted.code;
    lines = code.split('\n').length;
    return { ...shared, code };
  });
  const modelCalls = units.units[0]?.source?.statics.modelCalls ?? new Set<Node>();
  const modelSites = new Set<number>();
  numbers.sites.forEach((site, index) => {
    if (site.file === 0 && site.call && modelCalls.has(site.node)) modelSites.add(index);
  });
  const run = new Set([...modelSites].map((site) => numbers.sites[site]?.node));
  const siteTexts = numbers.sites.map((site) => {
    const text = units.units[site.file]?.source?.syntax.text ?? '';
    const start = site.node.start ?? 0;
    return text.slice(start, Math.min(site.node.end ?? start, start + 60)).replace(/\s+/g, ' ');
  });
  return {
    units,
    sites: numbers.sites,
    siteOf: new Map(numbers.sites.map(({ node }, site) => [node, site] as const).reverse()),
    functions: numbers.functions.map(({ file, info }, number) => ({ number, file, info })),
    modelSites,
    notRun: [...modelCalls].filter((node) => !run.has(node)),
    names,
    start: {
      answers,
      elements: units.elements,
      branches,
      siteFns: numbers.sites.map((site) => site.fn),
      siteTexts,
      files,
      saved: { names: units.saved.names, models: units.saved.models.map(topologyOf) },
    },
  };
}

/** How a function is called alone: one entry a parameter. */
export interface AloneParameter {
  readonly name: string;
  readonly kind: 'tf' | 'default' | 'unknown';
  readonly site: number;
  /** Name of the function. */
  readonly fn: string;
  readonly absent?: readonly string[];
}

/** The parameters of a function, for a call without a caller. */
export function parametersOf(info: FunctionInfo, program: Program): AloneParameter[] {
  const { node } = info;
  const params = 'params' in node && Array.isArray(node.params) ? node.params : [];
  return params.map((given): AloneParameter => {
    const inner = given.type === 'TSParameterProperty' ? given.parameter : given;
    const target = inner.type === 'AssignmentPattern' ? inner.left : inner;
    const name = target.type === 'Identifier' ? target.name : 'options';
    const absent: string[] = [];
    if (target.type === 'ObjectPattern') {
      for (const property of target.properties) {
        if (
          property.type === 'ObjectProperty' &&
          property.value.type === 'AssignmentPattern' &&
          property.key.type === 'Identifier'
        )
          absent.push(property.key.name);
      }
    }
    const usedAsTf = /^(tf|tfl|tfjs|tensorflow)$/.test(name) || usesLayersOf(node, name);
    return {
      name,
      kind: usedAsTf ? 'tf' : inner.type === 'AssignmentPattern' ? 'default' : 'unknown',
      site: program.siteOf.get(target) ?? -1,
      fn: info.name,
      ...(absent.length > 0 ? { absent } : {}),
    };
  });
}

function usesLayersOf(node: FunctionInfo['node'], name: string): boolean {
  let found = false;
  walk(node, (inner) => {
    if (
      inner.type === 'MemberExpression' &&
      inner.object.type === 'Identifier' &&
      inner.object.name === name &&
      inner.property.type === 'Identifier' &&
      (inner.property.name === 'layers' || inner.property.name === 'sequential')
    ) {
      const parent = inner.property.name === 'sequential';
      found = found || parent;
    }
    if (
      inner.type === 'MemberExpression' &&
      inner.object.type === 'MemberExpression' &&
      inner.object.object.type === 'Identifier' &&
      inner.object.object.name === name &&
      inner.object.property.type === 'Identifier' &&
      inner.object.property.name === 'layers'
    )
      found = true;
    return !found;
  });
  return found;
}
