import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportSet } from '../../src/model/report.ts';
import { MODELS, SKIPPED } from './corpusFiles.ts';

/*
 * Writes docs/corpus-table.md from a report of the whole corpus:
 *   npm run -s initscope -- inspect ../shared/corpus --json --no-cache --fail-on never --output corpus.json
 *   node scripts/bundled.mjs tests/corpus/corpusTable.ts corpus.json
 * Fails for a file that is missing, a parameter count other than Keras's, and a finding that nobody has judged.
 */

/** What we think of each finding, by rule and the part of the file's path that tells it; the defence of what is said. */
const VERDICTS: readonly (readonly [rule: string, file: string, verdict: string])[] = [
  [
    'initializer-mismatch',
    'mnist_cnn',
    'True and harmless: Glorot averages fan-in 9 with fan-out 288, so the first kernel is 5.7 times below He. Two convolutions later nothing is out of band, which the hint says.',
  ],
  [
    'initializer-mismatch',
    'cnn-explainer',
    'True and harmless: Glorot and ReLU four convolutions deep, each about 1.4 to 2 times below He; trains all the same (rules.md: to 8 layers).',
  ],
  [
    'initializer-mismatch',
    'abalone',
    'True: with 8 inputs and 50 units TF.js’s Glorot normal is 2.2 times below what keeps the variance. What it costs is the finding about the cosine.',
  ],
  [
    'correlation-collapse',
    'abalone',
    'True: rows of 8 standard normal inputs are independent, yet behind two sigmoids whose kernels are 2.2 and 1.1 times below their gain they meet at a cosine of .998: outputs near ½ whatever the input. LeCun’s scale (advised, measured) keeps them below .99; training can undo it, hence information.',
  ],
  [
    'initializer-mismatch',
    'mnist.json',
    'True and harmless: the file has neither mode nor distribution, which TF.js reads as fanIn and a normal that it cuts short; so ReLU’s gain of 1.41 is missing and 12 % more.',
  ],
  [
    'initializer-mismatch',
    '',
    'True and harmless: fan_avg on a convolution that widens (fan-in 25, fan-out 150) draws 1.9 times below the fan-in’s scale. Nothing measured is out of band, and the hint says so.',
  ],
  [
    'initial-loss',
    'resnet50',
    'True: global average pooling hands 2048 features of rms near 1 to a Glorot head, the logits’ std is 1.2 and the first loss .7 nat above ln 1000. The first steps repair it, hence information; a smaller head (advised, measured) starts at ln 1000.',
  ],
  [
    'dead-parameters',
    'resnet50',
    'True: Keras 1’s ResNet-50 has a bias in all 53 convolutions, and the BatchNorm after each subtracts it again.',
  ],
  [
    'framework-trap',
    'nsfwjs',
    'True: Keras takes 9 · 32 = 288 as the fan-in of a depthwise kernel of shape (3, 3, 32, 1), where 9 values reach a unit. Each is followed by BatchNorm, so only the effective learning rate differs: a hint, no more.',
  ],
  [
    'framework-trap',
    '',
    'True: the file was written by TF.js, whose normal presets truncate without dividing by .8796 (theory.md §5, tfjs#8594). It costs 12 % of the scale a layer, harmless at these depths.',
  ],
  [
    'duplicate-weights',
    'upscalerjs',
    'True: all 12 convolutions carry shared_object_id 1, one unseeded RandomUniform instance, and Keras 2.10 draws the same values for it each time; kernels of equal shape start equal. They train as well, hence information.',
  ],
  [
    'unscaled-initializer',
    'upscalerjs',
    'True: U(−.05, .05) whatever the fan-in is 6.7 times below need at the first convolution and loses a factor of 5 to the last. The long skip carries the signal, so nothing crosses a band: a hint is right, a warning would not be.',
  ],
];

const SEVERITIES = ['error', 'warning', 'information', 'hint'] as const;
const [reportPath = 'corpus.json'] = process.argv.slice(2);
const set = JSON.parse(readFileSync(reportPath, 'utf8')) as ReportSet;
const inCorpus = (file: string): string => file.slice(file.search(/(keras-files|tfjs-json)\//));
const reports = new Map(set.reports.map((report) => [inCorpus(report.file), report]));
const skipped = new Map(set.skipped.map(({ file, reason }) => [inCorpus(file), reason]));
const judged = new Map<string, string[]>();
const counts = new Map<string, number>();

const rows = [
  ...MODELS.map(({ file, parameters }) => {
    const report = reports.get(file);
    if (report?.parameters.total !== parameters) throw new Error(`${file}: not ${parameters} parameters`);
    const findings = report.findings.map(({ rule, severity, layer, message }) => {
      const verdict = VERDICTS.find(([id, part]) => id === rule && file.includes(part));
      if (verdict === undefined) throw new Error(`${file}: nobody has judged ${rule} at ${layer}`);
      counts.set(severity, (counts.get(severity) ?? 0) + 1);
      const head = `**${rule}** (${severity}): ${verdict[2]}`;
      judged.set(head, [...(judged.get(head) ?? []), `\`${layer}\` of ${file}: “${message}”`]);
      return `${rule} (${severity}) at ${layer}`;
    });
    const { batch, seeds } = report.plan;
    const seconds = (report.run.elapsedMs / 1000).toFixed(1);
    return `| ${file} | ${report.format} | ${report.layers.length} | ${parameters} | ${batch} × ${seeds.length} | ${seconds} | ${findings.join('; ') || 'none'} |`;
  }),
  ...SKIPPED.map(([file]) => {
    const reason = skipped.get(file);
    if (reason === undefined) throw new Error(`${file} is not skipped`);
    return `| ${file} | skipped | | | | | ${reason.split(':')[0] ?? ''} |`;
  }),
];
const total = SEVERITIES.map((severity) => `${counts.get(severity) ?? 0} × ${severity}`).join(', ');
const text = `# The corpus, file by file

Written by \`tests/corpus/corpusTable.ts\` from one run of \`initscope inspect ../shared/corpus --json\` with the plan's own batch and
seeds. Parameters equal Keras 2's own counts (TF.js's for the files that TF.js wrote); ${MODELS.length} reports, ${SKIPPED.length} skipped
lines, ${set.errors.length} errors. Seconds are wall time of one run on two shared cores: upper bounds. \`tests/corpus/readers.test.ts\` holds
the files, counts and findings.

| File | Format | Layers | Parameters | Batch × seeds | Seconds | Findings |
| - | - | - | - | - | - | - |
${rows.join('\n')}

## Are the findings right?

${total}. A warning here would need a defence; there is none.
Every information and hint was checked against its file:

${[...judged].map(([head, places]) => [`- ${head}`, ...places.map((place) => `  - ${place}`)].join('\n')).join('\n')}

None of them is wrong in what it says. The least useful are the mismatch hints at first convolutions: true of nearly every Keras
default, they stay hints (rules.md: “alone a hint”), end in “nothing measured suffers from it”, and are left out of \`--fail-on\`.
Two findings were wrong and are gone: feature maps exported beside a prediction were taken for heads and given its loss
(\`initial-loss\` at \`conv_1\`), and layers before such outputs were exempt as heads.
`;
writeFileSync(join(process.env['INITSCOPE_ROOT'] ?? '.', 'docs/corpus-table.md'), text);
console.log(`${rows.length} rows, ${total}`);
