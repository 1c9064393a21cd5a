import type { Node } from '@babel/types';
import { ALWAYS_SITED, hasYield, LONG_NATIVES, SIZE_FREE, suspends, usesSuperOrYield } from './emitFacts.ts';
import { ModuleEmitter } from './emitModules.ts';
import { calleeName, isBuildingCallee } from './aliases.ts';
import { bare, isFunction, propertyName } from './syntax.ts';

/** Operators, conditions, calls, objects and assignments. */
export abstract class ExpressionEmitter extends ModuleEmitter {
  /** The code of a method. */
  abstract method(node: Extract<Node, { type: 'ObjectMethod' }>): string;

  /** An expression in a config or an initializer: an error inside becomes an unknown that names it. */
  guarded(node: Node): string {
    const inner = bare(node);
    if (SIZE_FREE.has(inner.type) || !this.building || suspends(node)) return this.gen(node);
    return `__g(${this.site(node)},()=>(${this.gen(node)}))`;
  }

  spreadArray(node: Extract<Node, { type: 'ArrayExpression' }>): string {
    const spread = node.elements.flatMap((entry, index) => (entry?.type === 'SpreadElement' ? [index] : []));
    const values = node.elements.map((entry) =>
      entry === null ? 'undefined' : this.gen(entry.type === 'SpreadElement' ? entry.argument : entry),
    );
    return `__as(${this.site(node)},[${spread.join(',')}],[${values.join(',')}])`;
  }

  member(node: Extract<Node, { type: 'MemberExpression' }>): string {
    if (propertyName(node) !== 'length' || this.writing) return this.gaps(node);
    return `__len(${this.site(node)},${this.gen(node.object)})`;
  }

  property(node: Node): string {
    if (node.type === 'ObjectProperty') {
      if (node.shorthand && node.value.type === 'Identifier') return node.value.name;
      return `${this.key(node)}:${this.guarded(node.value)}`;
    }
    if (node.type === 'ObjectMethod') return this.method(node);
    return this.gen(node);
  }

  key(node: { key: Node; computed?: boolean | undefined }): string {
    return node.computed === true
      ? `[${this.gen(node.key)}]`
      : node.key.type === 'PrivateName'
        ? `#${node.key.id.name}`
        : this.text(node.key.start ?? 0, node.key.end ?? 0);
  }

  patternProperty(node: Extract<Node, { type: 'ObjectProperty' }>): string {
    return node.shorthand ? this.gen(node.value) : `${this.key(node)}:${this.gen(node.value)}`;
  }

  declarator(node: Extract<Node, { type: 'VariableDeclarator' }>): string {
    if (!node.init) return this.gen(node.id);
    const name = node.id.type === 'Identifier' ? node.id.name : '';
    let init =
      bare(node.init).type === 'AwaitExpression' &&
      this.building &&
      !hasYield(node.init) &&
      !usesSuperOrYield(node.init)
        ? `await __ga(${this.site(node.init)},async()=>(${this.gen(node.init)}))`
        : this.guarded(node.init);
    if (node.id.type === 'ObjectPattern') {
      const defaults = node.id.properties.flatMap((entry) =>
        entry.type === 'ObjectProperty' &&
        entry.value.type === 'AssignmentPattern' &&
        entry.key.type === 'Identifier'
          ? [entry.key.name]
          : [],
      );
      init = `__dd(${init},${JSON.stringify(defaults)})`;
    }
    return `${this.gen(node.id)}=${name === '' || isFunction(bare(node.init)) ? init : `__v(${JSON.stringify(name)},${this.site(node)},${init})`}`;
  }

  conditional(node: Extract<Node, { type: 'ConditionalExpression' }>): string {
    const site = this.site(node.test);
    const builds =
      (this.context.matters(node.consequent) ? 1 : 0) + (this.context.matters(node.alternate) ? 2 : 0);
    this.branches[site] = { builds, guard: false, shows: this.showing };
    if (suspends(node))
      return `(__c(${site},${this.gen(node.test)})?${this.gen(node.consequent)}:${this.gen(node.alternate)})`;
    return `__t(${site},${this.gen(node.test)},()=>(${this.gen(node.consequent)}),()=>(${this.gen(node.alternate)}))`;
  }

