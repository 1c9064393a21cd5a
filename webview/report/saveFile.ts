import type { Report } from '../../src/model/report.ts';
import { h } from '../shared/dom.ts';
import type { Host } from '../shared/host.ts';
import type { TabContext } from './tab.ts';

const TYPE = { csv: 'text/csv', png: 'image/png' } as const;

/** Gives a person what the view made: VS Code asks where to, an exported page downloads it. Rejects with the reason why it was not written. */
export async function saveFile(
  { host, report }: Pick<TabContext, 'host' | 'report'>,
  format: keyof typeof TYPE,
  name: string,
  data: string,
): Promise<void> {
  if (host.connected) {
    await host.request('export', { model: report.modelId, format, data, name });
    return;
  }
  const href = format === 'png' ? data : URL.createObjectURL(new Blob([data], { type: TYPE[format] }));
  h('a', { href, download: `${name}.${format}` }).click();
}

/** The whole report in other formats, which the host writes. */
export function exportButtons(report: Report, host: Host): HTMLElement {
  const problem = h('span', { class: 'failed', role: 'status' });
  const button = (title: string, format: 'html' | 'json' | 'markdown') =>
    h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        onclick: () => {
          problem.textContent = '';
          host.request('export', { model: report.modelId, format }).catch((error: unknown) => {
            problem.textContent = error instanceof Error ? error.message : String(error);
          });
        },
      },
      title,
    );
  return h(
    'div',
    { class: 'buttons' },
    h('span', { class: 'dim' }, 'Export'),
    button('HTML', 'html'),
    button('JSON', 'json'),
    button('Markdown', 'markdown'),
    problem,
  );
}
