import type { Node } from '@babel/types';
import type { BranchFacts, Context } from './emitFacts.ts';
import { childrenOf } from './syntax.ts';

/** What every part of the emitter shares: places, text, lists of statements. */
export abstract class EmitterBase {
  /** The code of any node. */
  abstract gen(node: Node): string;

  readonly context: Context;

  readonly branches: Record<number, BranchFacts> = {};

  readonly fnStack: number[] = [-1];

  readonly exports: string[] = [];

  readonly imports: string[] = [];

  building = true;

  writing = false;

  /** Inside an element, whose conditions say what is shown and not what is built. */
  showing = false;

  constructor(context: Context) {
    this.context = context;
  }

  site(node: Node, call = false): number {
    return (
      this.context.numbers.sites.push({
        file: this.context.fileIndex,
        node,
        fn: this.fnStack.at(-1) ?? -1,
        call,
      }) - 1
    );
  }

  text(start: number, end: number): string {
    const { syntax } = this.context;
    return (syntax.page?.scriptText ?? syntax.text).slice(start, end);
  }

  list(nodes: readonly (Node | null | undefined)[], separator = ','): string {
    return nodes.map((node) => (node ? this.gen(node) : '')).join(separator);
  }

  statements(nodes: readonly Node[]): string {
    return nodes.map((node) => `${this.statement(node)};`).join('\n');
  }

  statement(node: Node): string {
    if (node.type === 'ExpressionStatement' && this.building) {
      const code = this.gen(node.expression);
      if (node.expression.type === 'YieldExpression') return code;
      return `try{${/^(\{|function|class|let\b)/.test(code) ? `(${code})` : code}}catch(__e){__err(${this.site(node)},__e)}`;
    }
    return this.gen(node);
  }

  /** A subtree as it stands in the source, with its child nodes rewritten. */
  gaps(node: Node): string {
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

  /** A subtree that is assigned to, updated or deleted. */
  target(node: Node): string {
    const before = this.writing;
    this.writing = true;
    const code = node.type === 'MemberExpression' ? this.gaps(node) : this.gen(node);
    this.writing = before;
    return code;
  }

  topNames(body: readonly Node[]): string[] {
    const names: string[] = [];
    for (const node of body) {
      if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id)
        names.push(node.id.name);
      if (node.type === 'VariableDeclaration')
        for (const entry of node.declarations) if (entry.id.type === 'Identifier') names.push(entry.id.name);
    }
    return names;
  }
}
