import type { Node } from '@babel/types';
import { ExpressionEmitter } from './emitExpressions.ts';
import { assignedNames, onlyLeaves } from './emitFacts.ts';

/** Branches, loops and switches, with what an unknown makes of them. */
export abstract class StatementEmitter extends ExpressionEmitter {
  block(node: Node): string {
    const code = this.gen(node);
    return node.type === 'BlockStatement' ? code : `{${code}}`;
  }

  poison(site: number, names: readonly string[]): string {
    return names.length === 0
      ? ''
      : `;if(__k(${site})){${names.map((name) => `${name}=__x(${site},${JSON.stringify(name)},${name})`).join(';')}}`;
  }

  ifStatement(node: Extract<Node, { type: 'IfStatement' }>): string {
    const site = this.site(node.test);
    const builds =
      (this.context.matters(node.consequent) ? 1 : 0) +
      (node.alternate && this.context.matters(node.alternate) ? 2 : 0);
    this.branches[site] = { builds, guard: onlyLeaves(node.consequent) && !(builds & 1) };
    const names = builds === 0 ? assignedNames([node.consequent, node.alternate]) : [];
    const code = `if(__c(${site},${this.gen(node.test)}))${this.block(node.consequent)}${node.alternate ? `else ${this.block(node.alternate)}` : ''}`;
    return names.length === 0 ? code : `{${code}${this.poison(site, names)}}`;
  }

  loop(
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
    return builds === 0 && this.building
      ? `{__n(${site});try{${code}}catch(__e){__sk(${site},__e)}${this.poison(site, names)}}`
      : `{__n(${site});${code}${this.poison(site, names)}}`;
  }

  switchStatement(node: Extract<Node, { type: 'SwitchStatement' }>): string {
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

  loopBody(node: Node): string {
    const code = this.gen(node);
    return code === '' ? '{}' : code;
  }

  enumCode(node: Extract<Node, { type: 'TSEnumDeclaration' }>): string {
    const members = (node.body?.members ?? node.members ?? []).map((member) => {
      const name = member.id.type === 'Identifier' ? member.id.name : member.id.value;
      return `[${JSON.stringify(name)},${member.initializer ? this.gen(member.initializer) : 'undefined'}]`;
    });
    return node.declare ? '' : `const ${node.id.name}=__enum([${members.join(',')}])`;
  }
}
