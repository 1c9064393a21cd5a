import type { Json } from '../model/json.ts';
import type { Scan, ScanSet, ScannedTensor, WidthLaw } from '../model/scan.ts';
import { csvTable } from './csv.ts';
import { formatCount, formatNumber, formatSeconds } from './format.ts';
import { plainJson, problemJson } from './json.ts';
import { escapeMarkdown } from './markdown.ts';
import { plural } from './reportText.ts';
import { markdownTable, textTable } from './table.ts';
import type { Column } from './table.ts';
import { withoutControls } from './withoutControls.ts';

/** The two sizes of a tensor that a scan follows, with their names. */
export const SCAN_PARTS = [
  ['activation', 'activation'],
  ['update', 'its update'],
] as const;

/** The columns of a scan: one for each width between what is measured and its law. */
export function scanColumns({ widths }: Scan): readonly Column[] {
  return [
    { title: 'layer', align: 'left' },
    { title: 'rms of', align: 'left' },
    ...widths.map((title): Column => ({ title, align: 'right' })),
    { title: '∝ width^', align: 'right' },
    { title: '', align: 'left' },
  ];
}

/** An exponent with its interval over seeds. */
function exponentText({ exponent: { mean, lo, hi, n } }: WidthLaw): string {
  if (Number.isNaN(mean)) return '';
  const shown = (value: number) => value.toFixed(2).replace('-', '−');
  return n < 2 ? shown(mean) : `${shown(mean)} [${shown(lo)}, ${shown(hi)}]`;
}

const PARTS = { preActivation: '', activation: '', logits: 'logits', gate: 'gate' } as const;

/** A tensor's name: its layer (the call, where it is called again), with the part that is meant. */
export function tensorTitle({ node, quantity, name }: ScannedTensor): string {
  const part = [PARTS[quantity], name].filter(Boolean).join(' ');
  return part === '' ? node : `${node} (${part})`;
}

/** One tensor as its two rows of cells: the activation and its update. */
export function scanRows(tensor: ScannedTensor): string[][] {
  return SCAN_PARTS.map(([part, title], index) => {
    const own = tensor[part];
    return [
      index === 0 ? tensorTitle(tensor) : '',
      title,
      ...own.values.map((value) => formatNumber(value)),
      exponentText(own),
      own.trend,
    ];
  });
}

function heading({ file, model, framework, plan, run }: Scan): string {
  const how = `${plan.backend}, batch ${plan.batch}`;
  return `${file.replaceAll('\\', '/')}  ${[model, framework, how, formatSeconds(run.elapsedMs)].join(' · ')}`;
}

/** What was varied and what was done at each width. */
export function scanLegend({
  parameter,
  widths,
  parameters,
  optimizer,
  rate,
  steps,
  seeds,
  notes,
}: Scan): string {
  const sizes = parameters.map(formatCount);
  const how = `${plural(steps, 'step')} of ${optimizer === 'adam' ? 'Adam' : 'SGD'} at ${formatNumber(rate)} on one batch, ${plural(seeds.length, 'seed')}`;
  return [`${parameter}: ${widths.join(', ')} (${sizes.join(', ')} parameters); ${how}`, ...notes].join('; ');
}

/** The table of a scan for a terminal, in the order of the graph. */
export function scanText(set: ScanSet): string {
  const blocks = withoutControls(set.scans).map((scan) => {
    const rows = scan.tensors.flatMap(scanRows);
    const table = textTable(scanColumns(scan), rows).map((line) => `  ${line}`);
    const { verdict, reproduce } = scan;
    return [
      heading(scan),
      `  ${verdict}`,
      `  ${scanLegend(scan)}`,
      '',
      ...table,
      `  again: ${reproduce}`,
      '',
    ].join('\n');
  });
  return blocks.join('\n');
}

/** The same as Markdown. */
export function scanMarkdown(set: ScanSet): string {
  const blocks = set.scans.map((scan) =>
    [
      `## ${escapeMarkdown(heading(scan))}`,
      '',
      `**${escapeMarkdown(scan.verdict)}**`,
      '',
      escapeMarkdown(scanLegend(scan)),
      '',
      ...markdownTable(scanColumns(scan), scan.tensors.flatMap(scanRows)),
      '',
    ].join('\n'),
  );
  return `# Initscope: sizes over width\n\n${blocks.join('\n')}`;
}

/** One line for each tensor, part and width, with the law of the part; RFC 4180. */
export function scanCsv(set: ScanSet): string {
  const header = ['file', 'model', 'layer', 'node', 'quantity', 'name', 'of', 'factor', 'width', 'rms'];
  const lines = set.scans.flatMap(({ file, modelId, factors, widths, tensors }) =>
    tensors.flatMap((tensor) =>
      SCAN_PARTS.flatMap(([part]) =>
        factors.map((factor, index) => {
          const { values, exponent, trend } = tensor[part];
          return [
            ...[file, modelId, tensor.layer, tensor.node, tensor.quantity, tensor.name ?? '', part],
            ...[factor, widths[index] ?? '', values[index] ?? NaN],
            ...[exponent.mean, exponent.lo, exponent.hi, trend],
          ];
        }),
      ),
    ),
  );
  return csvTable([...header, 'exponent', 'exponentLo', 'exponentHi', 'trend'], lines);
}

/** The document of `scan --json`. */
export function scanJson(set: ScanSet, version: string): Json {
  return plainJson({
    schema: 'urn:initscope:schema:scan:1',
    initscope: version,
    reportVersion: '1.0',
    scans: set.scans.map((scan) => ({ ...scan, file: scan.file.replaceAll('\\', '/') })),
    errors: set.errors.map((problem) => problemJson(set.lineStarts, problem)),
  });
}
