import type { Node } from '@babel/types';
import { calleeName, type FunctionInfo, type Statics } from './statics.ts';
import { bare, childrenOf, isFunction, propertyName, walk, type Syntax } from './syntax.ts';

/** A place in a source that the running program can name by number. */
export interface Site {
  readonly file: number;
  readonly node: Node;
  /** Number of the function around it; −1 at the top of a file. */
  readonly fn: number;
  /** The place is a wrapped call (and not a guarded value or a condition). */
  readonly call: boolean;
}

/** Numbers given out while several sources are rewritten for one run. */
export interface Numbers {
  readonly sites: Site[];
  readonly functions: { readonly file: number; readonly info: FunctionInfo }[];
}

/** What the program is told about a branch or loop: does it build (1: if taken, 2: if not), is it a guard that only throws or leaves. */
export interface BranchFacts {
  readonly builds: number;
  readonly guard: boolean;
}

/** A source as the sandbox runs it. */
export interface Emitted {
  readonly code: string;
  readonly branches: Readonly<Record<number, BranchFacts>>;
}

interface Context {
  readonly syntax: Syntax;
  readonly statics: Statics;
  readonly matters: (node: Node) => boolean;
  readonly buildingNames: ReadonlySet<string>;
  readonly numbers: Numbers;
  readonly fileIndex: number;
}

const SIZE_FREE = new Set([
  'StringLiteral',
  'NumericLiteral',
  'BooleanLiteral',
  'NullLiteral',
  'ArrowFunctionExpression',
  'FunctionExpression',
  'Identifier',
  'ObjectExpression',
  'ArrayExpression',
]);
const ALWAYS_SITED = new Set([
  'add',
  'apply',
  'compile',
  'pop',
  'input',
  'model',
  'sequential',
  'Sequential',
  'setWeights',
  'setAttribute',
  'loadLayersModel',
  'clone',
  'fromConfig',
]);

function suspends(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'AwaitExpression' || inner.type === 'YieldExpression' || inner.type === 'Super')
      found = true;
    return !found && !(isFunction(inner) && inner !== node);
  });
  return found;
}

/** Names assigned in the subtrees (not in functions inside them) and declared outside them. */
function assignedNames(nodes: readonly (Node | null | undefined)[]): string[] {
  const assigned = new Set<string>();
  const declared = new Set<string>();
  const targets = (node: Node): void => {
    if (node.type === 'Identifier') assigned.add(node.name);
    else if (node.type === 'ArrayPattern' || node.type === 'ObjectPattern') childrenOf(node).forEach(targets);
    else if (node.type === 'ObjectProperty') targets(node.value);
    else if (node.type === 'AssignmentPattern') targets(node.left);
  };
  for (const root of nodes) {
    if (!root) continue;
    walk(root, (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'AssignmentExpression') targets(node.left);
      if (node.type === 'UpdateExpression') targets(node.argument);
      const filled = filledName(node);
      if (filled !== undefined) assigned.add(filled);
      if (node.type === 'VariableDeclarator')
        walk(node.id, (id) => void (id.type === 'Identifier' && declared.add(id.name)));
      return true;
    });
  }
  return [...assigned].filter((name) => !declared.has(name));
}

/** The variable whose container a node fills: `x.push(…)`, `x.add(…)`, `x[i] = …`. */
function filledName(node: Node): string | undefined {
  if (
    node.type === 'CallExpression' &&
    /^(push|unshift|add|set|pop|splice)$/.test(propertyName(node.callee) ?? '')
  ) {
    const owner = 'object' in node.callee ? bare(node.callee.object) : undefined;
    return owner?.type === 'Identifier' ? owner.name : undefined;
  }
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression' || !node.left.computed)
    return undefined;
  const owner = bare(node.left.object);
  return owner.type === 'Identifier' ? owner.name : undefined;
}

function onlyLeaves(node: Node): boolean {
  if (node.type === 'BlockStatement') {
    const last = node.body.at(-1);
    return (
      last !== undefined &&
      onlyLeaves(last) &&
      node.body.slice(0, -1).every((line) => line.type === 'ExpressionStatement')
    );
  }
  if (node.type === 'ThrowStatement') return true;
  return (
    node.type === 'ReturnStatement' &&
    (!node.argument ||
      ['NullLiteral', 'BooleanLiteral'].includes(node.argument.type) ||
      (node.argument.type === 'Identifier' && node.argument.name === 'undefined'))
  );
}

