import { Enums, Models, SPDX } from '@cyclonedx/cyclonedx-library';
import type { Licence } from '../package-graph.js';

/** A list of licences, or one expression: the format allows no mixture. */
export function cyclonedxLicences(licences: readonly Licence[]): Models.License[] {
  const [first] = licences;
  if (licences.length === 1 && first?.kind === 'expression') return [expression(first.expression)];
  if (!licences.some((licence) => licence.kind === 'expression'))
    return licences.map((licence) => single(licence));
  const texts = licences.map(textOf);
  // All apply together. With a licence that is only a name there is no expression; every text becomes a name.
  if (licences.some((licence) => licence.kind === 'name')) return texts.map((text) => named(text));
  return [expression(texts.map((text) => (text.includes(' ') ? `(${text})` : text)).join(' AND '))];
}

function textOf(licence: Licence): string {
  if (licence.kind === 'id') return licence.id;
  return licence.kind === 'expression' ? licence.expression : licence.name;
}

/** Identifiers that are younger than the schema's list are not valid in it; they stay as names. */
const single = (licence: Licence): Models.License =>
  licence.kind === 'id' && SPDX.isSupportedSpdxId(licence.id)
    ? known(licence.id)
    : named(textOf(licence));

const DECLARED = Enums.LicenseAcknowledgement.Declared;

function known(id: ConstructorParameters<typeof Models.SpdxLicense>[0]): Models.SpdxLicense {
  return new Models.SpdxLicense(id, { acknowledgement: DECLARED });
}

const named = (name: string): Models.NamedLicense =>
  new Models.NamedLicense(name, { acknowledgement: DECLARED });

function expression(text: string): Models.LicenseExpression {
  const licence = new Models.LicenseExpression(text);
  licence.acknowledgement = DECLARED;
  return licence;
}
