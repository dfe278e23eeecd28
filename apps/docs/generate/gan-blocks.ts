import { cited, plain, table } from './markdown.js';
import { anchor, optionSections } from './parts.js';
import { registries } from './registries.js';

/** Every model. */
export function modelTable(): string {
  return table(
    ['model', 'what it is', 'reference'],
    registries.models.map(({ name, about, reference }) => [anchor(name), plain(about), cited(reference)]),
  );
}

/** A section for each model, with its options. */
export function modelSections(): string {
  return optionSections(registries.models);
}

/** Every loss. */
export function lossTable(): string {
  return table(
    ['loss', 'what it is', 'assumes', 'zero-sum', 'reference'],
    registries.losses.map(({ name, about, assumptions, zeroSum, reference }) => [
      anchor(name),
      plain(about),
      plain(assumptions),
      zeroSum ? 'yes' : 'no',
      cited(reference),
    ]),
  );
}

/** A section for each loss, with its options. */
export function lossSections(): string {
  return optionSections(registries.losses);
}

/** Every penalty. */
export function penaltyTable(): string {
  return table(
    ['penalty', 'what it asks for', 'what it adds', 'reference'],
    registries.penalties.map(({ name, about, formula, reference }) => [
      anchor(name),
      plain(about),
      plain(formula),
      cited(reference),
    ]),
  );
}

/** A section for each penalty, with its options. */
export function penaltySections(): string {
  return optionSections(registries.penalties);
}
