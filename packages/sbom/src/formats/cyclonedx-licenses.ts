import { Enums, Models, SPDX } from '@cyclonedx/cyclonedx-library';
import type { License } from '../package-graph.js';

/** A list of licenses, or one expression: the format allows no mixture. */
export function cyclonedxLicenses(licenses: readonly License[]): Models.License[] {
  const [first] = licenses;
  if (licenses.length === 1 && first?.kind === 'expression') return [expression(first.expression)];
  if (!licenses.some((license) => license.kind === 'expression'))
    return licenses.map((license) => single(license));
  const texts = licenses.map(textOf);
  // All apply together. With a license that is only a name there is no expression; every text becomes a name.
  if (licenses.some((license) => license.kind === 'name')) return texts.map((text) => named(text));
  return [expression(texts.map((text) => (text.includes(' ') ? `(${text})` : text)).join(' AND '))];
}

function textOf(license: License): string {
  if (license.kind === 'id') return license.id;
  return license.kind === 'expression' ? license.expression : license.name;
}

/** Identifiers that are younger than the schema's list are not valid in it; they stay as names. */
const single = (license: License): Models.License =>
  license.kind === 'id' && SPDX.isSupportedSpdxId(license.id)
    ? known(license.id)
    : named(textOf(license));

const DECLARED = Enums.LicenseAcknowledgement.Declared;

function known(id: ConstructorParameters<typeof Models.SpdxLicense>[0]): Models.SpdxLicense {
  return new Models.SpdxLicense(id, { acknowledgement: DECLARED });
}

const named = (name: string): Models.NamedLicense =>
  new Models.NamedLicense(name, { acknowledgement: DECLARED });

function expression(text: string): Models.LicenseExpression {
  const license = new Models.LicenseExpression(text);
  license.acknowledgement = DECLARED;
  return license;
}
