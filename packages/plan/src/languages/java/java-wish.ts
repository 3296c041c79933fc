import type { RuntimeWish } from '../../plan/build-plan.js';
import { textOf } from '../../source/manifest.js';
import { linesOf, trimmed } from '../../source/plain-text.js';
import type { SourceTree } from '../../source/source-tree.js';
import { setting } from '../environment.js';
import type { Environment } from '../provider.js';

const POM = 'pom.xml';
const BUILD_FILES = ['build.gradle', 'build.gradle.kts'] as const;
/** What a pom compiles for, the most telling first. */
const POM_VERSIONS = [
  /<maven\.compiler\.release>\s*([0-9.]+)\s*</,
  /<java\.version>\s*([0-9.]+)\s*</,
  /<maven\.compiler\.target>\s*([0-9.]+)\s*</,
  /<maven\.compiler\.source>\s*([0-9.]+)\s*</,
  /<release>\s*([0-9.]+)\s*</,
  /<target>\s*([0-9.]+)\s*</,
] as const;
/** A toolchain of Gradle is exact. */
const GRADLE_TOOLCHAIN = /(?:JavaLanguageVersion\.of|jvmToolchain)\s*\(\s*"?([0-9]+)/;
const GRADLE_VERSIONS = [
  /(?:target|source)Compatibility\s*=?\s*\(?\s*['"]?([0-9.]+)/,
  /JavaVersion\.VERSION_([0-9_]+)/,
  /\brelease\s*(?:=|\.set\()\s*([0-9]+)/,
] as const;

/** Which JDK the source asks for: what it compiles for is a lower bound, a file that names a toolchain is exact. */
export function javaWish(
  source: SourceTree,
  env: Environment,
  tool: 'maven' | 'gradle' | 'sbt',
): readonly RuntimeWish[] {
  const variable = setting(env, 'JDK_VERSION');
  if (variable !== undefined) return [wish(variable, 'NIXPACKS_JDK_VERSION')];
  const found = fromFiles(source) ?? FROM_BUILD[tool](source);
  return found === undefined ? [] : [found];
}

const FROM_BUILD = { maven: fromPom, gradle: fromGradle, sbt: () => undefined } as const;

const wish = (version: string, from: string): RuntimeWish => ({ name: 'java', version, from });

function fromFiles(source: SourceTree): RuntimeWish | undefined {
  const file = trimmed(linesOf(textOf(source, '.java-version'))[0] ?? '');
  if (/[0-9]/.test(file)) return wish(file, '.java-version');
  const heroku = /^java\.runtime\.version\s*[=:]\s*(\S+)/m.exec(
    textOf(source, 'system.properties'),
  )?.[1];
  return heroku === undefined ? undefined : wish(heroku, 'system.properties');
}

function fromPom(source: SourceTree): RuntimeWish | undefined {
  const pom = textOf(source, POM).replace(/<!--[^]*?-->/g, '');
  const version = firstMatch(pom, POM_VERSIONS);
  return version === undefined ? undefined : wish(`>=${version}`, POM);
}

function fromGradle(source: SourceTree): RuntimeWish | undefined {
  const file = BUILD_FILES.find((each) => source.has(each));
  if (file === undefined) return undefined;
  const text = textOf(source, file);
  const exact = GRADLE_TOOLCHAIN.exec(text)?.[1];
  if (exact !== undefined) return wish(exact, file);
  const version = firstMatch(text, GRADLE_VERSIONS)?.replaceAll('_', '.');
  return version === undefined ? undefined : wish(`>=${version}`, file);
}

const firstMatch = (text: string, patterns: readonly RegExp[]): string | undefined =>
  patterns.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