/** Rewrites a source into a script: types and JSX blanked, calls, operators, conditions and loop bounds wrapped. */
export function emit(context: Context): Emitted {
  return new Emitter(context).run();
}

class Emitter {
  private readonly context: Context;
  private readonly branches: Record<number, BranchFacts> = {};
  private readonly fnStack: number[] = [-1];
  private readonly exports: string[] = [];
  private readonly imports: string[] = [];
  private building = true;
  private writing = false;

  constructor(context: Context) {
    this.context = context;
  }

  run(): Emitted {
    const program = this.context.syntax.file.program;
    const body = this.statements(program.body);
    const classic = this.context.syntax.page !== undefined ? this.topNames(program.body) : [];
    const head = [
      ...this.imports,
      ...this.exports,
      ...classic.map((name) => `__exp(${JSON.stringify(name)},()=>${name});`),
    ].join('');
    const code = `(function(__scope,__imp,__exp,module,exports,require,__filename,__dirname){with(__scope){return(async function(){${head}\n${body}\n}).call(module.exports)}})`;
    return { code, branches: this.branches };
  }

  private topNames(body: readonly Node[]): string[] {
    const names: string[] = [];
    for (const node of body) {
      if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id)
        names.push(node.id.name);
      if (node.type === 'VariableDeclaration')
        for (const entry of node.declarations) if (entry.id.type === 'Identifier') names.push(entry.id.name);
    }
    return names;
  }

  private site(node: Node, call = false): number {
    return (
      this.context.numbers.sites.push({
        file: this.context.fileIndex,
        node,
        fn: this.fnStack.at(-1) ?? -1,
        call,
      }) - 1
    );
  }

  private text(start: number, end: number): string {
    const { syntax } = this.context;
    return (syntax.page?.scriptText ?? syntax.text).slice(start, end);
  }

  private list(nodes: readonly (Node | null | undefined)[], separator = ','): string {
    return nodes.map((node) => (node ? this.gen(node) : '')).join(separator);
  }

  private statements(nodes: readonly Node[]): string {
    return nodes.map((node) => `${this.statement(node)};`).join('\n');
  }

  private statement(node: Node): string {
    if (node.type === 'ExpressionStatement' && this.building) {
      const code = this.gen(node.expression);
      if (node.expression.type === 'YieldExpression') return code;
      return `try{${/^(\{|function|class|let\b)/.test(code) ? `(${code})` : code}}catch(__e){__err(${this.site(node)},__e)}`;
    }
    return this.gen(node);
  }

  /** A subtree as it stands in the source, with its child nodes rewritten. */
  private gaps(node: Node): string {
    let at = node.start ?? 0;
    let code = '';
    for (const child of childrenOf(node)) {
      const start = child.start ?? at;
      if (start < at) continue;
      code += this.text(at, start) + this.gen(child);
      at = child.end ?? start;
    }
    return code + this.text(at, node.end ?? at);
  }

  private gen(node: Node): string {
    switch (node.type) {
      case 'Identifier':
        return node.name;
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
      case 'NullLiteral':
      case 'TemplateElement':
      case 'RegExpLiteral':
      case 'BigIntLiteral':
        return this.text(node.start ?? 0, node.end ?? 0);
      case 'ParenthesizedExpression':
        return `(${this.gen(node.expression)})`;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
        return this.gen(node.expression);
      case 'JSXElement':
      case 'JSXFragment':
        return 'void 0';
      case 'Decorator':
      case 'Directive':
      case 'InterpreterDirective':
      case 'EmptyStatement':
        return '';
      case 'ImportDeclaration':
        this.importDeclaration(node);
        return '';
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
      case 'ExportAllDeclaration':
        return this.exportDeclaration(node);
      case 'BlockStatement':
        return `{${this.statements(node.body)}}`;
      case 'IfStatement':
        return this.ifStatement(node);
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.loop(node);
      case 'SwitchStatement':
        return this.switchStatement(node);
      case 'ConditionalExpression':
        return this.conditional(node);
      case 'LogicalExpression':
        return this.logical(node);
      case 'BinaryExpression':
        return this.binary(node);
      case 'UnaryExpression':
        return this.unary(node);
      case 'AwaitExpression':
        return `await __aw(${this.site(node.argument)},${this.gen(node.argument)})`;
      case 'AssignmentExpression':
        return this.assignment(node);
      case 'UpdateExpression':
        return node.prefix
          ? `${node.operator}${this.target(node.argument)}`
          : `${this.target(node.argument)}${node.operator}`;
      case 'VariableDeclaration':
        return node.declare
          ? ''
          : `${node.kind === 'var' ? 'var' : 'let'} ${node.declarations.map((entry) => this.declarator(entry)).join(',')}`;
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return this.call(node);
      case 'ObjectExpression':
        return `{${node.properties.map((property) => this.property(property)).join(',')}}`;
      case 'MemberExpression':
        return this.member(node);
      case 'ArrayExpression':
        if (node.elements.some((entry) => entry?.type === 'SpreadElement')) return this.spreadArray(node);
        return `[${node.elements.map((entry) => (entry === null ? '' : entry.type === 'SpreadElement' ? this.gen(entry) : this.guarded(entry))).join(',')}${node.elements.at(-1) === null ? ',' : ''}]`;
      case 'SpreadElement':
        return `...__sp(${this.gen(node.argument)})`;
      case 'ObjectPattern':
        return `{${node.properties.map((entry) => (entry.type === 'RestElement' ? this.gen(entry) : this.patternProperty(entry))).join(',')}}`;
      case 'ArrayPattern':
        return `[${this.list(node.elements)}]`;
      case 'AssignmentPattern':
        return `${this.gen(node.left)}=${this.gen(node.right)}`;
      case 'RestElement':
        return `...${this.gen(node.argument)}`;
      case 'FunctionDeclaration':
        return this.functionDeclaration(node);
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.functionExpression(node);
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.classCode(node);
      case 'TSEnumDeclaration':
        return this.enumCode(node);
      case 'TSImportEqualsDeclaration':
        return node.moduleReference.type === 'TSExternalModuleReference'
          ? `const ${node.id.name}=require(${this.gen(node.moduleReference.expression)})`
          : '';
      case 'TSExportAssignment':
        return `module.exports=${this.gen(node.expression)}`;
      case 'CatchClause':
        return `catch${node.param ? `(${this.gen(node.param)})` : ''}${this.gen(node.body)}`;
      case 'LabeledStatement':
        return `${node.label.name}:${this.loopBody(node.body)}`;
      default:
        return node.type.startsWith('TS') || node.type === 'TypeAnnotation' ? '' : this.gaps(node);
    }
  }

  private loopBody(node: Node): string {
    const code = this.gen(node);
    return code === '' ? '{}' : code;
  }

  private importDeclaration(node: Extract<Node, { type: 'ImportDeclaration' }>): void {
    if (node.importKind === 'type') return;
    const from = JSON.stringify(node.source.value);
    if (node.specifiers.length === 0) this.imports.push(`__imp(${from});`);
    for (const entry of node.specifiers) {
      if (entry.type === 'ImportSpecifier' && entry.importKind === 'type') continue;
      const imported =
        entry.type === 'ImportNamespaceSpecifier'
          ? '*'
          : entry.type === 'ImportDefaultSpecifier'
            ? 'default'
            : entry.imported.type === 'Identifier'
              ? entry.imported.name
              : entry.imported.value;
      this.imports.push(`__imp(${from},${JSON.stringify(entry.local.name)},${JSON.stringify(imported)});`);
    }
  }

  private exportDeclaration(
    node: Extract<
      Node,
      { type: 'ExportNamedDeclaration' | 'ExportDefaultDeclaration' | 'ExportAllDeclaration' }
    >,
  ): string {
    const provide = (name: string, value: string): void =>
      void this.exports.push(`__exp(${JSON.stringify(name)},()=>${value});`);
    if (node.type === 'ExportAllDeclaration') {
      this.imports.push(`__imp(${JSON.stringify(node.source.value)},null,'*');`);
      return '';
    }
    if (node.type === 'ExportDefaultDeclaration') {
      const value = node.declaration;
      if ((value.type === 'FunctionDeclaration' || value.type === 'ClassDeclaration') && value.id) {
        provide('default', value.id.name);
        return this.gen(value);
      }
      if (value.type.startsWith('TS') && value.type !== 'TSAsExpression') return '';
      provide('default', '__default');
      const code = value.type === 'FunctionDeclaration' ? this.functionExpression(value) : this.gen(value);
      return `const __default=(${code})`;
    }
    if (node.exportKind === 'type') return '';
    if (node.declaration) {
      const names = this.topNames([node.declaration]);
      for (const name of names) provide(name, name);
      if (node.declaration.type === 'TSEnumDeclaration')
        provide(node.declaration.id.name, node.declaration.id.name);
      return this.gen(node.declaration);
    }
    for (const entry of node.specifiers) {
      const exported =
        'exported' in entry
          ? entry.exported.type === 'Identifier'
            ? entry.exported.name
            : entry.exported.value
          : '';
      const local = 'local' in entry ? entry.local.name : '*';
      if (node.source)
        this.imports.push(
          `__imp(${JSON.stringify(node.source.value)},null,${JSON.stringify(local)},${JSON.stringify(exported)});`,
        );
      else provide(exported, local);
    }
    return '';
  }

  /** An expression in a config or an initializer: an error inside becomes an unknown that names it. */
  private guarded(node: Node): string {
    const inner = bare(node);
    if (SIZE_FREE.has(inner.type) || !this.building || suspends(node)) return this.gen(node);
    return `__g(${this.site(node)},()=>(${this.gen(node)}))`;
  }

  private spreadArray(node: Extract<Node, { type: 'ArrayExpression' }>): string {
    const spread = node.elements.flatMap((entry, index) => (entry?.type === 'SpreadElement' ? [index] : []));
    const values = node.elements.map((entry) =>
      entry === null ? 'undefined' : this.gen(entry.type === 'SpreadElement' ? entry.argument : entry),
    );
    return `__as(${this.site(node)},[${spread.join(',')}],[${values.join(',')}])`;
  }

  private member(node: Extract<Node, { type: 'MemberExpression' }>): string {
    if (propertyName(node) !== 'length' || this.writing) return this.gaps(node);
    return `__len(${this.site(node)},${this.gen(node.object)})`;
  }

  /** A subtree that is assigned to, updated or deleted. */
  private target(node: Node): string {
    const before = this.writing;
    this.writing = true;
    const code = node.type === 'MemberExpression' ? this.gaps(node) : this.gen(node);
    this.writing = before;
    return code;
  }

  private property(node: Node): string {
    if (node.type === 'ObjectProperty') {
      if (node.shorthand && node.value.type === 'Identifier') return node.value.name;
      return `${this.key(node)}:${this.guarded(node.value)}`;
    }
    if (node.type === 'ObjectMethod') return this.method(node);
    return this.gen(node);
  }

  private key(node: { key: Node; computed?: boolean | undefined }): string {
    return node.computed === true
      ? `[${this.gen(node.key)}]`
      : node.key.type === 'PrivateName'
        ? `#${node.key.id.name}`
        : this.text(node.key.start ?? 0, node.key.end ?? 0);
  }

  private patternProperty(node: Extract<Node, { type: 'ObjectProperty' }>): string {
    return node.shorthand ? this.gen(node.value) : `${this.key(node)}:${this.gen(node.value)}`;
  }

  private declarator(node: Extract<Node, { type: 'VariableDeclarator' }>): string {
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

  private block(node: Node): string {
    const code = this.gen(node);
    return node.type === 'BlockStatement' ? code : `{${code}}`;
  }

  private poison(site: number, names: readonly string[]): string {
    return names.length === 0
      ? ''
      : `;if(__k(${site})){${names.map((name) => `${name}=__x(${site},${JSON.stringify(name)},${name})`).join(';')}}`;
  }

  private ifStatement(node: Extract<Node, { type: 'IfStatement' }>): string {
    const site = this.site(node.test);
    const builds =
      (this.context.matters(node.consequent) ? 1 : 0) +
      (node.alternate && this.context.matters(node.alternate) ? 2 : 0);
    this.branches[site] = { builds, guard: onlyLeaves(node.consequent) && !(builds & 1) };
    const names = builds === 0 ? assignedNames([node.consequent, node.alternate]) : [];
    const code = `if(__c(${site},${this.gen(node.test)}))${this.block(node.consequent)}${node.alternate ? `else ${this.block(node.alternate)}` : ''}`;
    return names.length === 0 ? code : `{${code}${this.poison(site, names)}}`;
  }

  private loop(
    node: Extract<
      Node,
      { type: 'ForStatement' | 'WhileStatement' | 'DoWhileStatement' | 'ForOfStatement' | 'ForInStatement' }
    >,
  ): string {
    const source =
      node.type === 'ForOfStatement' || node.type === 'ForInStatement'
        ? node.right
        : (node.test ?? node.body);
    const site = this.site(source);
    const builds =
      this.context.matters(node.body) || ('test' in node && node.test && this.context.matters(node.test))
        ? 1
        : 0;
    this.branches[site] = { builds, guard: false };
    const names = builds === 0 ? assignedNames([node.body]) : [];
    const body = this.block(node.body);
    let code: string;
    if (node.type === 'ForStatement') {
      const update = node.update ? this.gen(node.update) : '';
      code = `for(${node.init ? this.gen(node.init) : ''};__w(${site},${node.test ? this.gen(node.test) : 'true'});${update})${body}`;
    } else if (node.type === 'WhileStatement') code = `while(__w(${site},${this.gen(node.test)}))${body}`;
    else if (node.type === 'DoWhileStatement') code = `do${body}while(__w(${site},${this.gen(node.test)}))`;
    else {
      const left =
        node.left.type === 'VariableDeclaration'
          ? `${node.left.kind === 'var' ? 'var' : 'let'} ${this.gen((node.left.declarations[0] as { id: Node }).id)}`
          : this.gen(node.left);
      const each =
        node.type === 'ForInStatement'
          ? `in __oi(${site},${this.gen(node.right)})`
          : `of __o(${site},${this.gen(node.right)})`;
      code = `for${node.type === 'ForOfStatement' && node.await ? ' await' : ''}(${left} ${each})${body}`;
    }
    return `{__n(${site});${code}${this.poison(site, names)}}`;
  }

  private switchStatement(node: Extract<Node, { type: 'SwitchStatement' }>): string {
    const site = this.site(node.discriminant);
    const builds = node.cases.some((entry) => this.context.matters(entry)) ? 1 : 0;
    this.branches[site] = { builds, guard: false };
    const literals = node.cases.flatMap((entry) =>
      entry.test && (entry.test.type === 'StringLiteral' || entry.test.type === 'NumericLiteral')
        ? [entry.test.value]
        : [],
    );
    const cases = node.cases
      .map(
        (entry) =>
          `${entry.test ? `case ${this.gen(entry.test)}` : 'default'}:${this.statements(entry.consequent)}`,
      )
      .join('\n');
    const names = builds === 0 ? assignedNames(node.cases) : [];
    const code = `switch(__sw(${site},${this.gen(node.discriminant)},${JSON.stringify(literals)})){${cases}}`;
    return names.length === 0 ? code : `{${code}${this.poison(site, names)}}`;
  }

  private conditional(node: Extract<Node, { type: 'ConditionalExpression' }>): string {
    const site = this.site(node.test);
    const builds =
      (this.context.matters(node.consequent) ? 1 : 0) + (this.context.matters(node.alternate) ? 2 : 0);
    this.branches[site] = { builds, guard: false };
    if (suspends(node))
      return `(__c(${site},${this.gen(node.test)})?${this.gen(node.consequent)}:${this.gen(node.alternate)})`;
    return `__t(${site},${this.gen(node.test)},()=>(${this.gen(node.consequent)}),()=>(${this.gen(node.alternate)}))`;
  }

  private logical(node: Extract<Node, { type: 'LogicalExpression' }>): string {
    if (suspends(node.right)) return `(${this.gen(node.left)}${node.operator}${this.gen(node.right)})`;
    const site = this.site(node.left);
    this.branches[site] = {
      builds: this.context.matters(node.right) ? 1 : 0,
      guard: node.operator === '&&' && node.right.type === 'CallExpression' && false,
    };
    return `__l('${node.operator}',${site},${this.gen(node.left)},()=>(${this.gen(node.right)}))`;
  }

  private binary(node: Extract<Node, { type: 'BinaryExpression' }>): string {
    if (node.left.type === 'PrivateName')
      return `(${this.text(node.left.start ?? 0, node.left.end ?? 0)} in ${this.gen(node.right)})`;
    return `__b('${node.operator}',${this.gen(node.left)},${this.gen(node.right)})`;
  }

  private unary(node: Extract<Node, { type: 'UnaryExpression' }>): string {
    if (node.operator === 'typeof')
      return node.argument.type === 'Identifier'
        ? `__ty(()=>${node.argument.name})`
        : `__ty(()=>(${this.gen(node.argument)}))`;
    if (node.operator === 'delete') return `delete ${this.target(node.argument)}`;
    if (node.operator === 'void' || node.operator === 'throw') return this.gaps(node);
    if (node.argument.type === 'NumericLiteral') return `(${node.operator}${this.gen(node.argument)})`;
    return `__u('${node.operator}',${this.gen(node.argument)})`;
  }

  private assignment(node: Extract<Node, { type: 'AssignmentExpression' }>): string {
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

  private call(
    node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' | 'NewExpression' }>,
  ): string {
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
    if (node.type === 'OptionalCallExpression' || node.callee.type === 'Super') return code;
    if (!this.interesting(node, name)) return code;
    const site = this.site(node, true);
    return suspends(node) ? `__p(${site},${code})` : `__r(${site},()=>${code})`;
  }

  private interesting(
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

  private fnNumber(node: Node): number {
    const info = this.context.statics.functions.get(node);
    return info === undefined
      ? -1
      : this.context.numbers.functions.push({ file: this.context.fileIndex, info }) - 1;
  }

  /** Parameters and body, inside the function's number. */
  private inside(node: Node, number: number, part: () => string): string {
    const before = this.building;
    this.building = this.context.matters(node) || this.fnStack.length < 2;
    this.fnStack.push(number);
    const code = part();
    this.fnStack.pop();
    this.building = before;
    return code;
  }

  private params(nodes: readonly Node[]): string {
    const kept = nodes.filter((node) => !(node.type === 'Identifier' && node.name === 'this'));
    return `(${kept.map((node) => (node.type === 'TSParameterProperty' ? this.gen(node.parameter) : this.gen(node))).join(',')})`;
  }

  /** The body, after an answer was put in for each plain parameter whose value is not known. */
  private body(node: { params: readonly Node[]; body: Node; kind?: string }): string {
    const code = this.gen(node.body);
    if (!this.building || node.kind === 'constructor') return code;
    const names = node.params.flatMap((param) =>
      param.type === 'Identifier' && param.name !== 'this' ? [param] : [],
    );
    return `{${names.map((param) => `${param.name}=__v(${JSON.stringify(param.name)},${this.site(param)},${param.name});`).join('')}${code.slice(1)}`;
  }

  private registers(node: Node): boolean {
    return this.context.matters(node);
  }

  private functionDeclaration(node: Extract<Node, { type: 'FunctionDeclaration' }>): string {
    if (node.declare) return '';
    const number = this.fnNumber(node);
    const name = node.id?.name ?? '';
    const code = this.inside(
      node,
      number,
      () =>
        `${node.async ? 'async ' : ''}function${node.generator ? '*' : ''} ${name}${this.params(node.params)}${this.body(node)}`,
    );
    return this.registers(node) && name !== '' ? `__reg(${number},${name});${code}` : code;
  }

  private functionExpression(
    node: Extract<Node, { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }>,
  ): string {
    const number = this.fnNumber(node);
    const code = this.inside(node, number, () => {
      const prefix = node.async ? 'async ' : '';
      if (node.type !== 'ArrowFunctionExpression')
        return `(${prefix}function${node.generator ? '*' : ''} ${node.id?.name ?? ''}${this.params(node.params)}${this.body(node)})`;
      const body = node.body.type === 'BlockStatement' ? this.body(node) : `(${this.gen(node.body)})`;
      return `(${prefix}${this.params(node.params)}=>${body})`;
    });
    return this.registers(node) ? `__reg(${number},${code})` : code;
  }

  private method(
    node: Extract<Node, { type: 'ObjectMethod' | 'ClassMethod' | 'ClassPrivateMethod' }>,
    number = this.fnNumber(node),
  ): string {
    const isStatic = node.type !== 'ObjectMethod' && node.static ? 'static ' : '';
    const kind = node.kind === 'get' || node.kind === 'set' ? `${node.kind} ` : '';
    return this.inside(node, number, () => {
      const properties = node.params.flatMap((param) =>
        param.type === 'TSParameterProperty'
          ? [param.parameter.type === 'AssignmentPattern' ? param.parameter.left : param.parameter]
          : [],
      );
      const fields = properties.flatMap((param) =>
        param.type === 'Identifier' ? [`this.${param.name}=${param.name};`] : [],
      );
      let body = this.body(node);
      if (fields.length > 0) {
        const first = node.body.body[0];
        const superFirst =
          first?.type === 'ExpressionStatement' &&
          first.expression.type === 'CallExpression' &&
          first.expression.callee.type === 'Super';
        body = superFirst
          ? `{${this.gen(first)};${fields.join('')}${this.statements(node.body.body.slice(1))}}`
          : `{${fields.join('')}${body.slice(1)}`;
      }
      return `${isStatic}${node.async ? 'async ' : ''}${node.generator ? '*' : ''}${kind}${this.key(node)}${this.params(node.params)}${body}`;
    });
  }

  private classCode(node: Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>): string {
    if (node.type === 'ClassDeclaration' && node.declare) return '';
    const registered: string[] = [];
    const members = node.body.body.map((member) => {
      if (member.type === 'ClassMethod' || member.type === 'ClassPrivateMethod') {
        if (member.type === 'ClassMethod' && (member.abstract || !member.body)) return '';
        const number = this.fnNumber(member);
        if (
          this.registers(member) &&
          member.type === 'ClassMethod' &&
          member.key.type === 'Identifier' &&
          member.kind !== 'get' &&
          member.kind !== 'set'
        ) {
          registered.push(`[${number},${JSON.stringify(member.key.name)},${member.static ? 1 : 0}]`);
        }
        return this.method(member, number);
      }
      if (member.type === 'ClassProperty' || member.type === 'ClassPrivateProperty') {
        if (member.type === 'ClassProperty' && (member.declare || member.abstract)) return '';
        return `${member.static ? 'static ' : ''}${this.key(member)}${member.value ? `=${this.inside(member.value, -1, () => this.guarded(member.value as Node))}` : ''};`;
      }
      return member.type === 'StaticBlock' ? `static{${this.statements(member.body)}}` : '';
    });
    const code = `class ${node.id?.name ?? ''}${node.superClass ? ` extends __cls(${this.gen(node.superClass)})` : ''}{${members.join('\n')}}`;
    if (node.type === 'ClassExpression')
      return registered.length > 0 ? `__regc((${code}),[${registered.join(',')}])` : `(${code})`;
    return `${code};${registered.length > 0 ? `__regc(${node.id?.name ?? ''},[${registered.join(',')}])` : ''}`;
  }

  private enumCode(node: Extract<Node, { type: 'TSEnumDeclaration' }>): string {
    const members = (node.body?.members ?? node.members ?? []).map((member) => {
      const name = member.id.type === 'Identifier' ? member.id.name : member.id.value;
      return `[${JSON.stringify(name)},${member.initializer ? this.gen(member.initializer) : 'undefined'}]`;
    });
    return node.declare ? '' : `const ${node.id.name}=__enum([${members.join(',')}])`;
  }
}

function hasYield(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'YieldExpression') found = true;
    return !found && !isFunction(inner);
  });
  return found;
}

function usesSuperOrYield(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'YieldExpression' || inner.type === 'Super') found = true;
    return !found && !isFunction(inner);
  });
  return found;
}
