import { InputError, formatSpec, type Data, type Spec } from '@stillpoint/operators';

/** A step size, a schedule or a list of these, divided. Of a schedule only the sizes are divided. */
function divided(value: Data, by: number): Data {
  if (typeof value === 'number') return value / by;
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((entry: Data) => divided(entry, by));
  const sizes = ['from', 'to'];
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, sizes.includes(key) ? divided(entry, by) : entry]),
  );
}

const hasStep = ({ inner, options }: Spec): boolean =>
  options['stepSize'] !== undefined || inner.some(hasStep);

/**
 * A spec with every step size divided by 2^times, those of methods inside included. The spec must state its
 * step sizes, as `specOf` of a built method does. @throws InputError if it has none.
 */
export function halvedSpec(spec: Spec, times: number): Spec {
  if (!hasStep(spec))
    throw new InputError(
      `${formatSpec(spec)} has no step size that could be halved; expected stop, skip or back after a value that is not finite`,
    );
  const halved = ({ name, inner, options }: Spec): Spec => ({
    name,
    inner: inner.map(halved),
    options: Object.fromEntries(
      Object.entries(options).map(([key, value]) => [
        key,
        key === 'stepSize' ? divided(value, 2 ** times) : value,
      ]),
    ),
  });
  return halved(spec);
}
