import { h } from '../shared/dom.ts';
import { svgPicture } from '../shared/picture.ts';
import { saveFile } from './saveFile.ts';
import type { TabContext } from './tab.ts';

/** The button that saves a chart as a picture at twice its size. */
export function pictureButton(
  context: TabContext,
  name: string,
  draw: () => string | Promise<string>,
): HTMLElement {
  const problem = h('span', { class: 'failed', role: 'status' });
  const save = () => {
    problem.textContent = '';
    Promise.resolve()
      .then(draw)
      .then((data) => saveFile(context, 'png', `${context.report.model}.${name}`, data))
      .catch((error: unknown) => {
        problem.textContent = error instanceof Error ? error.message : String(error);
      });
  };
  return h(
    'span',
    {},
    h('button', { type: 'button', class: 'quiet', onclick: save }, 'Save picture'),
    problem,
  );
}

/** The same for a drawing in SVG. */
export function drawingButton(context: TabContext, name: string, drawing: SVGElement): HTMLElement {
  return pictureButton(context, name, () => svgPicture(drawing));
}
