const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function superscript(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPTS[Number(digit)] ?? '');
  return (exponent < 0 ? '⁻' : '') + digits.join('');
}

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(?:\d{3})+$)/g, ' ') : whole;
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

/** Without trailing zeros of the fraction. */
function trimmed(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

function finite(size: number, digits: number): string {
  const [mantissa = '0', power = '0'] = size.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  if (exponent >= -3 && exponent < 6) {
    const decimals = Math.max(0, digits - 1 - exponent);
    return grouped(trimmed(Number(`${mantissa}e${exponent}`).toFixed(decimals)));
  }
  const short = trimmed(Number(mantissa).toFixed(Math.min(1, digits - 1)));
  return short === '10' ? `1·10${superscript(exponent + 1)}` : `${short}·10${superscript(exponent)}`;
}

/**
 * The one way a number is shown to a person: `0.0727`, `12.5`, `20 000`, `3.7·10⁻⁴`, `NaN`, `∞`, `−∞`, `0` (also for −0).
 * Three significant digits between 10⁻³ and 10⁶, two with a power of ten outside.
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size === Infinity ? '∞' : finite(size, digits);
  return value < 0 ? `−${text}` : text;
}

/** A share in [0, 1] as `40 %`; never rounds a share that is not whole to `0 %` or `100 %`. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return formatNumber(share);
  if (share < 0) return `−${formatShare(-share)}`;
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent > 99.9 && percent < 100) return '>99.9 %';
  const near = percent < 10 || (percent > 99 && percent < 100);
  return `${trimmed(percent.toFixed(near ? 1 : 0))} %`;
}

/** A ratio as people say it: `20 000×`; below one it is the inverse with a slash, `1/20`, below 10⁻⁶ `3·10⁻⁹×`. */
export function formatRatio(ratio: number): string {
  if (ratio > 1e-6 && ratio < 0.95) return `1/${formatNumber(1 / ratio)}`;
  return `${formatNumber(ratio)}×`;
}

/** A whole number with its digits grouped: `25 636 712`. */
export function formatCount(count: number): string {
  return Number.isInteger(count) ? grouped(String(count)) : formatNumber(count);
}

/** A quantity in its unit, as findings carry it: shares in per cent, ratios with ×, the rest as numbers. */
export function formatInUnit(value: number, unit: string): string {
  if (unit === 'share') return formatShare(value);
  if (unit === 'ratio') return formatRatio(value);
  return unit === '' || unit === 'rms' ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}
