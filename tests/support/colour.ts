/** Red, green and blue in [0, 1], as sRGB writes them. */
export type Colour = readonly [red: number, green: number, blue: number];

type Matrix = readonly [Colour, Colour, Colour];

/** The eyes a colour may be seen with. */
export type Eyes = 'usual' | 'protan' | 'deutan' | 'tritan';

/**
 * Full protanopia, deuteranopia and tritanopia on linear light: Machado, Oliveira and Fernandes, "A physiologically-based model for
 * simulation of color vision deficiency" (2009), severity 1.
 */
const BLIND: Readonly<Record<Exclude<Eyes, 'usual'>, Matrix>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Linear sRGB to CIE XYZ, white D65 (IEC 61966-2-1), each row divided by the white's value. */
const XYZ: Matrix = [
  [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339 / 1.08883, 0.119192 / 1.08883, 0.9503041 / 1.08883],
];

const each = (colour: Colour, of: (value: number) => number): Colour => [
  of(colour[0]),
  of(colour[1]),
  of(colour[2]),
];
const times = ([a, b, c]: Matrix, [x, y, z]: Colour): Colour => {
  const row = ([p, q, r]: Colour) => p * x + q * y + r * z;
  return [row(a), row(b), row(c)];
};
const linear = (colour: Colour) =>
  each(colour, (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
const written = (colour: Colour) =>
  each(colour, (v) => {
    const light = Math.min(1, Math.max(0, v));
    return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  });

/** `#1a85ff` or `#ccc` as a colour. Throws on anything else. */
export function hex(text: string): Colour {
  const digits = /^#([\da-f]{6}|[\da-f]{3})$/i.exec(text)?.[1];
  if (digits === undefined) throw new Error(`no colour: ${text}`);
  const long = digits.length === 6 ? digits : digits.replace(/./g, '$&$&');
  const part = (at: number) => parseInt(long.slice(at, at + 2), 16) / 255;
  return [part(0), part(2), part(4)];
}

/** A colour of some opacity on another one. */
export function over(front: Colour, back: Colour, opacity: number): Colour {
  const mix = (at: 0 | 1 | 2) => opacity * front[at] + (1 - opacity) * back[at];
  return [mix(0), mix(1), mix(2)];
}

/** WCAG 2.2's contrast ratio, from 1 to 21. */
export function contrast(a: Colour, b: Colour): number {
  const luminance = (colour: Colour) => times(XYZ, linear(colour))[1];
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** A colour as these eyes see it. */
export function seenBy(eyes: Eyes, colour: Colour): Colour {
  return eyes === 'usual' ? colour : written(times(BLIND[eyes], linear(colour)));
}

/** CIE 1976 distance in L*a*b*: 2.3 is just noticeable, black and white are 100 apart. */
export function difference(a: Colour, b: Colour): number {
  const lab = (colour: Colour): Colour => {
    const [x, y, z] = each(times(XYZ, linear(colour)), (v) =>
      v > (6 / 29) ** 3 ? Math.cbrt(v) : v / (3 * (6 / 29) ** 2) + 4 / 29,
    );
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}
