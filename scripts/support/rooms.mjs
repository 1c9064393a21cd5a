import { dirname, relative, resolve, sep } from 'node:path';
import { root } from './stamps.mjs';

/** Which rooms each room may import from; `model` may be imported as types by every room. */
const allowed = {
  model: [],
  readers: ['model'],
  theory: ['model'],
  engine: ['model'],
  rules: ['model'],
  report: ['model'],
  protocol: ['model'],
  advice: ['theory', 'model'],
  inspect: ['readers', 'theory', 'rules', 'advice', 'model'],
  node: ['engine', 'readers', 'protocol', 'model'],
  server: ['inspect', 'node', 'report', 'protocol'],
  cli: ['inspect', 'node', 'report', 'protocol'],
  extension: ['protocol', 'report'],
  webview: ['protocol', 'report', 'theory', 'model'],
};
const nodeRooms = new Set(['node', 'server', 'cli', 'extension']);

function roomOf(file) {
  const [first, second] = relative(root, file).split(sep);
  if (first === 'webview') return 'webview';
  return first === 'src' ? second : undefined;
}

function complaint(room, file, specifier, typeOnly) {
  if (specifier.startsWith('.')) {
    const other = roomOf(resolve(dirname(file), specifier));
    if (other === undefined) return `${room} may not import from outside src: ${specifier}`;
    if (other === room || allowed[room].includes(other) || (typeOnly && other === 'model')) return undefined;
    return `${room} may import ${allowed[room].join(', ') || 'nothing'}, not ${other}.`;
  }
  if (specifier === 'vscode' && room !== 'extension') return 'Only src/extension may import vscode.';
  if (specifier.startsWith('node:') && !nodeRooms.has(room))
    return `${room} runs in a browser too: no ${specifier}.`;
  if (specifier.startsWith('@tensorflow/') && room !== 'engine' && room !== 'node')
    return 'Only src/engine knows TensorFlow.js.';
  if (room === 'model') return 'model imports nothing.';
  return undefined;
}

/** ESLint rule: the imports that docs/architecture.md allows between the rooms of src. */
export const rooms = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const room = roomOf(context.filename);
    if (!(room in allowed)) return {};
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string') return;
      const message = complaint(room, context.filename, source.value, typeOnly);
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source, true),
    };
  },
};
