import type { Node } from '@babel/types';
import { EmitterBase } from './emitBase.ts';

/** Imports and exports. */
export abstract class ModuleEmitter extends EmitterBase {
  /** The code of a function without a name. */
  abstract functionExpression(
    node: Extract<Node, { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }>,
  ): string;

  importDeclaration(node: Extract<Node, { type: 'ImportDeclaration' }>): void {
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

  exportDeclaration(
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
}
