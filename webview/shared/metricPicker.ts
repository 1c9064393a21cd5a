import { fill, h } from './dom.ts';
import type { Host } from './host.ts';
import { METRICS, metricOf, type Metric } from './metrics.ts';

/** The choice of a metric. */
export interface MetricPicker {
  readonly element: HTMLElement;
  readonly metric: Metric;
  /** Shows a metric as long as nobody has chosen one. */
  suggest(metric: Metric): void;
}

/** A row of radio buttons for the metric shown; arrow keys move, the choice survives. */
export function metricPicker(host: Host, changed: (metric: Metric) => void): MetricPicker {
  let metric = metricOf(host.state['metric']);
  const element = h('div', { class: 'picker', role: 'radiogroup', 'aria-label': 'metric' });
  const pick = (next: Metric) => {
    metric = next;
    host.saveState({ metric: next.id });
    draw();
    changed(next);
  };
  const draw = () =>
    fill(
      element,
      ...METRICS.map((each) =>
        h(
          'button',
          {
            type: 'button',
            role: 'radio',
            class: 'tab',
            'aria-checked': String(each === metric),
            tabindex: each === metric ? 0 : -1,
            title: each.explain,
            onclick: () => pick(each),
          },
          each.title,
        ),
      ),
    );
  element.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    const next = METRICS[(METRICS.indexOf(metric) + (step ?? 0) + METRICS.length) % METRICS.length];
    if (step === undefined || next === undefined) return;
    pick(next);
    element.querySelector<HTMLElement>('[aria-checked=true]')?.focus();
  });
  draw();
  return {
    element,
    get metric() {
      return metric;
    },
    suggest: (wanted) => {
      if (host.state['metric'] !== undefined || wanted === metric) return;
      metric = wanted;
      draw();
    },
  };
}
