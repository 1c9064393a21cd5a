import type { InspectProgress } from '../inspect/request.ts';
import { displayWidth } from '../report/table.ts';
import { withoutControls } from '../report/withoutControls.ts';
import type { Io } from './io.ts';

const PHASE: Readonly<Record<InspectProgress['phase'], string>> = {
  read: 'reading',
  measure: 'measuring',
  twin: 'measuring the same net, well initialized',
  advice: 'measuring advice',
  probe: 'training',
};

/** One line on a terminal that is overwritten and taken away; nothing anywhere else. */
interface ProgressLine {
  show(file: string, progress: InspectProgress): void;
  clear(): void;
}

/** The progress line of a call; silent unless standard error is a terminal. */
export function progressLine(io: Io, quiet: boolean): ProgressLine {
  let shown = false;
  const enabled = io.errIsTerminal && !quiet;
  const clear = () => {
    if (shown) io.err('\r\u001b[K');
    shown = false;
  };
  return {
    show: (file, { phase, done, total, model, layer, note }) => {
      if (note !== undefined && !quiet) {
        clear();
        io.err(`${withoutControls(`${file}: ${note}`)}\n`);
      }
      if (!enabled) return;
      const what = [file, model, PHASE[phase], total > 0 ? `${done}/${total}` : undefined, layer];
      const text = withoutControls(what.filter((part) => part !== undefined).join(' · '));
      const cut = displayWidth(text) > 78 ? `${Array.from(text).slice(0, 77).join('')}…` : text;
      io.err(`\r\u001b[K${cut}`);
      shown = true;
    },
    clear,
  };
}
