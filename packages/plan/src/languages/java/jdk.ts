import { setting } from '../environment.js';
import type { Decision } from '../../plan/explanation.js';
import { planFault, textOf } from '../../source/manifest.js';
import { parseInteger } from '../../source/plain-text.js';
import type { Environment, PlanContext } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

/** Packages by version. Origin: nixpacks 1.41.0 (2025). */
export const JDK_PACKAGES: ReadonlyMap<number, string> = new Map([
  [21, 'jdk21'],
  [20, 'jdk20'],
  [19, 'jdk'],
  [17, 'jdk17'],
  [11, 'jdk11'],
  [8, 'jdk8'],
]);
export const GRADLE_PACKAGES: ReadonlyMap<number, string> = new Map([
  [8, 'gradle'],
  [7, 'gradle_7'],
  [6, 'gradle_6'],
  [5, 'gradle_5'],
  [4, 'gradle_4'],
]);
export const DEFAULT_JDK = 17;
export const DEFAULT_GRADLE = 8;

export const WRAPPER_PROPERTIES = 'gradle/wrapper/gradle-wrapper.properties';
/** The version in the wrapper's download address, e.g. `8.10` of `…/gradle-8.10-all.zip`. */
const DISTRIBUTION = /distributionUrl[^\n\s][^\n]*[gradle]-([0-9.|]*)/;

/** Up to three parts; the first may be empty, which no package fits. */
const VERSION = /^([0-9]*)\.*[0-9]*(?:\.+[0-9]*)?$/;

type Choice = Decision & { readonly choice: string };

type Toolchain = Pick<PlanContext, 'toolchain'>;

/** Versions that nixpkgs does not have are refused for Nix alone. */
const decides = ({ toolchain = 'nix' }: Toolchain): boolean => toolchain !== 'nix';

/** The Gradle package; its major version decides the JDK. UserError for a version that has none. */
export function gradlePackage(
  source: SourceTree,
  env: Environment,
  context: Toolchain,
): Choice & { readonly major: number } {
  const [because, major] = gradleMajor(source, env);
  const choice = GRADLE_PACKAGES.get(major) ?? (decides(context) ? 'gradle' : undefined);
  if (choice !== undefined) return { subject: 'gradle version', choice, because, major };
  throw planFault({
    message: `Unsupported Gradle version: ${major}`,
    hint: `Use one of ${[...GRADLE_PACKAGES.keys()].join(', ')}.`,
    file: because,
  });
}

function gradleMajor(
  source: SourceTree,
  env: Environment,
): readonly [because: string, major: number] {
  const variable = setting(env, 'GRADLE_VERSION');
  if (variable !== undefined)
    return ['NIXPACKS_GRADLE_VERSION', integer(variable, 'NIXPACKS_GRADLE_VERSION')];
  const found = DISTRIBUTION.exec(textOf(source, WRAPPER_PROPERTIES))?.[1];
  const major = VERSION.exec(found ?? '-')?.[1];
  return major === undefined
    ? ['the default', DEFAULT_GRADLE]
    : [WRAPPER_PROPERTIES, Number(major)];
}

/** The JDK package for a Gradle major version, or for none. UserError for a version that has none. */
export function jdkPackage(
  env: Environment,
  gradle: number | undefined,
  context: Toolchain,
): Choice {
  const [because, version] = jdkVersion(env, gradle);
  const choice = JDK_PACKAGES.get(version) ?? (decides(context) ? 'jdk' : undefined);
  if (choice !== undefined) return { subject: 'JDK', choice, because };
  throw planFault({
    message: `Unsupported JDK version: ${version}`,
    hint: `Use one of ${[...JDK_PACKAGES.keys()].join(', ')}.`,
    file: because,
  });
}

function jdkVersion(
  env: Environment,
  gradle: number | undefined,
): readonly [because: string, version: number] {
  const variable = setting(env, 'JDK_VERSION');
  if (variable !== undefined)
    return ['NIXPACKS_JDK_VERSION', integer(variable, 'NIXPACKS_JDK_VERSION')];
  if (gradle === 6) return ['Gradle 6', 11];
  if (gradle !== undefined && gradle <= 5) return [`Gradle ${gradle}`, 8];
  return ['the default', DEFAULT_JDK];
}

/** A version that a variable gives. */
export function integer(text: string, variable: string): number {
  const value = parseInteger(text);
  if (value !== undefined) return value;
  throw planFault({
    message: `${variable} is not a version: "${text}"`,
    hint: 'Give the major version as a number.',
    file: variable,
  });
}
