import type { Node } from '@babel/types';
import type { Context, Emitted } from './emitFacts.ts';
import { FunctionEmitter } from './emitFunctions.ts';
import { emitJsx } from './emitJsx.ts';

/** Rewrites a source into a script: types blanked, calls, operators, conditions and loop bounds wrapped. */
export function emit(context: Context): Emitted {
  return new Emitter(context).run();
}

type Handlers = { readonly [T in Node['type']]?: (e: Emitter, node: Extract<Node, { type: T }>) => string };

class Emitter extends FunctionEmitter {
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

  override gen(node: Node): string {
    const handler = HANDLERS[node.type] as ((e: Emitter, node: Node) => string) | undefined;
    if (handler !== undefined) return handler(this, node);
    return node.type.startsWith('TS') || node.type === 'TypeAnnotation' ? '' : this.gaps(node);
  }
}

/** How each kind of node is written; a kind without an entry stands as in the source, and types vanish. */
const HANDLERS: Handlers = {
  Identifier: (e, node) => node.name,
  StringLiteral: (e, node) => e.text(node.start ?? 0, node.end ?? 0),
  NumericLiteral: (e, node) => e.text(node.start ?? 0, node.end ?? 0),
  BooleanLiteral: (e, node) => e.text(node.start ?? 0, node.end ?? 0),
  NullLiteral: (e, node) => e.text(node.start ?? 0, node.end ?? 0),
  TemplateElement: (e, node) => e.text(node.start ?? 0, node.end ?? 0),
  RegExpLiteral: (e, node) => e.text(node.start ?? 0, node.end ?? 0),
  BigIntLiteral: (e, node) => e.text(node.start ?? 0, node.end ?? 0),
  ParenthesizedExpression: (e, node) => `(${e.gen(node.expression)})`,
  TSAsExpression: (e, node) => e.gen(node.expression),
  TSSatisfiesExpression: (e, node) => e.gen(node.expression),
  TSNonNullExpression: (e, node) => e.gen(node.expression),
  TSTypeAssertion: (e, node) => e.gen(node.expression),
  TSInstantiationExpression: (e, node) => e.gen(node.expression),
  JSXElement: emitJsx,
  JSXFragment: emitJsx,
  Decorator: () => '',
  Directive: () => '',
  InterpreterDirective: () => '',
  EmptyStatement: () => '',
  ImportDeclaration: (e, node) => {
    e.importDeclaration(node);
    return '';
  },
  ExportNamedDeclaration: (e, node) => e.exportDeclaration(node),
  ExportDefaultDeclaration: (e, node) => e.exportDeclaration(node),
  ExportAllDeclaration: (e, node) => e.exportDeclaration(node),
  BlockStatement: (e, node) => `{${e.statements(node.body)}}`,
  IfStatement: (e, node) => e.ifStatement(node),
  ForStatement: (e, node) => e.loop(node),
  WhileStatement: (e, node) => e.loop(node),
  DoWhileStatement: (e, node) => e.loop(node),
  ForOfStatement: (e, node) => e.loop(node),
  ForInStatement: (e, node) => e.loop(node),
  SwitchStatement: (e, node) => e.switchStatement(node),
  ConditionalExpression: (e, node) => e.conditional(node),
  LogicalExpression: (e, node) => e.logical(node),
  BinaryExpression: (e, node) => e.binary(node),
  UnaryExpression: (e, node) => e.unary(node),
  AwaitExpression: (e, node) => `await __aw(${e.site(node.argument)},${e.gen(node.argument)})`,
  AssignmentExpression: (e, node) => e.assignment(node),
  UpdateExpression: (e, node) =>
    node.prefix ? `${node.operator}${e.target(node.argument)}` : `${e.target(node.argument)}${node.operator}`,
  VariableDeclaration: (e, node) =>
    node.declare
      ? ''
      : `${node.kind === 'var' ? 'var' : 'let'} ${node.declarations.map((entry) => e.declarator(entry)).join(',')}`,
  CallExpression: (e, node) => e.call(node),
  OptionalCallExpression: (e, node) => e.call(node),
  NewExpression: (e, node) => e.call(node),
  ObjectExpression: (e, node) => `{${node.properties.map((property) => e.property(property)).join(',')}}`,
  MemberExpression: (e, node) => e.member(node),
  ArrayExpression: (e, node) => {
    if (node.elements.some((entry) => entry?.type === 'SpreadElement')) return e.spreadArray(node);
    return `[${node.elements.map((entry) => (entry === null ? '' : entry.type === 'SpreadElement' ? e.gen(entry) : e.guarded(entry))).join(',')}${node.elements.at(-1) === null ? ',' : ''}]`;
  },
  SpreadElement: (e, node) => `...__sp(${e.gen(node.argument)})`,
  ObjectPattern: (e, node) =>
    `{${node.properties.map((entry) => (entry.type === 'RestElement' ? e.gen(entry) : e.patternProperty(entry))).join(',')}}`,
  ArrayPattern: (e, node) => `[${e.list(node.elements)}]`,
  AssignmentPattern: (e, node) => `${e.gen(node.left)}=${e.gen(node.right)}`,
  RestElement: (e, node) => `...${e.gen(node.argument)}`,
  FunctionDeclaration: (e, node) => e.functionDeclaration(node),
  FunctionExpression: (e, node) => e.functionExpression(node),
  ArrowFunctionExpression: (e, node) => e.functionExpression(node),
  ClassDeclaration: (e, node) => e.classCode(node),
  ClassExpression: (e, node) => e.classCode(node),
  TSEnumDeclaration: (e, node) => e.enumCode(node),
  TSImportEqualsDeclaration: (e, node) =>
    node.moduleReference.type === 'TSExternalModuleReference'
      ? `const ${node.id.name}=require(${e.gen(node.moduleReference.expression)})`
      : '',
  TSExportAssignment: (e, node) => `module.exports=${e.gen(node.expression)}`,
  CatchClause: (e, node) => `catch${node.param ? `(${e.gen(node.param)})` : ''}${e.gen(node.body)}`,
  LabeledStatement: (e, node) => `${node.label.name}:${e.loopBody(node.body)}`,
};
