import type { Node } from '@babel/types';
import { StatementEmitter } from './emitStatements.ts';

/** Functions, methods and classes; those that build are registered to be called alone. */
export abstract class FunctionEmitter extends StatementEmitter {
  fnNumber(node: Node): number {
    const info = this.context.statics.functions.get(node);
    return info === undefined
      ? -1
      : this.context.numbers.functions.push({ file: this.context.fileIndex, info }) - 1;
  }

  /** Parameters and body, inside the function's number. */
  inside(node: Node, number: number, part: () => string): string {
    const { building, showing } = this;
    this.building = this.context.matters(node) || this.fnStack.length < 2;
    this.showing = false;
    this.fnStack.push(number);
    const code = part();
    this.fnStack.pop();
    this.building = building;
    this.showing = showing;
    return code;
  }

  params(nodes: readonly Node[]): string {
    const kept = nodes.filter((node) => !(node.type === 'Identifier' && node.name === 'this'));
    return `(${kept.map((node) => (node.type === 'TSParameterProperty' ? this.gen(node.parameter) : this.gen(node))).join(',')})`;
  }

  /** The body, after an answer was put in for each plain parameter whose value is not known. */
  body(node: { params: readonly Node[]; body: Node; kind?: string }): string {
    const code = this.gen(node.body);
    if (!this.building || node.kind === 'constructor') return code;
    const names = node.params.flatMap((param) =>
      param.type === 'Identifier' && param.name !== 'this' ? [param] : [],
    );
    return `{${names.map((param) => `${param.name}=__v(${JSON.stringify(param.name)},${this.site(param)},${param.name});`).join('')}${code.slice(1)}`;
  }

  registers(node: Node): boolean {
    return this.context.matters(node);
  }

  functionDeclaration(node: Extract<Node, { type: 'FunctionDeclaration' }>): string {
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

  functionExpression(
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

  method(
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

  classCode(node: Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>): string {
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
    const registers = this.registers(node);
    const more = `[${registered.join(',')}],${JSON.stringify(node.id?.name ?? '')}`;
    if (node.type === 'ClassExpression') return registers ? `__regc((${code}),${more})` : `(${code})`;
    return `${code};${registers ? `__regc(${node.id?.name ?? ''},${more})` : ''}`;
  }
}
