import { h } from '../shared/dom.ts';
import { histogram } from '../shared/histogram.ts';
import { shownLayers } from '../shared/metrics.ts';
import type { Tab, TabContext } from './reportView.ts';

/** Small multiples: pre-activation, gradient and weight histograms of each layer, drawn when they come into view. */
export function distributions(context: TabContext): Tab {
  const cards = new Map<string, HTMLElement>();
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      target.dispatchEvent(new Event('show'));
    }
  });
  for (const layer of shownLayers(context.report)) {
    const { preActivation, activation, gradient, weight } = layer.distributions ?? {};
    const signal = preActivation ?? activation;
    const card = h(
      'section',
      { class: 'multiple', 'aria-label': layer.id },
      h('button', { class: 'link', type: 'button', onclick: () => context.choose(layer.id) }, layer.id),
    );
    card.addEventListener('show', () => {
      const cut = preActivation !== undefined && layer.activation === 'relu' ? 0 : undefined;
      const picture = (title: string, svg: HTMLElement) => h('figure', {}, h('figcaption', {}, title), svg);
      card.append(
        ...[
          signal &&
            picture(preActivation ? 'pre-activation' : 'activation', histogram(signal, 'forward', cut)),
          gradient && picture('gradient', histogram(gradient, 'backward')),
          weight && picture('weights', histogram(weight, 'weight')),
        ].filter((part) => part !== undefined),
      );
    });
    observer.observe(card);
    cards.set(layer.id, card);
  }
  return {
    element: h('div', { class: 'multiples' }, ...cards.values()),
    select: (id) => {
      cards.forEach((card, layer) => card.classList.toggle('on', layer === id));
      cards.get(id)?.scrollIntoView({ block: 'nearest' });
    },
    destroy: () => observer.disconnect(),
  };
}
