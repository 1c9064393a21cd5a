/** The properties of a drawing that come from the stylesheet. */
const STYLES = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity'],
  ...['opacity', 'font-size', 'font-family', 'font-weight', 'text-anchor'],
];

/** A drawing as a PNG at twice its size on the page's background, as a data URL. Rejects when the browser cannot draw it. */
export async function svgPicture(svg: SVGElement): Promise<string> {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, index) => {
    const original = originals[index];
    if (original === undefined) return;
    const style = getComputedStyle(original);
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute('class');
  });
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return canvasPicture(width * 2, height * 2, (pen) => pen.drawImage(image, 0, 0, width * 2, height * 2));
}

/** A PNG of this size, drawn on the page's background. */
export function canvasPicture(
  width: number,
  height: number,
  draw: (pen: CanvasRenderingContext2D) => void,
): string {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width);
  canvas.height = Math.round(height);
  const pen = canvas.getContext('2d');
  if (pen !== null) {
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    draw(pen);
  }
  return canvas.toDataURL('image/png');
}
