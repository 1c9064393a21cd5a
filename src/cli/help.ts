/** What `initscope --help` prints. */
export const HELP = `initscope: inspects a neural network's initialization before the first training step

  initscope inspect FILE|FOLDER|GLOB…   build, run forward and backward, judge, advise
  initscope fix FILE                    write the proven advice into the file
  initscope compare FILE                every sensible initializer on this model, ranked
  initscope probe FILE                  train briefly from each initialization and compare
  initscope scan FILE                   a coordinate check (μP): sizes of activations and updates over width
  initscope explain RULE                what a rule means, why, and how to repair it
  initscope rules [--json]              all rules
  initscope server --stdio              the language server, for any editor
  initscope --version | --help

Reads Keras 1, 2 and 3 JSON, TensorFlow.js layers-models (model.json), .keras and .h5; JavaScript,
TypeScript and HTML sources that build TensorFlow.js models (run in a sandbox); and Python files
that build PyTorch or Keras models (run in your own interpreter).
Folders honour .gitignore; files that are no model are passed over.

inspect, fix
  --input-shape [NAME=]28,28,1   sizes the file leaves open, without the batch (may be repeated)
  --semantics keras2|keras3|tfjs whose defaults and distributions apply, when the file does not say
  --loss NAME                    the loss, when the file does not name one
  --model NAME                   only this model of the file
  --data FILE  --labels FILE     your .npy, .npz or .csv rows instead of random inputs (--data may be repeated,
                                 NAME=FILE for one of several inputs; also compare, probe)
  --start fresh|saved|both       draw weights, or take those in the file, or both (default fresh)
  --seeds N  --batch N           instead of what is planned from the model's size
  --budget SECONDS               work allowed per model, on a nominal machine (default 60)
  --backend auto|tensorflow|wasm|cpu|python   (python: Keras files in their own Keras)
  --select RULES  --ignore RULES comma-separated rule ids
  --config FILE                  instead of the nearest initscope.json upwards
  --python PATH                  interpreter for Python files (default: the active environment, .venv)
  --executor ray[=ADDRESS]       Python files: seeds, widths, initializers and files on a Ray cluster (pip install ray);
                                 without an address one on this machine, of --workers N
  --executor torchrun=RANKS      PyTorch files: each model spread over so many processes by FSDP2 (PyTorch ≥ 2.6)
  --param NAME=VALUE             a value that a source does not say (may be repeated)
  --workers N                    processes to spread seeds over; never changes a number
  --no-cache                     measure again what was measured before

inspect
  --json | --sarif | --markdown  instead of text      --output PATH  into a file
  --html PATH                    also one page to open in any browser, offline
  --list-models                  the models of a file with their lines, nothing is measured
  --predict-only                 theory alone, in milliseconds, nothing is run
  --baseline FILE                an earlier --json report: what it has is not reported again
  --fail-on error|warning|never  from which severity on the exit code is 1 (default error)
  --quiet                        verdicts and findings only
  --all-layers                   every layer of a deep model

compare, probe
  --json | --markdown | --csv    --output PATH (compare: --csv)
  --steps N                      steps of each training of a probe (default 200; --seeds: default 3)
  --with START,…                 other starting points to train from, by the ids that compare --json gives

scan
  --width 0.5,1,2,4              factors of the width, sorted (these are the default)
  --param-name NAME[,NAME]       the width in a source, a number under that name (default: found when it is the
                                 only one that widens the layers; model files vary every hidden layer)
  --optimizer adam|sgd  --rate R --steps N   the steps whose update is told (default adam, 0.001, 3; sgd 0.01)
  --json | --csv | --markdown    --output PATH  (--seeds: default 5)

fix
  --rule RULE  --layer NAME      only advice of this rule, for this layer; what is only information is
                                 written when its rule is named, warnings and errors always
  --diff | --write               show the change (default), or write it

Exit codes: 0 nothing found · 1 findings, or fix --diff would change something · 2 a named file
could not be inspected, or bad usage · 3 a fault of ours · 130 interrupted.
Environment: NO_COLOR, FORCE_COLOR, INITSCOPE_DEBUG=1 (stack traces of faults).
`;

/** What `initscope COMMAND --help` prints: its line and the options of every section that is about it; all of it for a command without options. */
export function helpFor(command: string): string {
  const [title = '', commands = '', , ...sections] = HELP.split('\n\n');
  const line = commands.split('\n').find((each) => each.trim().startsWith(`initscope ${command} `)) ?? '';
  const own = sections.filter((section) => section.split('\n')[0]?.split(', ').includes(command));
  const [codes = ''] = sections.slice(-1);
  return own.length === 0 ? HELP : [title, line, ...own, codes].join('\n\n');
}