  logical(node: Extract<Node, { type: 'LogicalExpression' }>): string {
    if (suspends(node.right)) return `(${this.gen(node.left)}${node.operator}${this.gen(node.right)})`;
    const site = this.site(node.left);
    this.branches[site] = {
      builds: this.context.matters(node.right) ? 1 : 0,
      guard: false,
      shows: this.showing,
    };
    return `__l('${node.operator}',${site},${this.gen(node.left)},()=>(${this.gen(node.right)}))`;
  }

  binary(node: Extract<Node, { type: 'BinaryExpression' }>): string {
    if (node.left.type === 'PrivateName')
      return `(${this.text(node.left.start ?? 0, node.left.end ?? 0)} in ${this.gen(node.right)})`;
    return `__b('${node.operator}',${this.gen(node.left)},${this.gen(node.right)})`;
  }

  unary(node: Extract<Node, { type: 'UnaryExpression' }>): string {
    if (node.operator === 'typeof')
      return node.argument.type === 'Identifier'
        ? `__ty(()=>${node.argument.name})`
        : `__ty(()=>(${this.gen(node.argument)}))`;
    if (node.operator === 'delete') return `delete ${this.target(node.argument)}`;
    if (node.operator === 'void' || node.operator === 'throw') return this.gaps(node);
    if (node.argument.type === 'NumericLiteral') return `(${node.operator}${this.gen(node.argument)})`;
    return `__u('${node.operator}',${this.gen(node.argument)})`;
  }

  assignment(node: Extract<Node, { type: 'AssignmentExpression' }>): string {
    const operator = node.operator;
    if (operator === '=') {
      const value = node.right;
      const named = `${this.target(node.left)}=`;
      if (bare(value).type === 'AwaitExpression' && this.building && !usesSuperOrYield(value))
        return `(${named}await __ga(${this.site(value)},async()=>(${this.gen(value)})))`;
      const code = `${named}${this.guarded(value)}`;
      return node.left.type === 'ObjectPattern' ? `(${code})` : code;
    }
    if (node.left.type !== 'Identifier' || ['||=', '&&=', '??='].includes(operator))
      return `${this.target(node.left)}${operator}${this.gen(node.right)}`;
    return `${node.left.name}=__b('${operator.slice(0, -1)}',${node.left.name},${this.gen(node.right)})`;
  }

  call(node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' | 'NewExpression' }>): string {
    if (node.type === 'CallExpression' && node.callee.type === 'Import')
      return `__dyn(require,${this.list(node.arguments)})`;
    const args = `(${this.list(node.arguments)})`;
    const name = calleeName(node.callee);
    if (node.type === 'NewExpression' && (name === 'Array' || name === 'Float32Array'))
      return `__na(${this.list(node.arguments)})`;
    const callee = this.gen(node.callee);
    const optional = node.type === 'OptionalCallExpression' && node.optional ? '?.' : '';
    const code =
      node.type === 'NewExpression'
        ? `new ${/^[\w$.]+$/.test(callee) ? callee : `(${callee})`}${args}`
        : `${callee}${optional}${args}`;
    if (node.callee.type === 'Super') return code;
    if (node.type === 'OptionalCallExpression')
      return isBuildingCallee(node.callee, this.context.statics.aliases) === undefined
        ? code
        : `__r(${this.site(node, true)},()=>${code})`;
    if (!this.interesting(node, name))
      return name !== undefined && LONG_NATIVES.has(name) ? `(__h(${this.site(node)}),${code})` : code;
    const site = this.site(node, true);
    return suspends(node) ? `__p(${site},${code})` : `__r(${site},()=>${code})`;
  }

  interesting(
    node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>,
    name: string | undefined,
  ): boolean {
    if (node.type === 'NewExpression') return true;
    if (name === undefined) return true;
    if (this.context.buildingNames.has(name) || ALWAYS_SITED.has(name)) return true;
    const callee = bare(node.callee);
    if (callee.type === 'MemberExpression' && propertyName(bare(callee.object)) === 'layers') return true;
    return this.context.matters(node);
  }
}
